import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";

/** What the link stands for. An empty token is no link. */
export function useInviteOf(token: string) {
  return useQuery({
    queryKey: keys.invite(token),
    queryFn: () => api.lookAtInvite(token),
    enabled: token !== "",
  });
}

export function useAcceptInvite(token: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ name, password }: { name: string; password: string }) =>
      api.acceptInvite(token, name, password),
    onSuccess: () => cache.clear(),
  });
}
