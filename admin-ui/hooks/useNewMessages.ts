import { useState } from "react";

import { useIsPageVisible } from "@/hooks/useIsPageVisible";
import type { Message, Ticket } from "@/lib/models";
import { firstUnread } from "@/lib/thread";

/**
 * The first message that was unread when the ticket was opened, or when its reader came back to the page; it stays
 * so while they read.
 */
export function useFirstUnread({ unread_count: unread }: Ticket, messages: Message[]): number | null {
  const isVisible = useIsPageVisible();
  const [first, setFirst] = useState(() => firstUnread(messages, unread));
  const now = isVisible || unread === 0 ? first : firstUnread(messages, unread);
  if (now !== first) setFirst(now);
  return now;
}

/** How many messages of the customer came below what their reader has in sight. */
export function useUnseenCount(messages: Message[], isAtEnd: boolean, firstUnread: number | null): number {
  const ids = messages.filter((message) => message.sender_type === "user").map(({ id }) => id);
  const newest = Math.max(0, ...ids);
  const [seen, setSeen] = useState(firstUnread === null ? newest : firstUnread - 1);
  if (isAtEnd && seen !== newest) setSeen(newest);
  return isAtEnd ? 0 : ids.filter((id) => id > seen).length;
}
