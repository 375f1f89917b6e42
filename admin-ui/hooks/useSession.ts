import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { leaveTheDesk } from "@/hooks/useShowPresence";
import type { Permission } from "@/lib/models";
import { api } from "@/lib/api-client";
import { kept } from "@/lib/kept";
import { outgoingQueue } from "@/lib/outgoing-queue";
import { keys } from "@/lib/query-keys";

export function useSession() {
  return useQuery({ queryKey: keys.session, queryFn: api.session, staleTime: Infinity });
}

/** Whether the one who is signed in may do this; the desk decides again with each call. */
export function useMay(permission: Permission): boolean {
  return useSession().data?.permissions.includes(permission) ?? false;
}

export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ email, password, code }: { email: string; password: string; code?: string }) =>
      api.login(email, password, code),
    onSuccess: async ({ admin }) => {
      await kept.clear(admin.id);
      cache.clear();
    },
  });
}

/** Forgets what this browser holds of the desk, whether or not the desk could be told. */
export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => leaveTheDesk().then(api.logout),
    onSettled: async () => {
      await outgoingQueue.clear();
      cache.clear();
    },
  });
}
