import { useMutation, useQuery } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";

export function useTemplates() {
  return useQuery({ queryKey: keys.templates, queryFn: api.templates, select: (data) => data.templates });
}

/** Asks WhatsApp for its templates; the desk tells when they have come. */
export function useSyncTemplates() {
  return useMutation({ mutationFn: api.syncTemplates });
}
