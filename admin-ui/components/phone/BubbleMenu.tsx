import { MenuItem } from "@/components/common/MenuItem";
import { Popup } from "@/components/common/Popup";
import classes from "@/components/phone/BubbleMenu.module.css";
import type { PhoneMessage } from "@/lib/phone-client";
import { previewOf } from "@/lib/phone-preview";
import { phoneTexts as texts } from "@/lib/phone-texts";

/** The six that WhatsApp itself offers first. */
const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const WITH_WORDS = ["text", "image", "video", "document"];

interface Props {
  message: PhoneMessage;
  onReply: () => void;
  onReact: (emoji: string) => void;
  onEdit: () => void;
  onRemove: () => void;
}

/** What can be done with a message; only an own one can be edited and deleted. */
export function BubbleMenu({ message, onReply, onReact, onEdit, onRemove }: Props) {
  const isOwn = message.author === "customer";
  const given = message.reactions.customer;
  return (
    <div className={classes.menu}>
      <Popup label={texts.menu(previewOf(message))} icon="more">
        <div className={classes.emojis}>
          {EMOJIS.map((emoji) => (
            <button
              key={emoji}
              type="button"
              className={classes.emoji}
              aria-label={emoji === given ? texts.takeBack(emoji) : texts.react(emoji)}
              aria-pressed={emoji === given}
              onClick={() => onReact(emoji === given ? "" : emoji)}
            >
              {emoji}
            </button>
          ))}
        </div>
        <MenuItem icon="reply" label={texts.reply} onChoose={onReply} />
        {isOwn && WITH_WORDS.includes(message.type) && (
          <MenuItem icon="pen" label={texts.edit} onChoose={onEdit} />
        )}
        {isOwn && <MenuItem icon="cross" label={texts.remove} onChoose={onRemove} />}
      </Popup>
    </div>
  );
}
