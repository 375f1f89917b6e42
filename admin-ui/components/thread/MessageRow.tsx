import { Icon } from "@/components/common/Icon";
import { MessageContent } from "@/components/message/MessageContent";
import { BubbleFoot } from "@/components/thread/BubbleFoot";
import classes from "@/components/thread/Bubble.module.css";
import { EditedMark } from "@/components/thread/EditedMark";
import { MessageMenu } from "@/components/thread/MessageMenu";
import { Origin } from "@/components/thread/Origin";
import { Quote } from "@/components/thread/Quote";
import { Reactions } from "@/components/thread/Reactions";
import { useReact } from "@/hooks/useMessageActions";
import { messageTexts } from "@/lib/message-texts";
import type { Message } from "@/lib/models";
import { clockTime } from "@/lib/relative-time";
import { threadTexts } from "@/lib/thread-texts";

/** What can be done from a row of the thread beyond the row itself. */
interface RowActions {
  onReply: (message: Message) => void;
  onJump: (messageId: number) => void;
  onOpenImage: (message: Message) => void;
  onMenuFocus: (messageId: number) => void;
}

interface MessageRowProps {
  message: Message;
  /** The message it replies to, where that one is in this thread. */
  quoted: Message | undefined;
  /** Belongs to the same run of the same writer, who need not be named again. */
  continues: boolean;
  isHighlighted: boolean;
  /** Of all rows' menus one is a stop of the Tab key; the arrow keys go to the others. */
  isTabStop: boolean;
  actions: RowActions;
}

export function MessageRow(props: MessageRowProps) {
  const { message, quoted, continues, isHighlighted, isTabStop, actions } = props;
  const react = useReact(message);
  if (message.kind === "activity") {
    return (
      <li className={classes.activity}>
        {message.message} · <time dateTime={message.occurred_at}>{clockTime(message.occurred_at)}</time>
      </li>
    );
  }
  const isDeleted = message.revoked_at !== null;
  return (
    <li
      className={classes.row}
      data-from={message.sender_type}
      data-note={message.kind === "note" || undefined}
      data-continues={continues}
      data-highlighted={isHighlighted}
      data-message={message.id}
      data-testid={`message-${message.id}`}
      tabIndex={-1}
    >
      <div className={classes.column}>
        <div className={classes.bubble}>
          <p className={continues ? "visually-hidden" : classes.sender}>
            {message.sender_type === "bot" && <Icon name="bot" size={15} />}
            {message.kind === "note" && <span>{messageTexts.kinds.note} ·</span>}
            {message.sender_type === "bot" ? threadTexts.bot : message.sender_name}
          </p>
          {isDeleted ? (
            <p className={classes.deleted}>
              {message.sender_type === "user" ? messageTexts.deletedByCustomer : messageTexts.deleted}
            </p>
          ) : (
            <>
              <Origin message={message} />
              {message.reply_to_id !== null && <Quote quoted={quoted} onJump={actions.onJump} />}
              <MessageContent message={message} onOpenImage={actions.onOpenImage} />
              <EditedMark message={message} />
            </>
          )}
          <BubbleFoot message={message} />
        </div>
        <Reactions message={message} react={react} />
      </div>
      {!isDeleted && (
        <MessageMenu
          message={message}
          onReact={react.mutate}
          onReply={() => actions.onReply(message)}
          isTabStop={isTabStop}
          onFocus={() => actions.onMenuFocus(message.id)}
        />
      )}
    </li>
  );
}
