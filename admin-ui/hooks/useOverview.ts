import { useQuery } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";

const EVERY_MS = 20_000;

/** The dashboard's numbers; waiting times grow by themselves, so they are asked for again and again. */
export function useOverview() {
  return useQuery({ queryKey: keys.overview, queryFn: api.overview, refetchInterval: EVERY_MS });
}
