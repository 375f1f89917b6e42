import { Icon } from "@/components/common/Icon";
import { ContactCards } from "@/components/message/ContactCards";
import classes from "@/components/message/Content.module.css";
import { LocationCard } from "@/components/message/LocationCard";
import { MediaContent } from "@/components/message/MediaContent";
import { OrderCard } from "@/components/message/OrderCard";
import { BubbleText } from "@/components/phone/BubbleText";
import { choicesOf } from "@/lib/interactive";
import { cardsOf, filledInOf, hasFile, orderOf, placeOf } from "@/lib/message-content";
import { messageTexts } from "@/lib/message-texts";
import type { Message } from "@/lib/models";
import { threadTexts } from "@/lib/thread-texts";

interface MessageContentProps {
  message: Message;
  onOpenImage: (message: Message) => void;
}

/** What a message says or shows, by its kind. */
export function MessageContent({ message, onOpenImage }: MessageContentProps) {
  const [place, order, cards] = [placeOf(message), orderOf(message), cardsOf(message)];
  if (place) return <LocationCard place={place} />;
  if (order) return <OrderCard order={order} />;
  if (message.kind === "contacts" && cards.length > 0) return <ContactCards cards={cards} />;
  const [choices, filledIn] = [choicesOf(message), filledInOf(message)];
  return (
    <>
      {hasFile(message) && <MediaContent message={message} onOpenImage={onOpenImage} />}
      {message.kind === "template" && (
        <p className={classes.mark}>
          <Icon name="template" size={14} />
          {messageTexts.kinds.template}
        </p>
      )}
      {message.message && (
        <p className={classes.text} data-kind={message.kind} dir="auto">
          <BubbleText text={message.message} />
        </p>
      )}
      {choices.length > 0 && (
        <ul className={classes.choices} aria-label={threadTexts.choices}>
          {choices.map((choice) => (
            <li key={choice}>{choice}</li>
          ))}
        </ul>
      )}
      {filledIn.length > 0 && (
        <dl className={classes.facts} aria-label={messageTexts.filledIn}>
          {filledIn.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
