import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";

export function useNumberHealth() {
  return useQuery({ queryKey: keys.numberHealth, queryFn: api.numberHealth });
}

/** Asks WhatsApp how the numbers are; the desk tells when it has answered. */
export function useCheckNumbers() {
  return useMutation({ mutationFn: api.checkNumbers });
}

export function useDismissEvent() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: api.dismissEvent,
    onSettled: () => cache.invalidateQueries({ queryKey: keys.numberHealth }),
  });
}
