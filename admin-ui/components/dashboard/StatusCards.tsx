import Link from "next/link";

import classes from "@/components/dashboard/StatusCards.module.css";
import { useStatusCounts } from "@/hooks/useNotifications";
import { countText } from "@/lib/list-texts";
import type { TicketCount } from "@/lib/models";
import { TICKET_STATUSES } from "@/lib/models";
import { texts } from "@/lib/texts";

export function StatusCards() {
  const counts = useStatusCounts();
  return (
    <ul className={classes.cards} aria-label={texts.dashboard.counts}>
      {TICKET_STATUSES.map((status) => (
        <li key={status}>
          <Link
            className={classes.card}
            data-status={status}
            href={{ pathname: "/support-tickets", query: { queue: "all", status } }}
          >
            <span className={classes.name}>{texts.status[status]}</span>
            <span className={classes.count}>
              <Count of={counts[status]} />
            </span>
            <span className={classes.meaning}>{texts.dashboard.statusMeaning[status]}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Count({ of }: { of: TicketCount | undefined }) {
  return of ? countText(of) : <span aria-label={texts.loading}>–</span>;
}
