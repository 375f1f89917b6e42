import { describe, expect, it } from "vitest";

import { aMessage } from "@/lib/test-rows";
import type { OutgoingMessage } from "@/lib/thread";
import { firstUnread, notYetEchoed, sentAgain, threadEntries, withReaction } from "@/lib/opened-thread";
import { withMessage } from "@/lib/thread";

const outgoing = (client_id: string): OutgoingMessage => ({
  client_id,
  ticket_id: 1,
  text: "On its way",
  content: {},
  file: null,
  uploaded: null,
  written_at: "2026-03-01T09:00:00.000Z",
  error: null,
});

describe("withMessage", () => {
  it("orders by the customer's clock, then by id", () => {
    const late = aMessage({ id: 1, occurred_at: "2026-03-01T08:05:00.000Z" });
    const twin = aMessage({ id: 3, occurred_at: "2026-03-01T08:00:00.000Z" });
    const early = aMessage({ id: 2, occurred_at: "2026-03-01T08:00:00.000Z" });
    const ordered = [late, twin, early].reduce(withMessage, []);
    expect(ordered.map((message) => message.id)).toEqual([2, 3, 1]);
  });

  it("replaces a message instead of doubling it", () => {
    const before = [aMessage({ id: 1, message: "old" }), aMessage({ id: 2 })];
    const after = withMessage(before, aMessage({ id: 1, message: "new" }));
    expect(after.map((message) => message.message)).toEqual(["new", "Hello"]);
  });
});

describe("answers under way", () => {
  it("give way to their echo, which keeps their place on the screen", () => {
    const waiting = [outgoing("a"), outgoing("b")];
    const echo = aMessage({ id: 5, client_id: "a", sender_type: "admin" });
    expect(notYetEchoed(waiting, [echo]).map((one) => one.client_id)).toEqual(["b"]);

    const before = threadEntries([], waiting).map((entry) => entry.key);
    const after = threadEntries([echo], waiting).map((entry) => entry.key);
    expect(before.filter((key) => key === "a")).toHaveLength(1);
    expect(after.filter((key) => key === "a")).toHaveLength(1);
  });

  it("stand below all that the desk knows", () => {
    const types = threadEntries([aMessage()], [outgoing("a")]).map((entry) => entry.type);
    expect(types).toEqual(["day", "message", "outgoing"]);
  });
});

describe("firstUnread", () => {
  const messages = [
    aMessage({ id: 1 }),
    aMessage({ id: 2 }),
    aMessage({ id: 3, sender_type: "admin" }),
    aMessage({ id: 4 }),
  ];
  it("counts the customer's messages from the end", () => {
    expect([0, 1, 2, 3].map((unread) => firstUnread(messages, unread, 4))).toEqual([null, 4, 2, 1]);
  });
  it("does not count what came since", () => expect(firstUnread(messages, 1, 2)).toBe(2));
  it("knows none that is not loaded", () => expect(firstUnread(messages, 4, 4)).toBeNull());
});

describe("threadEntries", () => {
  it("marks where the new messages begin, and names their writer again", () => {
    const messages = [aMessage({ id: 1 }), aMessage({ id: 2 }), aMessage({ id: 3 })];
    const entries = threadEntries(messages, [], 2);
    expect(entries.map((entry) => entry.type)).toEqual(["day", "message", "new", "message", "message"]);
    expect(entries.map((entry) => entry.type === "message" && entry.continues)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it("heads each day of the reader's calendar once", () => {
    const entries = threadEntries(
      [
        aMessage({ id: 1, occurred_at: "2026-03-01T22:30:00.000Z" }),
        aMessage({ id: 2, occurred_at: "2026-03-01T23:30:00.000Z" }),
        aMessage({ id: 3, occurred_at: "2026-03-02T10:00:00.000Z" }),
      ],
      [],
    );
    expect(entries.map((entry) => entry.type)).toEqual(["day", "message", "day", "message", "message"]);
  });

  it("names a writer once in a run of five minutes", () => {
    const entries = threadEntries(
      [
        aMessage({ id: 1, occurred_at: "2026-03-01T08:00:00.000Z" }),
        aMessage({ id: 2, occurred_at: "2026-03-01T08:04:00.000Z" }),
        aMessage({
          id: 3,
          occurred_at: "2026-03-01T08:05:00.000Z",
          sender_type: "admin",
          sender_name: "Ada",
        }),
        aMessage({ id: 4, occurred_at: "2026-03-01T08:06:00.000Z" }),
        aMessage({ id: 5, occurred_at: "2026-03-01T08:30:00.000Z" }),
      ],
      [],
    );
    const runs = entries.flatMap((entry) => (entry.type === "message" ? [entry.continues] : []));
    expect(runs).toEqual([false, true, false, false, false]);
  });
});

describe("what is drawn before the desk has said it", () => {
  const failed = {
    state: "failed" as const,
    error: { code: 131026, text: "Cannot be reached" },
    sent_at: null,
    delivered_at: null,
    read_at: null,
    dismissed_at: null,
  };

  it("a retry waits, with the attempt before it kept", () => {
    const again = sentAgain(aMessage({ sender_type: "admin", delivery: failed }));
    expect(again.delivery?.state).toBe("queued");
    expect(again.earlier_attempts).toEqual([failed]);
    const received = aMessage();
    expect(sentAgain(received)).toBe(received);
  });

  it("the desk has one reaction, and the customer's stays", () => {
    const theirs = { sender_type: "user" as const, sender_name: "Chinedu", emoji: "🙏", delivery: null };
    const once = withReaction(aMessage({ reactions: [theirs] }), "Ada", "👍");
    const twice = withReaction(once, "Ada", "😢");
    expect(twice.reactions.map((reaction) => reaction.emoji)).toEqual(["🙏", "😢"]);
    expect(withReaction(twice, "Ada", "").reactions).toEqual([theirs]);
  });
});
