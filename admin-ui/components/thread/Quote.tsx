import classes from "@/components/thread/Bubble.module.css";
import { messageTexts } from "@/lib/message-texts";
import type { Message } from "@/lib/models";
import { threadTexts } from "@/lib/thread-texts";
import { plainTextOf } from "@/lib/whatsapp-format";

/** A message in one line: its words, or what kind of thing it is. */
export function summaryOf(message: Message): string {
  if (message.revoked_at !== null) return messageTexts.deleted;
  return plainTextOf(message.message) || messageTexts.kinds[message.kind];
}

/** What a message replies to; a click goes there. */
export function Quote(props: { quoted: Message | undefined; onJump: (messageId: number) => void }) {
  const { quoted, onJump } = props;
  if (!quoted) {
    return (
      <blockquote className={classes.quote}>
        <span className="visually-hidden">{threadTexts.quoted}</span>
        <span className={classes.quotedText}>{threadTexts.quotedMissing}</span>
      </blockquote>
    );
  }
  return (
    <button type="button" className={classes.quote} onClick={() => onJump(quoted.id)}>
      <span className="visually-hidden">{messageTexts.toQuoted}</span>
      <span className={classes.quotedSender}>
        {quoted.sender_type === "bot" ? threadTexts.bot : quoted.sender_name}
      </span>
      <span className={classes.quotedText}>{summaryOf(quoted)}</span>
    </button>
  );
}
