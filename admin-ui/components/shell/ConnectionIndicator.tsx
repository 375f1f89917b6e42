import classes from "@/components/shell/ConnectionIndicator.module.css";
import type { ConnectionState } from "@/lib/event-stream";
import { texts } from "@/lib/texts";

const LABELS: Record<ConnectionState, string> = {
  connecting: texts.shell.connecting,
  live: texts.shell.live,
  down: texts.shell.polling,
};

export function ConnectionIndicator({ state }: { state: ConnectionState }) {
  return (
    <span className={classes.indicator} data-state={state}>
      {LABELS[state]}
    </span>
  );
}
