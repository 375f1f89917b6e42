import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import type { CannedReplyFields } from "@/lib/models";
import { keys } from "@/lib/query-keys";

export function useCannedReplies() {
  return useQuery({ queryKey: keys.cannedReplies, queryFn: api.cannedReplies });
}

function useAsThereAre() {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: keys.cannedReplies });
}

export function useCreateCannedReply() {
  const onSuccess = useAsThereAre();
  return useMutation({ mutationFn: api.createCannedReply, onSuccess });
}

/** Changes of one; a refusal shows what a colleague made of it meanwhile. */
export function useChangeCannedReply(id: number) {
  const onSettled = useAsThereAre();
  return {
    change: useMutation({
      mutationFn: (fields: CannedReplyFields & { version: number }) => api.changeCannedReply(id, fields),
      onSettled,
    }),
    remove: useMutation({ mutationFn: () => api.deleteCannedReply(id), onSettled }),
  };
}
