import type { InfiniteData } from "@tanstack/react-query";
import { InfiniteQueryObserver, QueryClient, QueryObserver } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { refreshCounts, startAfresh, storeEcho, storeMessage, storeTicket } from "@/lib/live-cache";
import type { Message, SearchResult, TicketPage, TicketThread } from "@/lib/models";
import { keys } from "@/lib/query-keys";
import { aMessage, aTicket } from "@/lib/test-rows";
import { queueFilter } from "@/lib/ticket-lists";

const openKey = keys.ticketList(queueFilter("open"), 50);
const mineKey = keys.ticketList(queueFilter("mine"), 50);
let cache: QueryClient;

const listed = (key: readonly unknown[]) =>
  cache
    .getQueryData<InfiniteData<TicketPage>>(key)
    ?.pages.flatMap((page) => page.tickets.map((ticket) => ticket.id));
const thread = () => cache.getQueryData<TicketThread>(keys.thread(1));
const delivery = (state: NonNullable<Message["delivery"]>["state"]) => ({
  state,
  error: null,
  sent_at: null,
  delivered_at: null,
  read_at: null,
  dismissed_at: null,
});

beforeEach(() => {
  cache = new QueryClient();
  const page = { tickets: [], total: 0, total_is_capped: false, next_cursor: null };
  const empty = { pages: [page], pageParams: [undefined] };
  cache.setQueryData(keys.session, {
    admin: { id: 7, name: "Ada", email: "ada@example.org" },
    business_name: "Shop",
    simulator: true,
  });
  cache.setQueryData(openKey, empty);
  cache.setQueryData(mineKey, empty);
  const whole = { messages: [aMessage()], quoted: [], earlier_cursor: null };
  cache.setQueryData(keys.thread(1), { ...aTicket({ version: 3 }), ...whole });
});

describe("storeTicket", () => {
  it("puts a ticket into the lists it belongs to", () => {
    storeTicket(cache, aTicket({ id: 2 }));
    expect(listed(openKey)).toEqual([2]);
    expect(listed(mineKey)).toEqual([]);
    storeTicket(cache, aTicket({ id: 2, assigned_admin_id: 7, version: 2 }));
    expect(listed(mineKey)).toEqual([2]);
  });

  it("changes the opened ticket and keeps its messages", () => {
    storeTicket(cache, aTicket({ version: 4, status: "RESOLVED" }));
    expect(thread()?.status).toBe("RESOLVED");
    expect(thread()?.messages).toHaveLength(1);
  });

  it("does not go back to an older version that arrives late", () => {
    storeTicket(cache, aTicket({ version: 2, status: "CLOSED" }));
    expect(thread()?.status).toBe("OPEN");
  });

  it("is not lost in an answer that the desk gave before the change", async () => {
    let answer: (thread: TicketThread) => void = () => undefined;
    const asked = cache.fetchQuery({
      queryKey: keys.thread(1),
      queryFn: () => new Promise<TicketThread>((resolve) => (answer = resolve)),
      staleTime: 0,
    });
    storeTicket(cache, aTicket({ version: 5, status: "RESOLVED" }));
    storeMessage(cache, 1, aMessage({ id: 2 }));
    const cost = { currency: "NGN", total: 0, messages: 0 };
    answer({ ...aTicket({ version: 3 }), messages: [aMessage()], quoted: [], earlier_cursor: null, cost });
    await asked;
    expect(thread()?.status).toBe("RESOLVED");
    expect(thread()?.messages.map((message) => message.id)).toEqual([1, 2]);
  });

  it("does not take a ticket back into a list that it has left, by an answer that comes late", () => {
    storeTicket(cache, aTicket({ id: 2, version: 4 }));
    storeTicket(cache, aTicket({ id: 2, version: 5, status: "RESOLVED" }));
    storeTicket(cache, aTicket({ id: 2, version: 4 }));
    expect(listed(openKey)).toEqual([]);
    startAfresh(cache); // after a restore the desk may count from further back
    storeTicket(cache, aTicket({ id: 2, version: 2 }));
    expect(listed(openKey)).toEqual([2]);
  });

  it("is shown as it is now where a search found it", () => {
    const searchKey = keys.search("bicycle", null);
    const match = { name: null, number: null, issue: null, messages: [] };
    const matches = [1, 2].map((id) => ({ ...match, ticket: aTicket({ id, version: 3 }) }));
    cache.setQueryData<SearchResult>(searchKey, { matches, is_complete: true });
    storeTicket(cache, aTicket({ id: 2, version: 5, status: "RESOLVED" }));
    storeTicket(cache, aTicket({ id: 1, version: 2, status: "RESOLVED" }));
    const found = cache.getQueryData<SearchResult>(searchKey)?.matches;
    expect(found?.map(({ ticket }) => ticket.status)).toEqual(["OPEN", "RESOLVED"]);
  });

  it("does not invent a thread that was never opened", () => {
    storeTicket(cache, aTicket({ id: 9 }));
    storeMessage(cache, 9, aMessage({ ticket_id: 9 }));
    expect(cache.getQueryData(keys.thread(9))).toBeUndefined();
  });
});

describe("messages", () => {
  it("an event replaces what is known; the answer to a POST that comes after it does not", () => {
    storeMessage(cache, 1, aMessage({ id: 2, client_id: "a", delivery: delivery("delivered") }));
    storeEcho(cache, 1, aMessage({ id: 2, client_id: "a", delivery: delivery("queued") }));
    expect(thread()?.messages.at(-1)?.delivery?.state).toBe("delivered");
    storeMessage(cache, 1, aMessage({ id: 2, client_id: "a", delivery: delivery("read") }));
    expect(thread()?.messages.map((message) => message.delivery?.state)).toEqual([undefined, "read"]);
  });

  it("news of one that is not loaded yet leaves no gap before those that are", () => {
    const early = aMessage({ id: 50, occurred_at: "2026-03-01T07:00:00.000Z" });
    const change = (fields: Partial<TicketThread>) =>
      cache.setQueryData<TicketThread>(keys.thread(1), (known) => known && { ...known, ...fields });
    change({ earlier_cursor: "c1", quoted: [early] });
    storeMessage(cache, 1, {
      ...early,
      reactions: [{ sender_type: "user", sender_name: "C", emoji: "👍", delivery: null }],
    });
    expect(thread()?.messages.map((message) => message.id)).toEqual([1]);
    expect(thread()?.quoted[0]?.reactions).toHaveLength(1);
    change({ earlier_cursor: null });
    storeMessage(cache, 1, early);
    expect(thread()?.messages.map((message) => message.id)).toEqual([50, 1]);
  });

  it("the answer to a POST is shown where no event was faster", () => {
    storeEcho(cache, 1, aMessage({ id: 2, client_id: "a" }));
    expect(thread()?.messages.map((message) => message.id)).toEqual([1, 2]);
  });
});

describe("what is asked anew", () => {
  const asked: ((answer: number) => void)[] = [];
  let stop: () => void;
  beforeEach(() => {
    asked.length = 0;
    const queryFn = () => new Promise<number>((resolve) => asked.push(resolve));
    stop = new QueryObserver(cache, { queryKey: keys.queues, queryFn }).subscribe(() => undefined);
    return () => stop();
  });

  it("when the stream starts: the answer that was under way is shown, and followed", async () => {
    startAfresh(cache);
    expect(asked).toHaveLength(1);
    asked[0]?.(1);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(cache.getQueryData(keys.queues)).toBe(1);
    asked[1]?.(2);
    await vi.waitFor(() => expect(cache.getQueryData(keys.queues)).toBe(2));
  });

  it("when the stream starts: a list that was quicker than another is asked before it asks for its next page", async () => {
    const pages: unknown[] = [];
    const slow = new QueryObserver(cache, { queryKey: mineKey, queryFn: () => new Promise(() => undefined) });
    const quick = new InfiniteQueryObserver(cache, {
      queryKey: openKey,
      initialPageParam: 0,
      getNextPageParam: (_page, every) => every.length,
      queryFn: ({ pageParam }) => {
        pages.push(pageParam);
        return Promise.resolve({ tickets: [], total: 0, total_is_capped: false, next_cursor: null });
      },
    });
    const stops = [slow.subscribe(() => undefined), quick.subscribe(() => undefined)];
    startAfresh(cache);
    await vi.waitFor(() => expect(pages).toEqual([0, 0]));
    for (const each of stops) each();
  });

  it("counts are shown on a busy desk too, whose changes come faster than its answers", async () => {
    for (let n = 1; n <= 3; n += 1) {
      refreshCounts(cache);
      refreshCounts(cache);
      await vi.waitFor(() => expect(asked).toHaveLength(n));
      asked[n - 1]?.(n);
      await vi.waitFor(() => expect(cache.getQueryData(keys.queues)).toBe(n));
    }
    await vi.waitFor(() => expect(asked).toHaveLength(4));
  });
});
