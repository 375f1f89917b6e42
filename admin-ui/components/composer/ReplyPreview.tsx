import { ActionIcon } from "@mantine/core";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/composer/Composer.module.css";
import { summaryOf } from "@/components/thread/Quote";
import { composerTexts } from "@/lib/composer-texts";
import type { Message } from "@/lib/models";

/** The message that the next answer will quote. */
export function ReplyPreview({ message, onCancel }: { message: Message; onCancel: () => void }) {
  return (
    <div className={classes.reply}>
      <p className={classes.replyWords}>
        <strong>{composerTexts.replyTo(message.sender_name)}</strong>
        <span>{summaryOf(message)}</span>
      </p>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={44}
        aria-label={composerTexts.cancelReply}
        onClick={onCancel}
      >
        <Icon name="cross" size={16} />
      </ActionIcon>
    </div>
  );
}
