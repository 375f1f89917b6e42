import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";

/** By then the inbox has had its try. */
const WORKED_OFF_MS = 2_000;

export function useQuarantine() {
  return useQuery({ queryKey: keys.quarantine, queryFn: api.quarantine });
}

/** Puts all of it back into the inbox; what fails again comes back here. */
export function useReplay() {
  const client = useQueryClient();
  const look = () => client.invalidateQueries({ queryKey: keys.quarantine });
  return useMutation({
    mutationFn: api.replayQuarantine,
    onSuccess: () => setTimeout(() => void look(), WORKED_OFF_MS),
    onSettled: look,
  });
}
