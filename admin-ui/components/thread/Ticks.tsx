import classes from "@/components/thread/Ticks.module.css";
import type { Tick } from "@/lib/delivery";
import { tickFor } from "@/lib/delivery";
import type { DeliveryState } from "@/lib/models";
import { texts } from "@/lib/texts";

const DOUBLE = "m1.5 8.5 3.5 3.5L12 4.5M9.5 11.3l.8.7L17.3 4.5";

const PATHS: Record<Tick, string> = {
  clock: "M9 4.5V8l2.3 1.5M15 8A6 6 0 1 1 3 8a6 6 0 0 1 12 0Z",
  single: "m4 8.5 3.5 3.5 7-7.5",
  double: DOUBLE,
  "double-read": DOUBLE,
  failed: "M9 4.8v4m0 2.4v.1M15 8A6 6 0 1 1 3 8a6 6 0 0 1 12 0Z",
  unknown: "M9 4.8v4m0 2.4v.1M9 1.5 1.5 14.5h15L9 1.5Z",
};

/** How far an answer has come. The words are read aloud for all, and seen where nothing below says them. */
export function Ticks({ state }: { state: DeliveryState }) {
  const tick = tickFor(state);
  const isSpelledOut = tick === "failed"; // of what may have been sent, the reason below begins with that
  return (
    <span className={classes.ticks} data-tick={tick} title={texts.thread.delivery[state]}>
      <svg
        width="18"
        height="16"
        viewBox="0 0 18 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden
        focusable={false}
      >
        <path d={PATHS[tick]} />
      </svg>
      <span className={isSpelledOut ? undefined : "visually-hidden"}>{texts.thread.delivery[state]}</span>
    </span>
  );
}
