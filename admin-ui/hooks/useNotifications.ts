import { useQuery } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import type { TicketCount, TicketPage, TicketStatus } from "@/lib/models";
import { keys } from "@/lib/query-keys";

export function useNotifications() {
  return useQuery({ queryKey: keys.notifications, queryFn: api.notifications });
}

const exactly = (count: number | undefined) => (count === undefined ? count : { count, is_capped: false });

function useTotal(status: TicketStatus): TicketCount | undefined {
  return useQuery({
    queryKey: keys.ticketTotal(status),
    queryFn: () => api.tickets({ statuses: [status], sort: "newest" }, 1),
    select: (page: TicketPage) => ({ count: page.total, is_capped: page.total_is_capped }),
  }).data;
}

/** How many tickets have each status; a count is undefined until it is known, and of very many says "more than". */
export function useStatusCounts(): Record<TicketStatus, TicketCount | undefined> {
  const live = useNotifications().data;
  return {
    OPEN: exactly(live?.open_tickets),
    IN_PROGRESS: exactly(live?.in_progress_tickets),
    RESOLVED: useTotal("RESOLVED"),
    CLOSED: useTotal("CLOSED"),
  };
}
