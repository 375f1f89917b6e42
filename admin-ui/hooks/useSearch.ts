import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { api } from "@/lib/api-client";
import { keys } from "@/lib/query-keys";
import type { TicketFilter } from "@/lib/ticket-lists";

const PAUSE_MS = 250;
/** More than a person means; the desk looks at no more of it either. */
const LONGEST = 500;

/** What is found for the words once their writer pauses; within the filter, or everywhere. */
export function useSearch(typed: string, filter: TicketFilter | null) {
  const [text] = useDebouncedValue(typed.trim().slice(0, LONGEST), PAUSE_MS);
  return useQuery({
    queryKey: keys.search(text, filter),
    queryFn: () => api.search(text, filter),
    enabled: text !== "" && typed.trim() !== "",
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}
