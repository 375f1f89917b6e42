import { useQueries, useQuery } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import type { TicketCount, TicketPage, TicketStatus } from "@/lib/models";
import { keys } from "@/lib/query-keys";

export function useNotifications() {
  return useQuery({ queryKey: keys.notifications, queryFn: api.notifications });
}

const exactly = (count: number | undefined) => (count === undefined ? count : { count, is_capped: false });

const ENDED: TicketStatus[] = ["RESOLVED", "CLOSED"];

/** How many tickets have each status; a count is undefined until it is known, and of very many says "more than". */
export function useStatusCounts(): Record<TicketStatus, TicketCount | undefined> {
  const live = useNotifications().data;
  const [resolved, closed] = useQueries({
    queries: ENDED.map((status) => ({
      queryKey: keys.ticketTotal(status),
      queryFn: () => api.tickets({ statuses: [status], sort: "newest" }, 1),
      select: (page: TicketPage) => ({ count: page.total, is_capped: page.total_is_capped }),
    })),
  });
  return {
    OPEN: exactly(live?.open_tickets),
    IN_PROGRESS: exactly(live?.in_progress_tickets),
    RESOLVED: resolved?.data,
    CLOSED: closed?.data,
  };
}
