import classes from "@/components/composer/Composer.module.css";
import type { AnswerWindow } from "@/lib/answer-window";
import { composerTexts } from "@/lib/composer-texts";
import { duration } from "@/lib/relative-time";

/** How long the customer can still be written to freely. */
export function WindowNote({ window }: { window: AnswerWindow }) {
  switch (window.state) {
    case "none":
      return null;
    case "open":
      return <p className={classes.window}>{composerTexts.windowOpen(duration(window.left))}</p>;
    case "closing":
      return (
        <p className={classes.window} data-state="closing" role="status">
          {composerTexts.windowSoon(duration(window.left))}
        </p>
      );
    case "closed":
      return (
        <p className={classes.window} data-state="closed" role="status">
          {composerTexts.windowClosed}
        </p>
      );
  }
}
