import { beforeEach, describe, expect, it, vi } from "vitest";

import { ApiError } from "@/lib/api-error";
import { kept } from "@/lib/kept";
import type { Message } from "@/lib/models";
import type { OutgoingDoor } from "@/lib/outgoing-queue";
import { OutgoingQueue } from "@/lib/outgoing-queue";
import { aMessage } from "@/lib/test-rows";
import type { OutgoingMessage } from "@/lib/thread";

const ME = 7;
const words = (text: string) => ({ text, content: {}, file: null });
const noWay = new ApiError(0, "network", "no way");
const hasMoved = new ApiError(409, "thread_has_moved", "Ada wrote meanwhile.");
const tooLate = new ApiError(409, "window_closed", "Too late.");

/** A desk that says of each message what it is told to. */
function aDoor(deliver: (message: OutgoingMessage) => Promise<Message> = async () => aMessage({})) {
  const seen: OutgoingMessage[] = [];
  const door: OutgoingDoor = {
    deliver: (message) => {
      seen.push(message);
      return deliver(message);
    },
    upload: () => Promise.reject(noWay),
    onSent: vi.fn(),
    onRefused: vi.fn(),
  };
  return { door, seen, texts: () => seen.map(({ text }) => text) };
}

const refusing = (error: ApiError) => aDoor(() => Promise.reject(error));
/** All that a desk which answers at once can have led to. */
const settled = () => new Promise((done) => setTimeout(done));

beforeEach(() => localStorage.clear());

describe("what finds no way", () => {
  it("goes out once, in order and under the same client ids, after a reload", async () => {
    const before = new OutgoingQueue();
    const cut = refusing(noWay);
    before.open(ME, cut.door);
    before.send(1, words("first"), 0);
    before.send(1, words("second"), 0);
    await vi.waitFor(() => expect(before.current().every((one) => one.isWaiting)).toBe(true));
    const ids = before.current().map(({ client_id }) => client_id);

    const after = new OutgoingQueue();
    const desk = aDoor();
    after.open(ME, desk.door);
    await vi.waitFor(() => expect(after.current()).toEqual([]));
    after.resume();
    await settled();
    expect(desk.texts()).toEqual(["first", "second"]);
    expect(desk.seen.map(({ client_id }) => client_id)).toEqual(ids);
    expect(kept.names(ME, "")).toEqual([]);
  });

  it("holds back what was written after it in the same ticket, and nothing in others", async () => {
    const queue = new OutgoingQueue();
    const desk = aDoor(({ ticket_id }) =>
      ticket_id === 1 ? Promise.reject(noWay) : Promise.resolve(aMessage({})),
    );
    queue.open(ME, desk.door);
    queue.send(1, words("first"), 0);
    queue.send(1, words("second"), 0);
    queue.send(2, words("elsewhere"), 0);
    await vi.waitFor(() => expect(queue.current().map(({ text }) => text)).toEqual(["first", "second"]));
    expect(desk.texts()).toEqual(["first", "elsewhere"]);
  });

  it("is never sent for somebody else, even in the same tab", async () => {
    const queue = new OutgoingQueue();
    const close = queue.open(ME, refusing(noWay).door);
    queue.send(1, words("mine"), 0);
    await vi.waitFor(() => expect(queue.current()[0]?.isWaiting).toBe(true));
    close();
    const other = aDoor();
    queue.open(ME + 1, other.door);
    await settled();
    expect(other.seen).toEqual([]);
    expect(queue.current()).toEqual([]);
  });
});

describe("what the desk refuses", () => {
  it("waits for its writer, across a reload too", async () => {
    const before = new OutgoingQueue();
    before.open(ME, refusing(hasMoved).door);
    before.send(1, words("hello"), 5);
    await vi.waitFor(() => expect(before.current()[0]?.hasMoved).toBe(true));

    const after = new OutgoingQueue();
    const desk = aDoor();
    after.open(ME, desk.door);
    after.resume();
    await settled();
    expect(desk.seen).toEqual([]);
    const [waiting] = after.current();
    expect(waiting).toMatchObject({ text: "hello", error: "Ada wrote meanwhile.", hasMoved: true });
    if (waiting) after.tryAgain(waiting, { last_seen_message_id: 9 });
    await vi.waitFor(() => expect(after.current()).toEqual([]));
    expect(desk.seen[0]?.content.last_seen_message_id).toBe(9);
  });

  it("goes back to the composer of an opened ticket when it came too late, and else stays", async () => {
    const queue = new OutgoingQueue();
    const handBack = vi.fn();
    queue.open(ME, refusing(tooLate).door);
    queue.onTooLate(1, handBack);
    queue.send(1, words("opened"), 0);
    queue.send(2, words("not opened"), 0);
    await vi.waitFor(() =>
      expect(queue.current()).toMatchObject([{ text: "not opened", error: "Too late." }]),
    );
    expect(handBack).toHaveBeenCalledWith("opened");
  });
});

it("signing out leaves nothing", async () => {
  const queue = new OutgoingQueue();
  queue.open(ME, refusing(noWay).door);
  queue.send(1, words("hello"), 0);
  kept.write(ME, "draft-1", "half a thought");
  await vi.waitFor(() => expect(queue.current()[0]?.isWaiting).toBe(true));
  queue.clear();
  expect(queue.current()).toEqual([]);
  expect(localStorage.length).toBe(0);
});
