import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import type { KeyboardEvent } from "react";
import { useRef, useState } from "react";

import { Icon } from "@/components/common/Icon";
import { LatePart } from "@/components/common/LatePart";
import notice from "@/components/common/Notice.module.css";
import { MessageRow } from "@/components/thread/MessageRow";
import { OutgoingBubble } from "@/components/thread/OutgoingBubble";
import { summaryOf } from "@/components/thread/Quote";
import classes from "@/components/thread/Thread.module.css";
import { useIncomingAnnouncement } from "@/hooks/useIncomingAnnouncement";
import { useEarlierPages } from "@/hooks/useEarlierPages";
import { useJump } from "@/hooks/useJump";
import { useEarlierMessages, useMissingQuotes } from "@/hooks/useMessages";
import { useUnread, useUnseenCount } from "@/hooks/useNewMessages";
import { useNow } from "@/hooks/useNow";
import type { useOutgoingMessages } from "@/hooks/useOutgoingMessages";
import { useStickToEnd } from "@/hooks/useStickToEnd";
import type { Message, Ticket } from "@/lib/models";
import { dayHeading } from "@/lib/relative-time";
import { texts } from "@/lib/texts";
import { threadTexts } from "@/lib/thread-texts";
import type { OutgoingMessage } from "@/lib/thread";
import { threadEntries } from "@/lib/opened-thread";

const ImageViewer = dynamic(() => import("@/components/message/ImageViewer"), {
  ssr: false,
  loading: LatePart,
});

interface ThreadProps {
  ticket: Ticket;
  thread: { messages: Message[]; quoted: Message[]; hasEarlier: boolean };
  onEdit: (message: OutgoingMessage) => void;
  answers: ReturnType<typeof useOutgoingMessages>;
  onReply: (message: Message) => void;
}

export function Thread({ ticket, thread, answers, onReply, onEdit }: ThreadProps) {
  const { messages, quoted, hasEarlier } = thread;
  const now = useNow();
  const { unread, first: firstNew } = useUnread(ticket, messages);
  const news = useRef<HTMLLIElement>(null);
  const entries = threadEntries(messages, answers.outgoing, firstNew);
  const { scroller, isAtEnd, toEnd, letGo } = useStickToEnd(
    entries.length,
    answers.outgoing.length,
    firstNew !== null,
    news,
  );
  const unseen = useUnseenCount(messages, isAtEnd, firstNew);
  const earlier = useEarlierMessages(ticket.id);
  useMissingQuotes(ticket.id, thread);
  useEarlierPages(scroller, messages[0]?.id, hasEarlier && !earlier.hasFailed, earlier.load);
  const { highlighted, jump } = useJump(
    scroller,
    messages,
    hasEarlier && !earlier.isLoading,
    earlier.load,
    letGo,
  );
  const [openedPhoto, setOpenedPhoto] = useState<Message | null>(null);
  const [tabStop, setTabStop] = useState<number | null>(null);
  const announcement = useIncomingAnnouncement(messages);
  const byId = new Map([...quoted, ...messages].map((message) => [message.id, message]));
  const photos = messages.filter((message) => message.kind === "image" && message.media?.url);
  // One that was deleted or erased meanwhile is not shown on.
  const shownPhoto = photos.find((photo) => photo.id === openedPhoto?.id);
  const lastId = messages.findLast((message) => message.kind !== "activity" && !message.revoked_at)?.id;
  const actions = { onReply, onJump: jump, onOpenImage: setOpenedPhoto, onMenuFocus: setTabStop };

  return (
    <div className={classes.frame} data-part="thread">
      <p className="visually-hidden" aria-live="polite">
        {announcement && threadTexts.newFrom(announcement.sender_name, summaryOf(announcement))}
        {announcement && unseen > 0 && ` ${threadTexts.newBelow(unseen)}`}
      </p>
      <div
        className={classes.scroll}
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={threadTexts.label(ticket.sender_name)}
      >
        {hasEarlier && (
          <div className={classes.earlier}>
            <Button variant="subtle" h={44} loading={earlier.isLoading} onClick={() => earlier.load()}>
              {earlier.hasFailed ? texts.retry : threadTexts.earlier}
            </Button>
          </div>
        )}
        {entries.length === 0 && <p className={notice.centre}>{threadTexts.empty}</p>}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- of the menus inside */}
        <ol className={classes.entries} onKeyDown={walkMenus}>
          {entries.map((entry) => {
            switch (entry.type) {
              case "day":
                return (
                  // Its date is for paper, where no day stays "Today".
                  <li key={entry.key} className={classes.day} data-date={dayHeading(entry.at, 0)}>
                    <span>{dayHeading(entry.at, now)}</span>
                  </li>
                );
              case "new":
                return (
                  <li key={entry.key} ref={news} className={classes.new} data-message="news" tabIndex={-1}>
                    <span>{threadTexts.newMessages}</span>
                  </li>
                );
              case "message":
                return (
                  <MessageRow
                    key={entry.key}
                    message={entry.message}
                    quoted={byId.get(entry.message.reply_to_id ?? -1)}
                    continues={entry.continues}
                    isHighlighted={entry.message.id === highlighted}
                    isTabStop={entry.message.id === (tabStop ?? lastId)}
                    actions={actions}
                  />
                );
              case "outgoing":
                return (
                  <OutgoingBubble
                    key={entry.key}
                    outgoing={entry.outgoing}
                    isKept={answers.isKept(entry.outgoing)}
                    onTryAgain={answers.tryAgain}
                    onDiscard={answers.discard}
                    onSendAnyway={answers.sendAnyway}
                    onEdit={onEdit}
                  />
                );
            }
          })}
        </ol>
      </div>
      {unread > 0 && firstNew === null && hasEarlier && (
        <Button
          className={classes.toNews}
          size="xs"
          h={44}
          radius="xl"
          loading={earlier.isLoading}
          onClick={() => jump("news")}
          rightSection={<Icon name="up" size={14} />}
        >
          {threadTexts.unseen(unread)}
        </Button>
      )}
      {!isAtEnd && (
        <Button
          className={classes.toEnd}
          variant={unseen > 0 ? "filled" : "default"}
          size="xs"
          h={44}
          radius="xl"
          onClick={toEnd}
          rightSection={<Icon name="down" size={14} />}
        >
          {unseen > 0 ? threadTexts.unseen(unseen) : threadTexts.toEnd}
        </Button>
      )}
      {shownPhoto && (
        <ImageViewer
          photos={photos}
          shown={shownPhoto}
          onShow={setOpenedPhoto}
          onClose={() => setOpenedPhoto(null)}
        />
      )}
    </div>
  );
}

/** From one message's menu to the next with the arrow keys. */
function walkMenus(event: KeyboardEvent<HTMLOListElement>) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const menus = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-popup]")];
  const from = menus.indexOf(event.target as HTMLElement);
  if (!step || from === -1) return;
  event.preventDefault();
  menus[from + step]?.focus();
}
