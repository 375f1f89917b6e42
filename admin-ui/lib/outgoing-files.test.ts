// @vitest-environment jsdom
import { expect, it, vi } from "vitest";

import type { Media } from "@/lib/models";
import { OutgoingQueue } from "@/lib/outgoing-queue";
import { aMessage } from "@/lib/test-rows";

const photo = (name: string) => ({
  text: "",
  content: {},
  file: { kind: "image" as const, file: new Blob([name]), name, preview: "blob:earlier" },
});

it("an album leaves lines to the desk for everything else, and goes in its order", async () => {
  const queue = new OutgoingQueue();
  const begun: string[] = [];
  const finish: ((media: Media) => void)[] = [];
  queue.open(7, {
    deliver: async () => aMessage({}),
    upload: ({ file }) => {
      begun.push(file?.name ?? "");
      return new Promise<Media>((resolve) => finish.push(resolve));
    },
    onSent: vi.fn(),
    onRefused: vi.fn(),
  });
  const album = Array.from({ length: 10 }, (_, number) => `photo ${number}`);
  for (const name of album) queue.send(1, photo(name), 0);
  await vi.waitFor(() => expect(begun.length).toBeGreaterThan(0));
  expect(begun).toEqual(album.slice(0, 3));

  const [fourth] = queue.current().filter(({ file }) => file?.name === "photo 3");
  if (fourth) queue.discard(fourth);
  const kept = album.filter((name) => name !== "photo 3");
  for (const count of kept.keys()) {
    await vi.waitFor(() => expect(finish.length).toBeGreaterThan(count));
    finish[count]?.({ id: count } as Media);
  }
  await vi.waitFor(() => expect(queue.current()).toEqual([]));
  expect(begun).toEqual(kept);
});
