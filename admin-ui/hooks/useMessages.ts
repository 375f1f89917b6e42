import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { threadQuery } from "@/hooks/useTicket";
import { api } from "@/lib/api-client";
import type { TicketThread } from "@/lib/models";
import { keys } from "@/lib/query-keys";
import { withEarlier } from "@/lib/thread-pages";

export function useMessages(ticketId: number) {
  return useQuery({
    ...threadQuery(ticketId),
    select: ({ messages, quoted, earlier_cursor }: TicketThread) => ({
      messages,
      quoted,
      hasEarlier: earlier_cursor !== null,
    }),
  });
}

/** A message that comes alone may quote one from before the pages that are loaded: that one comes with the thread. */
export function useMissingQuotes(ticketId: number, thread: Pick<TicketThread, "messages" | "quoted">): void {
  const cache = useQueryClient();
  const known = new Set([...thread.messages, ...thread.quoted].map(({ id }) => id));
  const missing = thread.messages
    .map(({ reply_to_id }) => reply_to_id)
    .filter((id) => id !== null && !known.has(id))
    .join();
  useEffect(() => {
    if (missing) void cache.invalidateQueries({ queryKey: keys.thread(ticketId) });
  }, [cache, ticketId, missing]);
}

/** Loads what was written before the oldest message that shows. */
export function useEarlierMessages(ticketId: number) {
  const cache = useQueryClient();
  const cursor = () => cache.getQueryData<TicketThread>(keys.thread(ticketId))?.earlier_cursor ?? null;
  const { mutate, isPending, isError } = useMutation({
    mutationFn: async (limit: number | undefined) => {
      const before = cursor();
      return before === null ? null : { before, page: await api.earlierMessages(ticketId, before, limit) };
    },
    onSuccess: (loaded) => {
      if (!loaded || loaded.before !== cursor()) return; // the thread was loaded afresh meanwhile
      cache.setQueryData<TicketThread>(
        keys.thread(ticketId),
        (thread) => thread && withEarlier(thread, loaded.page),
      );
    },
  });
  return {
    isLoading: isPending,
    hasFailed: isError,
    load: (limit?: number, onError?: () => void) => {
      if (!isPending) mutate(limit, { onError });
    },
  };
}
