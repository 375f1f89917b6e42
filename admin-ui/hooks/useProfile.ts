import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";

export function useProfile() {
  return useQuery({ queryKey: keys.profile, queryFn: api.profile });
}

function useProfileAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.profile }),
  });
}

export function useRename() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: api.rename,
    onSuccess: () => {
      for (const queryKey of [keys.profile, keys.session, keys.admins])
        void cache.invalidateQueries({ queryKey });
    },
  });
}

export const useChangePassword = () =>
  useProfileAct(({ old, fresh }: { old: string; fresh: string }) => api.changePassword(old, fresh));

export const useRevokeSession = () => useProfileAct((id: number) => api.revokeSession(id));

export const useCreateToken = () => useProfileAct((name: string) => api.createToken(name));

export const useRevokeToken = () => useProfileAct((id: number) => api.revokeToken(id));

/** Nothing of it counts yet, so nothing is fetched afresh. */
export const useBeginSecondFactor = () => useMutation({ mutationFn: () => api.beginSecondFactor() });

export const useConfirmSecondFactor = () => useProfileAct((code: string) => api.confirmSecondFactor(code));

export const useRenewRecoveryCodes = () =>
  useProfileAct((password: string) => api.renewRecoveryCodes(password));

export const useTurnSecondFactorOff = () =>
  useProfileAct((password: string) => api.turnSecondFactorOff(password));
