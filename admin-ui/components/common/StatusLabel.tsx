import classes from "@/components/common/StatusLabel.module.css";
import type { TicketStatus } from "@/lib/models";
import { texts } from "@/lib/texts";

/** OPEN red, IN_PROGRESS yellow, RESOLVED green, CLOSED gray, and the word beside it. */
export function StatusLabel({ status }: { status: TicketStatus }) {
  return (
    <span className={classes.label} data-status={status}>
      {texts.status[status]}
    </span>
  );
}
