import type { QueryClient } from "@tanstack/react-query";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { api } from "@/lib/api-client";
import { ApiError } from "@/lib/api-error";
import { refreshCounts, storeTicket } from "@/lib/live-cache";
import type { Admin, Ticket, TicketChanges, TicketThread } from "@/lib/models";
import { isPassing, TRY_AGAIN_MS } from "@/lib/query-client";
import { keys } from "@/lib/query-keys";
import { threadLimit, withKnown } from "@/lib/thread-pages";
import { useIsPageVisible } from "@/hooks/useIsPageVisible";

/** One ticket with its messages; `useTicket` and `useMessages` look at their halves of it. */
export function threadQuery(ticketId: number) {
  return {
    queryKey: keys.thread(ticketId),
    queryFn: async ({ client }: { client: QueryClient }) => {
      const known = () => client.getQueryData<TicketThread>(keys.thread(ticketId));
      const fresh = await api.ticket(ticketId, threadLimit(known()));
      return withKnown(fresh, known()); // asked again: an earlier page may have come meanwhile
    },
  };
}

export function useTicket(ticketId: number) {
  return useQuery({
    ...threadQuery(ticketId),
    select: ({ messages, quoted, earlier_cursor, ...ticket }: TicketThread): Ticket => ticket,
  });
}

/** What the ticket's messages cost, as it was when the ticket was loaded. */
export function useTicketCost(ticketId: number) {
  return useQuery({ ...threadQuery(ticketId), select: (thread: TicketThread) => thread.cost });
}

/** A claim holds against nothing but another's; every other change, against all that happened meanwhile. */
type Change = TicketChanges | "claim";

/** Changes a ticket, drawn at once and one after the other; a refusal loads what it is now. */
export function useChangeTicket(ticketId: number) {
  const cache = useQueryClient();
  const mutation = useMutation({
    scope: { id: `ticket-${ticketId}` },
    mutationFn: (change: Change) => {
      if (change === "claim") return api.claimTicket(ticketId);
      // A tag is put on or taken off whatever else happened meanwhile.
      if (change.add_tag_ids || change.remove_tag_ids) return api.changeTicket(ticketId, change);
      const version = cache.getQueryData<TicketThread>(keys.thread(ticketId))?.version;
      return api.changeTicket(ticketId, { ...change, version });
    },
    onSuccess: (ticket) => storeTicket(cache, ticket),
    onError: () => cache.invalidateQueries({ queryKey: keys.thread(ticketId) }),
    onSettled: () => refreshCounts(cache),
  });

  const change = (wanted: Change, drawn: Partial<Ticket>, onSuccess?: () => void) => {
    cache.setQueryData<TicketThread>(keys.thread(ticketId), (thread) => thread && { ...thread, ...drawn });
    mutation.mutate(wanted, { onSuccess });
  };

  const tagIds = () => cache.getQueryData<TicketThread>(keys.thread(ticketId))?.tag_ids ?? [];

  return {
    error: mutation.error,
    wasOvertaken: mutation.error instanceof ApiError && mutation.error.status === 409,
    dismiss: mutation.reset,
    /** `then` follows once the desk has taken it. */
    setStatus: (status: Ticket["status"], then?: () => void) => change({ status }, { status }, then),
    setPriority: (priority: Ticket["priority"]) => change({ priority }, { priority }),
    addTag: (id: number) => change({ add_tag_ids: [id] }, { tag_ids: [...tagIds(), id] }),
    removeTag: (id: number) =>
      change({ remove_tag_ids: [id] }, { tag_ids: tagIds().filter((other) => other !== id) }),
    assign: (admin: Admin | null, isClaim: boolean) =>
      change(isClaim ? "claim" : { assigned_admin_id: admin?.id ?? null }, {
        assigned_admin_id: admin?.id ?? null,
        assigned_admin_name: admin?.name ?? null,
      }),
  };
}

/** Tells the desk that the ticket's messages were seen, while they can be seen. */
export function useMarkRead(ticket: Ticket | undefined) {
  const cache = useQueryClient();
  const isVisible = useIsPageVisible();
  const { mutate, error } = useMutation({
    mutationFn: api.markRead,
    onSuccess: (read) => storeTicket(cache, read),
  });
  const unread = isVisible ? (ticket?.unread_count ?? 0) : 0;
  useEffect(() => {
    if (ticket && unread > 0) mutate(ticket.id);
    // Once for each change: a refused call must not repeat itself with every redraw. The number alone would not
    // tell: one that was marked and another that came, both before the page heard of either, are still one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [ticket?.id, ticket?.version, unread, mutate]);

  const id = unread > 0 && error && isPassing(error) ? ticket?.id : undefined;
  useEffect(() => {
    if (id === undefined) return;
    const timer = setTimeout(() => mutate(id), TRY_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [id, error, mutate]);
}
