import type { Message, ThreadPage, TicketThread } from "@/lib/models";

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
