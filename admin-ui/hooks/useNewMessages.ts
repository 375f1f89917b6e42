import { useMemo, useState } from "react";

import { useIsPageVisible } from "@/hooks/useIsPageVisible";
import type { Message, Ticket } from "@/lib/models";
import { firstUnread } from "@/lib/opened-thread";

/**
 * How many messages were unread when the ticket was opened, or when its reader came back to the page, and the first
 * of them; null until the page that it is on is loaded. It stays so while they read.
 */
export function useUnread({ unread_count: unread }: Ticket, messages: Message[]) {
  const isVisible = useIsPageVisible();
  const newest = messages.findLast((message) => message.sender_type === "user")?.id ?? 0;
  const [opened, setOpened] = useState({ unread, newest });
  const isNews = !isVisible && unread > 0 && (unread !== opened.unread || newest !== opened.newest);
  if (isNews) setOpened({ unread, newest });
  const first = useMemo(() => firstUnread(messages, opened.unread, opened.newest), [messages, opened]);
  return { unread: opened.unread, first };
}

/** How many messages of the customer came below what their reader has in sight. */
export function useUnseenCount(messages: Message[], isAtEnd: boolean, firstUnread: number | null): number {
  const ids = messages.filter((message) => message.sender_type === "user").map(({ id }) => id);
  const newest = Math.max(0, ...ids);
  const [seen, setSeen] = useState(firstUnread === null ? newest : firstUnread - 1);
  if (isAtEnd && seen !== newest) setSeen(newest);
  return isAtEnd ? 0 : ids.filter((id) => id > seen).length;
}
