import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";

/** `month` as in "2026-11". */
export function useCosts(month: string) {
  return useQuery({
    queryKey: keys.monthlyCosts(month),
    queryFn: () => api.costs(month),
    placeholderData: keepPreviousData,
  });
}
