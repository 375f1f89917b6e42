import { useMutation, useQuery } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";

export function useSelfTest() {
  return useQuery({ queryKey: keys.selfTest, queryFn: api.selfTest });
}

/** Asks WhatsApp; the desk tells when it has answered. */
export function useRunSelfTest() {
  return useMutation({ mutationFn: api.runSelfTest });
}
