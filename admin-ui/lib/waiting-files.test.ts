import { afterEach, expect, it, vi } from "vitest";

import { waitingFiles } from "@/lib/waiting-files";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("a store that never answers holds up nothing: signing out, and answers with files", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("indexedDB", { open: () => ({}) });
  const all = Promise.all([
    waitingFiles.clear(),
    waitingFiles.read(7, "x"),
    waitingFiles.write(7, "x", new Blob()),
  ]);
  await vi.advanceTimersByTimeAsync(10_000);
  await expect(all).resolves.toEqual([undefined, undefined, false]);
});
