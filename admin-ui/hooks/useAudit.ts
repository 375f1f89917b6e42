import { useInfiniteQuery } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import type { AuditFilter } from "@/lib/query-keys";
import { keys } from "@/lib/query-keys";

/** The audit log, a page at a time, always as it is now. */
export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: keys.audit(filter),
    queryFn: ({ pageParam }) => api.audit(filter, pageParam),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 0,
  });
}
