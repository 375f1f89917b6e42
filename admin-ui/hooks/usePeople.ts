import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import type { Role } from "@/lib/models";
import { keys } from "@/lib/query-keys";

export function usePeople() {
  return useQuery({ queryKey: keys.people, queryFn: api.people });
}

function usePeopleAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: keys.people });
      void cache.invalidateQueries({ queryKey: keys.admins });
    },
  });
}

export const useInvite = () =>
  usePeopleAct(({ email, role }: { email: string; role: Role }) => api.invite(email, role));

export const useRevokeInvite = () => usePeopleAct((id: number) => api.revokeInvite(id));

export const useChangeRole = () =>
  usePeopleAct(({ id, role }: { id: number; role: Role }) => api.changeRole(id, role));

export const useDisable = () => usePeopleAct((id: number) => api.disable(id));

export const useEnable = () => usePeopleAct((id: number) => api.enable(id));

export const useResetSecondFactor = () => usePeopleAct((id: number) => api.resetSecondFactor(id));
