import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { refreshCounts, storeTicket } from "@/lib/live-cache";
import type { BulkResult, TicketChanges } from "@/lib/models";

/** As many as the desk takes at once. */
const AT_ONCE = 500;

interface BulkChange {
  ticketIds: number[];
  changes: TicketChanges;
}

/** Makes one change on many tickets, and tells which of them did not allow it. */
export function useBulkChange() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ ticketIds, changes }: BulkChange) => {
      const result: BulkResult = { changed: [], refused: [] };
      for (let start = 0; start < ticketIds.length; start += AT_ONCE) {
        const part = await api.changeTickets(ticketIds.slice(start, start + AT_ONCE), changes);
        result.changed.push(...part.changed);
        result.refused.push(...part.refused);
        for (const ticket of part.changed) storeTicket(cache, ticket);
      }
      return result;
    },
    onSettled: () => refreshCounts(cache),
  });
}
