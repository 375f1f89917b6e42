import { MenuItem } from "@/components/common/MenuItem";
import { ReactionMenu } from "@/components/common/ReactionMenu";
import { copyText } from "@/lib/copy-text";
import { messageTexts } from "@/lib/message-texts";
import type { Message } from "@/lib/models";
import { isLost } from "@/lib/opened-thread";

interface MessageMenuProps {
  message: Message;
  onReact: (emoji: string) => void;
  onReply: () => void;
  isTabStop: boolean;
  onFocus: () => void;
}

/** What can be done with a message. Only what a customer sent takes a reaction. */
export function MessageMenu({ message, onReact, onReply, isTabStop, onFocus }: MessageMenuProps) {
  // One that was lost counts as not given: the same again sends it again.
  const own = message.reactions.find((each) => each.sender_type === "admin" && !isLost(each))?.emoji;
  const isOnThePhone =
    message.kind !== "note" &&
    (message.sender_type === "user" || message.delivery === null || message.delivery.sent_at !== null);
  return (
    <ReactionMenu
      label={messageTexts.menu(message.sender_name)}
      words={messageTexts}
      given={own}
      onReact={message.sender_type === "user" ? onReact : undefined}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={onFocus}
    >
      {isOnThePhone && <MenuItem icon="reply" label={messageTexts.reply} onChoose={onReply} />}
      {message.message && (
        <MenuItem icon="file" label={messageTexts.copy} onChoose={() => void copyText(message.message)} />
      )}
    </ReactionMenu>
  );
}
