import { useRef, useState } from "react";
import type { MouseEvent, TouchEvent } from "react";

import classes from "@/components/phone/Bubble.module.css";
import { BubbleContent } from "@/components/phone/BubbleContent";
import { BubbleMenu } from "@/components/phone/BubbleMenu";
import { BubbleReactions } from "@/components/phone/BubbleReactions";
import { Choices } from "@/components/phone/Choices";
import { EditSheet } from "@/components/phone/EditSheet";
import { Ticks } from "@/components/phone/Ticks";
import type { usePhoneActs } from "@/hooks/usePhoneActs";
import type { NewMessage, PhoneMessage, PhoneQuote } from "@/lib/phone-client";
import { previewOf } from "@/lib/phone-preview";
import { phoneTexts as texts } from "@/lib/phone-texts";
import { clockTime, dayHeading } from "@/lib/relative-time";

/** So far to the right a swipe must go to mean "reply". */
const SWIPE_PX = 56;

interface Props {
  customerId: string;
  message: PhoneMessage;
  previous: PhoneMessage | undefined;
  businessName: string;
  now: number;
  acts: ReturnType<typeof usePhoneActs>;
  onReply: () => void;
  onWrite: (message: NewMessage) => void;
}

export function Bubble({ customerId, message, previous, businessName, now, acts, onReply, onWrite }: Props) {
  const { author, id, menu, quote } = message;
  const [isEditing, setEditing] = useState(false);
  const sentAt = isoOf(message);
  const day = dayHeading(sentAt, now);
  const swipe = useSwipe(onReply);
  const react = (emoji: string) => acts.react(customerId, id, emoji);
  const who = author === "customer" ? texts.you : businessName;
  return (
    <>
      {(!previous || dayHeading(isoOf(previous), now) !== day) && <p className={classes.day}>{day}</p>}
      <div
        className={classes.line}
        data-author={author}
        data-first={previous?.author !== author || undefined}
        onContextMenu={openMenu}
        {...swipe}
      >
        <div className={classes.column}>
          <div className={classes.bubble} data-sticker={message.media?.kind === "sticker" || undefined}>
            <span className="visually-hidden">{who}: </span>
            {quote && !message.is_deleted && <Quoted quote={quote} businessName={businessName} />}
            <BubbleContent
              message={message}
              onPlayed={() => {
                const isNews = author === "business" && message.media?.kind === "voice";
                if (isNews && message.status !== "played") acts.play(customerId, id);
              }}
            />
            <span className={classes.meta}>
              {message.is_edited && !message.is_deleted && <span>{texts.edited}</span>}
              <time dateTime={sentAt}>{clockTime(sentAt)}</time>
              {author === "customer" && <Ticks status={message.status} />}
            </span>
          </div>
          <BubbleReactions
            reactions={message.reactions}
            businessName={businessName}
            onTakeBack={() => react("")}
          />
          {menu && <Choices menu={menu} messageId={id} onWrite={onWrite} />}
        </div>
        {!message.is_deleted && (
          <BubbleMenu
            message={message}
            onReply={onReply}
            onReact={react}
            onEdit={() => setEditing(true)}
            onRemove={() => acts.remove(customerId, id)}
          />
        )}
      </div>
      {isEditing && (
        <EditSheet
          text={message.text}
          onSave={(text) => acts.edit(customerId, id, text)}
          onClose={() => setEditing(false)}
        />
      )}
    </>
  );
}

function Quoted({ quote, businessName }: { quote: PhoneQuote; businessName: string }) {
  const preview = quote.type && previewOf({ type: quote.type, text: quote.text ?? "" });
  return (
    <div className={classes.quote}>
      <span className={classes.quoteAuthor}>{quote.author === "customer" ? texts.you : businessName}</span>
      <span className={classes.quoteText}>{preview || texts.goneQuote}</span>
    </div>
  );
}

/** A long press, or the other mouse button: the same menu as that of the button beside the bubble. */
function openMenu(event: MouseEvent<HTMLElement>) {
  if (event.target instanceof Element && event.target.closest("a, img, video, audio")) return;
  const opener = event.currentTarget.querySelector<HTMLElement>("[data-popup]");
  if (!opener || window.getSelection()?.toString()) return;
  event.preventDefault();
  opener.click();
}

const isoOf = (message: PhoneMessage) => new Date(message.at * 1000).toISOString();

/** A swipe to the right drags the bubble along and replies when it has gone far enough. */
function useSwipe(onReply: () => void) {
  const start = useRef<{ x: number; y: number } | null>(null);
  const move = (element: HTMLElement, x: number) => {
    element.style.transform = x > 0 ? `translateX(${x}px)` : "";
  };
  const distance = ({ touches, changedTouches }: TouchEvent) => {
    const touch = touches[0] ?? changedTouches[0];
    if (!start.current || !touch) return 0;
    const across = touch.clientX - start.current.x;
    return across > 2 * Math.abs(touch.clientY - start.current.y) ? Math.min(across, 80) : 0;
  };
  return {
    onTouchStart: ({ touches }: TouchEvent) => {
      const touch = touches[0];
      start.current = touch && touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : null;
    },
    onTouchMove: (event: TouchEvent<HTMLElement>) => move(event.currentTarget, distance(event)),
    onTouchEnd: (event: TouchEvent<HTMLElement>) => {
      if (distance(event) >= SWIPE_PX) onReply();
      move(event.currentTarget, 0);
    },
    onTouchCancel: (event: TouchEvent<HTMLElement>) => move(event.currentTarget, 0),
  };
}
