import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";
import type { TicketFilter } from "@/lib/ticket-lists";

const PAUSE_MS = 250;
/** More than a person means; the desk looks at no more of it either. */
const LONGEST = 500;

/**
 * What is found for the words once their writer pauses; within the filter, or everywhere. Until then it `isBehind`:
 * what is known belongs to other words than those in the field.
 */
export function useSearch(typed: string, filter: TicketFilter | null) {
  const wanted = typed.trim().slice(0, LONGEST);
  const [text] = useDebouncedValue(wanted, PAUSE_MS);
  const found = useQuery({
    queryKey: keys.search(text, filter),
    queryFn: () => api.search(text, filter),
    enabled: text !== "" && wanted !== "",
    staleTime: 10_000,
  });
  return { found, isBehind: text !== wanted };
}
