import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";

import type { Message, SearchResult, Session, Ticket, TicketPage, TicketThread } from "@/lib/models";
import { keys } from "@/lib/query-keys";
import { withNews } from "@/lib/thread-pages";
import type { TicketFilter } from "@/lib/ticket-lists";
import { withTicket } from "@/lib/ticket-lists";

/**
 * Makes a change to what is cached, and again to an answer that is still under way: the desk may have given that
 * one before the change.
 */
function store<T>(cache: QueryClient, key: QueryKey, change: (data: T) => T): void {
  const apply = () => void cache.setQueryData<T>(key, (data) => data && change(data));
  cache
    .getQueryCache()
    .find({ queryKey: key, exact: true })
    ?.promise?.then(apply, () => undefined);
  apply();
}

/** The newest version of each ticket that was heard of: a list that a ticket has left does not know it any more. */
const heardOf = new WeakMap<QueryClient, Map<number, number>>();

function isOvertaken(cache: QueryClient, { id, version }: Ticket): boolean {
  const versions = heardOf.get(cache) ?? new Map<number, number>();
  heardOf.set(cache, versions);
  const newest = Math.max(version, versions.get(id) ?? 0);
  versions.set(id, newest);
  return newest > version;
}

/**
 * Puts a ticket into every list it belongs to, over its opened copy and where a search found it, unless there is a
 * newer version.
 */
export function storeTicket(cache: QueryClient, ticket: Ticket): void {
  const adminId = cache.getQueryData<Session>(keys.session)?.admin.id;
  store<TicketThread>(cache, keys.thread(ticket.id), (thread) =>
    thread.version > ticket.version ? thread : { ...thread, ...ticket },
  );
  if (isOvertaken(cache, ticket)) return;
  for (const [key] of cache.getQueriesData({ queryKey: keys.ticketLists })) {
    const filter = key[1] as TicketFilter;
    store<InfiniteData<TicketPage>>(cache, key, (list) => ({
      ...list,
      pages: withTicket(list.pages, ticket, filter, adminId),
    }));
  }
  for (const [key] of cache.getQueriesData({ queryKey: keys.searches })) {
    store<SearchResult>(cache, key, (found) => ({
      ...found,
      matches: found.matches.map((match) =>
        match.ticket.id === ticket.id && match.ticket.version <= ticket.version
          ? { ...match, ticket }
          : match,
      ),
    }));
  }
}

/** Puts a message as the desk just told it into its thread. */
export function storeMessage(cache: QueryClient, ticketId: number, message: Message): void {
  store<TicketThread>(cache, keys.thread(ticketId), (thread) => withNews(thread, message));
}

/** Puts the answer to a POST into its thread, unless the live stream was faster: that one knows the later state. */
export function storeEcho(cache: QueryClient, ticketId: number, message: Message): void {
  const thread = cache.getQueryData<TicketThread>(keys.thread(ticketId));
  if (thread?.messages.some((other) => other.id === message.id)) return;
  storeMessage(cache, ticketId, message);
}

/**
 * Asks anew. An answer under way may be older than the change: it is shown, for on a slow line the next is seconds
 * away and would itself be cut off by the change after this one, and asked for again. No question waits for another's
 * answer: a list that has its own goes on to its next page, which would then be taken for what was asked anew.
 */
function askAnew(cache: QueryClient, queryKey: QueryKey): void {
  for (const query of cache.getQueryCache().findAll({ queryKey })) {
    const underWay = query.state.fetchStatus === "fetching" ? [query.promise] : [];
    // What is under way by then was asked for after the change: several changes are one question.
    void Promise.allSettled(underWay).then(() =>
      cache.invalidateQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false }),
    );
  }
}

/** Counts cannot be derived from one change; asks for them again. */
export function refreshCounts(cache: QueryClient): void {
  for (const queryKey of [keys.notifications, keys.ticketTotals, keys.queues]) askAnew(cache, queryKey);
}

const OF_THE_ACCOUNT = [
  keys.selfTest,
  keys.sampleData,
  keys.templates,
  keys.cannedReplies,
  keys.settings,
  keys.numberHealth,
  keys.costs,
];
const CHANGING = [
  keys.overview,
  keys.ticketLists,
  keys.threads,
  keys.contacts,
  keys.notifications,
  keys.ticketTotals,
  keys.queues,
  keys.tags,
  keys.searches,
  keys.presence,
  ...OF_THE_ACCOUNT,
];

/**
 * What the desk knows of a customer changed. They may have been erased: what shows their words asks again, and what
 * is only remembered of them is forgotten.
 */
export function refreshContact(cache: QueryClient, contactId: number): void {
  const threads = cache
    .getQueriesData<TicketThread>({ queryKey: keys.threads })
    .filter(([, thread]) => thread?.contact_id === contactId);
  for (const queryKey of [keys.contact(contactId), keys.searches, ...threads.map(([key]) => key)]) {
    cache.removeQueries({ queryKey, type: "inactive" });
    void cache.invalidateQueries({ queryKey });
  }
}

/** A tag was made, changed or removed: the tickets that had it may have another one now. */
export function refreshTags(cache: QueryClient): void {
  for (const queryKey of [keys.tags, keys.ticketLists, keys.threads]) {
    void cache.invalidateQueries({ queryKey });
  }
}

/** Asks again for what the account's news may have changed. */
export function refreshAccount(cache: QueryClient): void {
  for (const queryKey of OF_THE_ACCOUNT) void cache.invalidateQueries({ queryKey });
}

/** Asks again for all that may have changed; questions already under way are given their time. */
export function refreshAll(cache: QueryClient): void {
  for (const queryKey of CHANGING) void cache.invalidateQueries({ queryKey }, { cancelRefetch: false });
}

/** Asks for everything anew. */
export function startAfresh(cache: QueryClient): void {
  heardOf.delete(cache); // a desk that was restored counts from further back
  for (const queryKey of CHANGING) askAnew(cache, queryKey);
}
