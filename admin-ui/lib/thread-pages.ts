import type { Message, ThreadPage, TicketThread } from "@/lib/models";
import { withMessage } from "@/lib/thread";

const PAGE = 100;
const LONGEST_PAGE = 500;

/** How much to ask for, so that what was loaded before is fresh again too. */
export function threadLimit(known: TicketThread | undefined): number {
  return Math.min(LONGEST_PAGE, Math.max(PAGE, known?.messages.length ?? 0));
}

/** A fresh thread with the earlier messages that were loaded before it, where there is no gap between the two. */
export function withKnown(fresh: TicketThread, known: TicketThread | undefined): TicketThread {
  const first = fresh.messages[0];
  const overlap = known?.messages.findIndex((message) => message.id === first?.id) ?? -1;
  if (!known || fresh.earlier_cursor === null || overlap < 1) return fresh;
  return {
    ...fresh,
    messages: [...known.messages.slice(0, overlap), ...fresh.messages],
    quoted: joined(known.quoted, fresh.quoted),
    earlier_cursor: known.earlier_cursor,
  };
}

/**
 * The thread with a message added or replaced. One from before the pages that are loaded comes with its own page:
 * here it would stand next to messages that it was not written next to.
 */
export function withNews(thread: TicketThread, message: Message): TicketThread {
  const quoted = thread.quoted.map((other) => (other.id === message.id ? message : other));
  const messages = withMessage(thread.messages, message);
  const isFromBefore = thread.earlier_cursor !== null && messages[0] === message;
  const isLoaded = thread.messages.some((other) => other.id === message.id);
  return { ...thread, quoted, messages: isFromBefore && !isLoaded ? thread.messages : messages };
}

/** The thread with the page before it. */
export function withEarlier(thread: TicketThread, page: ThreadPage): TicketThread {
  return {
    ...thread,
    messages: joined(page.messages, thread.messages),
    quoted: joined(thread.quoted, page.quoted),
    earlier_cursor: page.earlier_cursor,
  };
}

function joined(before: Message[], after: Message[]): Message[] {
  const there = new Set(after.map((message) => message.id));
  return [...before.filter((message) => !there.has(message.id)), ...after];
}
