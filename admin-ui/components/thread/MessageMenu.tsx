import { MenuItem } from "@/components/common/MenuItem";
import { Popup } from "@/components/common/Popup";
import classes from "@/components/thread/MessageMenu.module.css";
import { messageTexts } from "@/lib/message-texts";
import type { Message } from "@/lib/models";

/** The six that WhatsApp itself offers first. */
const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

interface MessageMenuProps {
  message: Message;
  onReact: (emoji: string) => void;
  onReply: () => void;
  isTabStop: boolean;
  onFocus: () => void;
}

/** What can be done with a message. Only what a customer sent takes a reaction. */
export function MessageMenu({ message, onReact, onReply, isTabStop, onFocus }: MessageMenuProps) {
  const own = message.reactions.find((reaction) => reaction.sender_type === "admin")?.emoji;
  const isOnThePhone =
    message.kind !== "note" &&
    (message.sender_type === "user" || message.delivery === null || message.delivery.sent_at !== null);
  return (
    <div className={classes.menu}>
      <Popup
        label={messageTexts.menu(message.sender_name)}
        icon="more"
        tabIndex={isTabStop ? 0 : -1}
        onFocus={onFocus}
      >
        {message.sender_type === "user" && (
          <div className={classes.emojis}>
            {EMOJIS.map((emoji) => (
              <button
                key={emoji}
                type="button"
                className={classes.emoji}
                aria-label={emoji === own ? messageTexts.takeBack(emoji) : messageTexts.react(emoji)}
                aria-pressed={emoji === own}
                onClick={() => onReact(emoji === own ? "" : emoji)}
              >
                {emoji}
              </button>
            ))}
          </div>
        )}
        {isOnThePhone && <MenuItem icon="reply" label={messageTexts.reply} onChoose={onReply} />}
        {message.message && (
          <MenuItem
            icon="file"
            label={messageTexts.copy}
            onChoose={() => void navigator.clipboard?.writeText(message.message)}
          />
        )}
      </Popup>
    </div>
  );
}
