import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { refreshCounts, storeTicket } from "@/lib/live-cache";
import type { BulkResult, TicketChanges } from "@/lib/models";

/** As many as the desk takes at once. */
const AT_ONCE = 500;

interface BulkChange {
  ticketIds: number[];
  changes: TicketChanges;
}

/** What came of the latest change, as far as it got. */
interface BulkOutcome {
  isPending: boolean;
  result: BulkResult;
  error: string | null;
}

const OUTCOME = ["bulk-outcome"];

/** Known in every list, until it is dismissed: the one in which the change began may be left before it ends. */
export function useBulkOutcome() {
  const cache = useQueryClient();
  const { data = null } = useQuery<BulkOutcome | null>({
    queryKey: OUTCOME,
    queryFn: skipToken,
    gcTime: Infinity,
  });
  return { outcome: data, dismiss: () => void cache.setQueryData(OUTCOME, null) };
}

/** Makes one change on many tickets, and tells which of them did not allow it. */
export function useBulkChange() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ ticketIds, changes }: BulkChange) => {
      const result: BulkResult = { changed: [], refused: [] };
      const tell = (isPending: boolean, error: string | null = null) =>
        cache.setQueryData<BulkOutcome>(OUTCOME, { isPending, error, result });
      tell(true);
      try {
        for (let start = 0; start < ticketIds.length; start += AT_ONCE) {
          const part = await api.changeTickets(ticketIds.slice(start, start + AT_ONCE), changes);
          result.changed.push(...part.changed);
          result.refused.push(...part.refused);
          for (const ticket of part.changed) storeTicket(cache, ticket);
        }
      } catch (error) {
        tell(false, error instanceof Error ? error.message : String(error));
        throw error;
      }
      tell(false);
      return result;
    },
    onSettled: () => refreshCounts(cache),
  });
}
