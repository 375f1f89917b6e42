// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ApiError } from "@/lib/api-error";
import { kept } from "@/lib/kept";
import type { Media, Message } from "@/lib/models";
import type { OutgoingDoor } from "@/lib/outgoing-queue";
import { OutgoingQueue } from "@/lib/outgoing-queue";
import { aMessage } from "@/lib/test-rows";
import type { OutgoingMessage } from "@/lib/thread";
import { waitingFiles } from "@/lib/waiting-files";

const ME = 7;
const words = (text: string) => ({ text, content: {}, file: null });
const bytes = new Blob(["%PDF"], { type: "application/pdf" });
const paper = (text: string) => ({
  ...words(text),
  file: { kind: "document" as const, file: bytes, name: "receipt.pdf", preview: "blob:earlier" },
});
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

describe("an answer with a file", () => {
  /** The browser's store, which does not exist here. */
  const stored = new Map<string, Blob>();
  beforeEach(() => {
    stored.clear();
    URL.createObjectURL = () => "blob:later";
    URL.revokeObjectURL = () => undefined;
    vi.spyOn(waitingFiles, "write").mockImplementation(async (_, id, file) => Boolean(stored.set(id, file)));
    vi.spyOn(waitingFiles, "read").mockImplementation(async (_, id) => stored.get(id));
    vi.spyOn(waitingFiles, "forget").mockImplementation((_, id) => void stored.delete(id));
  });

  /** Written without a way to the desk, in a page that is then left. */
  async function written(text: string): Promise<OutgoingMessage> {
    const before = new OutgoingQueue();
    const close = before.open(ME, refusing(noWay).door);
    before.send(1, paper(text), 0);
    await vi.waitFor(() => expect(before.current()[0]).toMatchObject({ isWaiting: true, isFileKept: true }));
    close();
    return before.current()[0] as OutgoingMessage;
  }

  /** A desk that takes files, each under the next number. */
  function takingFiles(deliver?: (message: OutgoingMessage) => Promise<Message>) {
    const desk = aDoor(deliver);
    let last = 0;
    const upload = vi.fn<OutgoingDoor["upload"]>(async () => ({ id: (last += 1) }) as Media);
    return { ...desk, upload, door: { ...desk.door, upload } };
  }

  it("is uploaded and sent once after a reload, under the same client id, and is kept no longer", async () => {
    const { client_id } = await written("the receipt");
    const after = new OutgoingQueue();
    const desk = takingFiles();
    after.open(ME, desk.door);
    after.resume();
    await vi.waitFor(() => expect(desk.seen).toHaveLength(1));
    await settled();
    after.resume();
    await settled();
    expect(desk.upload).toHaveBeenCalledTimes(1);
    expect(desk.upload.mock.calls[0]?.[0].file).toMatchObject({ name: "receipt.pdf", file: bytes });
    expect(desk.seen).toMatchObject([{ text: "the receipt", client_id, content: { media_id: 1 } }]);
    expect(after.current()).toEqual([]);
    expect([kept.names(ME, ""), [...stored]]).toEqual([[], []]);
  });

  it("is not uploaded again when only the answer found no way", async () => {
    const before = new OutgoingQueue();
    const close = before.open(ME, takingFiles(() => Promise.reject(noWay)).door);
    before.send(1, paper("the receipt"), 0);
    await vi.waitFor(() => expect(before.current()[0]).toMatchObject({ isWaiting: true, isFileKept: true }));
    close();

    const after = new OutgoingQueue();
    const desk = takingFiles();
    after.open(ME, desk.door);
    await vi.waitFor(() => expect(desk.seen).toMatchObject([{ content: { media_id: 1 } }]));
    expect(desk.upload).not.toHaveBeenCalled();
  });

  it("is not uploaded again by a tab that waits while another one has uploaded it", async () => {
    const { client_id } = await written("the receipt");
    const thisTab = new OutgoingQueue();
    const leave = thisTab.open(ME, refusing(noWay).door);
    await vi.waitFor(() => expect(thisTab.current()[0]?.isWaiting).toBe(true));
    const other = takingFiles(() => Promise.reject(noWay));
    new OutgoingQueue().open(ME, other.door);
    await vi.waitFor(() => expect(other.seen).toHaveLength(1));
    leave();

    const desk = takingFiles();
    thisTab.open(ME, desk.door);
    await vi.waitFor(() => expect(desk.seen).toMatchObject([{ client_id, content: { media_id: 1 } }]));
    expect(desk.upload).not.toHaveBeenCalled();
  });

  it("is uploaded anew by another try when the desk let go of the file meanwhile", async () => {
    const gone = new ApiError(404, "media_not_found", "Upload it first.");
    const queue = new OutgoingQueue();
    const desk = takingFiles(({ content }) =>
      content.media_id === 1 ? Promise.reject(gone) : Promise.resolve(aMessage({})),
    );
    queue.open(ME, desk.door);
    queue.send(1, paper("the receipt"), 0);
    await vi.waitFor(() => expect(queue.current()[0]?.error).toBe("Upload it first."));
    queue.tryAgain(queue.current()[0] as OutgoingMessage);
    await vi.waitFor(() => expect(queue.current()).toEqual([]));
    expect(desk.seen.map(({ content }) => content.media_id)).toEqual([1, 2]);
  });

  it("is forgotten with its file when its writer drops it", async () => {
    await written("the receipt");
    const after = new OutgoingQueue();
    const cut = refusing(noWay);
    after.open(ME, cut.door);
    await vi.waitFor(() => expect(after.current()[0]?.isWaiting).toBe(true));
    after.discard(after.current()[0] as OutgoingMessage);
    after.resume();
    await settled();
    expect(after.current()).toEqual([]);
    expect([kept.names(ME, ""), [...stored]]).toEqual([[], []]);
  });

  it("is not kept by halves where the browser has no room for the file, and its writer is told", async () => {
    vi.spyOn(waitingFiles, "write").mockResolvedValue(false);
    const queue = new OutgoingQueue();
    queue.open(ME, refusing(noWay).door);
    queue.send(1, paper("the receipt"), 0);
    await vi.waitFor(() => expect(queue.current()[0]).toMatchObject({ isWaiting: true, isFileKept: false }));
    expect(kept.names(ME, "")).toEqual([]);
  });
});

it("signing out leaves nothing", async () => {
  const queue = new OutgoingQueue();
  queue.open(ME, refusing(noWay).door);
  queue.send(1, words("hello"), 0);
  kept.write(ME, "draft-1", "half a thought");
  await vi.waitFor(() => expect(queue.current()[0]?.isWaiting).toBe(true));
  await queue.clear();
  expect(queue.current()).toEqual([]);
  expect(localStorage.length).toBe(0);
});
