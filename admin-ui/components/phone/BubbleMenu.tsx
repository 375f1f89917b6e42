import { MenuItem } from "@/components/common/MenuItem";
import { ReactionMenu } from "@/components/common/ReactionMenu";
import type { PhoneMessage } from "@/lib/phone-client";
import { previewOf } from "@/lib/phone-preview";
import { phoneTexts as texts } from "@/lib/phone-texts";

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
  return (
    <ReactionMenu
      label={texts.menu(previewOf(message))}
      words={texts}
      given={message.reactions.customer}
      onReact={onReact}
    >
      <MenuItem icon="reply" label={texts.reply} onChoose={onReply} />
      {isOwn && WITH_WORDS.includes(message.type) && (
        <MenuItem icon="pen" label={texts.edit} onChoose={onEdit} />
      )}
      {isOwn && <MenuItem icon="cross" label={texts.remove} onChoose={onRemove} />}
    </ReactionMenu>
  );
}
