import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";

import { threadQuery } from "@/hooks/useTicket";
import { api } from "@/lib/api-client";
import type { TicketThread } from "@/lib/models";
import { keys } from "@/lib/query-keys";
import { aMessage, aTicket } from "@/lib/test-rows";
import { threadLimit, withEarlier, withKnown } from "@/lib/thread-pages";

const thread = (ids: number[], earlier_cursor: string | null): TicketThread => ({
  ...aTicket(),
  messages: ids.map((id) => aMessage({ id })),
  quoted: [],
  earlier_cursor,
  cost: { currency: "NGN", total: 0, messages: 0 },
});
const ids = (made: TicketThread) => made.messages.map(({ id }) => id);

describe("pages of a thread", () => {
  it("keeps what was loaded before a fresh answer, with the cursor before that", () => {
    const made = withKnown(thread([4, 5, 6, 7], "c4"), thread([1, 2, 3, 4, 5, 6], "c1"));
    expect(ids(made)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(made.earlier_cursor).toBe("c1");
  });

  it("leaves no gap: what does not meet the fresh answer is let go", () => {
    const made = withKnown(thread([8, 9], "c8"), thread([1, 2], null));
    expect([ids(made), made.earlier_cursor]).toEqual([[8, 9], "c8"]);
  });

  it("puts an earlier page before it, and nothing twice", () => {
    const page = { messages: [1, 2, 3].map((id) => aMessage({ id })), quoted: [], earlier_cursor: null };
    const made = withEarlier(thread([3, 4], "c3"), page);
    expect([ids(made), made.earlier_cursor]).toEqual([[1, 2, 3, 4], null]);
  });

  it("keeps an earlier page that came while the thread was asked for anew", async () => {
    const client = new QueryClient();
    client.setQueryData(keys.thread(1), thread([3, 4], "c3"));
    let answer: (fresh: TicketThread) => void = () => undefined;
    vi.spyOn(api, "ticket").mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const asked = client.fetchQuery({ ...threadQuery(1), staleTime: 0 });
    client.setQueryData(keys.thread(1), thread([1, 2, 3, 4], null));
    answer(thread([3, 4, 5], "c3"));
    expect(ids(await asked)).toEqual([1, 2, 3, 4, 5]);
  });

  it("asks for as much as shows, within bounds", () => {
    expect(threadLimit(undefined)).toBe(100);
    expect(
      threadLimit(
        thread(
          Array.from({ length: 250 }, (_, n) => n),
          null,
        ),
      ),
    ).toBe(250);
    expect(
      threadLimit(
        thread(
          Array.from({ length: 900 }, (_, n) => n),
          null,
        ),
      ),
    ).toBe(500);
  });
});
