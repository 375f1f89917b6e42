import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import type { TicketCount, TicketPage } from "@/lib/models";
import { keys } from "@/lib/query-keys";
import type { TicketFilter } from "@/lib/ticket-lists";

const FIRST_PAGE = 50;
/** Who scrolls that far goes on scrolling. */
const LATER_PAGES = 200;

/** Who waits in silence comes nearer to the end of their window, and into such a list, without any news. */
const CLOSING_EVERY_MS = 60_000;

/** Tickets by filter, page after page. */
export function useTickets(filter: TicketFilter, pageSize = FIRST_PAGE) {
  return useInfiniteQuery({
    queryKey: keys.ticketList(filter, pageSize),
    queryFn: ({ pageParam }) => api.tickets(filter, pageParam ? LATER_PAGES : pageSize, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // Comparing thousands of tickets with themselves would hold the scrolling up.
    structuralSharing: false,
    ...((filter.closingHours || filter.sort === "closing") && { refetchInterval: CLOSING_EVERY_MS }),
    select: (data) => ({
      tickets: withoutDoubles(data.pages),
      total: data.pages[0]?.total ?? 0,
      isCapped: data.pages[0]?.total_is_capped ?? false,
    }),
  });
}

/** A ticket that moved while the pages were fetched may be on two of them. */
function withoutDoubles(pages: TicketPage[]) {
  const seen = new Set<number>();
  return pages.flatMap((page) =>
    page.tickets.filter((ticket) => !seen.has(ticket.id) && seen.add(ticket.id)),
  );
}

/** How much is in each queue, and how many live tickets hold messages that nobody has read. */
export function useQueues() {
  return useQuery({ queryKey: keys.queues, queryFn: api.queues, placeholderData: keepPreviousData });
}

const NONE: TicketCount = { count: 0, is_capped: false };

export function useUnreadTickets(): TicketCount {
  return useQueues().data?.unread ?? NONE;
}
