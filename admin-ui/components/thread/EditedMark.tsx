import classes from "@/components/thread/Bubble.module.css";
import { messageTexts } from "@/lib/message-texts";
import type { Message } from "@/lib/models";

/** That the words were changed after they were sent; opened, it shows the first ones. */
export function EditedMark({ message }: { message: Message }) {
  if (message.edited_at === null) return null;
  return (
    <details className={classes.edited}>
      <summary>{messageTexts.edited}</summary>
      <p className="visually-hidden">{messageTexts.original}</p>
      <p className={classes.original} dir="auto">
        {message.original_message}
      </p>
    </details>
  );
}
