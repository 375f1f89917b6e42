import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";

export function useSettings() {
  return useQuery({ queryKey: keys.settings, queryFn: api.settings });
}

export function useChangeSettings() {
  const cache = useQueryClient();
  return useMutation({
    scope: { id: "settings" }, // side by side the older choice may come last, to the desk or back from it
    mutationFn: api.changeSettings,
    onSuccess: (settings) => {
      cache.setQueryData(keys.settings, settings);
      void cache.invalidateQueries({ queryKey: keys.costs });
    },
  });
}
