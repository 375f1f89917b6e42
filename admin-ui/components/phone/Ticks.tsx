import classes from "@/components/phone/Ticks.module.css";
import type { PhoneMessage } from "@/lib/phone-client";
import { phoneTexts as texts } from "@/lib/phone-texts";

/** One tick: left the phone. Two: the business has it. Blue: the business has read it. */
export function Ticks({ status }: { status: PhoneMessage["status"] }) {
  const isDouble = status === "delivered" || status === "read" || status === "played";
  return (
    <svg
      className={classes.ticks}
      data-read={status === "read" || status === "played" || undefined}
      width={isDouble ? 17 : 13}
      height={12}
      viewBox={isDouble ? "0 0 17 12" : "0 0 13 12"}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      role="img"
      aria-label={texts.ticks[status]}
    >
      <path d="m1.5 6.5 3 3L11 2.5" />
      {isDouble && <path d="m8 9 .5.5 7-7" />}
    </svg>
  );
}
