import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { startAfresh } from "@/lib/live-cache";
import { keys } from "@/lib/query-keys";

export function useSampleData() {
  return useQuery({ queryKey: keys.sampleData, queryFn: api.sampleData });
}

/** Puts the samples in, or takes them out; either way everything that is shown may be another. */
export function useSwitchSampleData() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (wanted: boolean) => (wanted ? api.addSampleData() : api.clearSampleData()),
    onSuccess: (state) => {
      cache.setQueryData(keys.sampleData, state);
      startAfresh(cache);
    },
  });
}
