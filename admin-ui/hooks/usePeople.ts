import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import type { Role } from "@/lib/models";
import { keys } from "@/lib/query-keys";

export function usePeople() {
  return useQuery({ queryKey: keys.people, queryFn: api.people });
}

function useAsTheyAre() {
  const cache = useQueryClient();
  return () => {
    void cache.invalidateQueries({ queryKey: keys.admins });
    return cache.invalidateQueries({ queryKey: keys.people });
  };
}

function usePeopleAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const refresh = useAsTheyAre();
  return useMutation({ mutationFn: act, onSettled: () => void refresh() });
}

export const useInvite = () =>
  usePeopleAct(({ email, role }: { email: string; role: Role }) => api.invite(email, role));

export const useRevokeInvite = () => usePeopleAct((id: number) => api.revokeInvite(id));

/** One choice after the other, each drawn until the list has it: side by side the older may come to the desk last. */
export const useChangeRole = () =>
  useMutation({
    scope: { id: "roles" },
    mutationFn: ({ id, role }: { id: number; role: Role }) => api.changeRole(id, role),
    onSettled: useAsTheyAre(),
  });

export const useDisable = () => usePeopleAct((id: number) => api.disable(id));

export const useEnable = () => usePeopleAct((id: number) => api.enable(id));

export const useResetSecondFactor = () => usePeopleAct((id: number) => api.resetSecondFactor(id));
