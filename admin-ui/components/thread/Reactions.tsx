import classes from "@/components/thread/Bubble.module.css";
import type { useReact } from "@/hooks/useMessageActions";
import { messageTexts } from "@/lib/message-texts";
import type { Message } from "@/lib/models";
import { isLost } from "@/lib/opened-thread";

/** The emojis on a message. The desk's own is a button that takes it back. */
export function Reactions({ message, react }: { message: Message; react: ReturnType<typeof useReact> }) {
  if (message.reactions.length === 0 && !react.error) return null;
  return (
    <div className={classes.reactions}>
      {message.reactions.map(({ sender_type, sender_name, emoji }) => {
        const words = messageTexts.reactedWith(sender_name, emoji);
        return sender_type === "admin" ? (
          <button
            key={sender_type}
            type="button"
            className={classes.reaction}
            title={words}
            aria-label={messageTexts.takeBack(emoji)}
            onClick={() => react.mutate("")}
          >
            {emoji}
          </button>
        ) : (
          <span key={sender_type} className={classes.reaction} title={words}>
            <span className="visually-hidden">{words}</span>
            <span aria-hidden>{emoji}</span>
          </span>
        );
      })}
      {message.reactions.filter(isLost).map(({ emoji, delivery }) => (
        <p key={emoji} className={classes.problem}>
          {messageTexts.reactionLost(emoji, delivery?.error?.text)}
        </p>
      ))}
      {react.error && (
        <p className={classes.problem} role="alert">
          {react.error.message}
        </p>
      )}
    </div>
  );
}
