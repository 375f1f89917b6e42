import classes from "@/components/phone/Bubble.module.css";

/** The header says the same in words, and is read out. */
export function TypingDots() {
  return (
    <div className={classes.dots} aria-hidden>
      <span />
      <span />
      <span />
    </div>
  );
}
