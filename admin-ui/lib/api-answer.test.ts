import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { take, upload } from "@/lib/api-answer";

/** An upload as the browser would make it, led by the test. */
class LedUpload {
  static last: LedUpload;
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  status = 0;
  responseText = "";
  onload?: () => void;
  onabort?: () => void;
  onerror?: () => void;
  constructor() {
    LedUpload.last = this;
  }
  open() {}
  setRequestHeader() {}
  send() {}
  abort() {
    this.onabort?.();
  }
  answers(data: unknown) {
    this.status = 200;
    this.responseText = JSON.stringify({ status: "success", data });
    this.onload?.();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("XMLHttpRequest", LedUpload);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const begin = (file = new Blob(["a photo"])) =>
  take(upload("/api/support/media", file, () => undefined, new AbortController().signal));

it("gives an upload up where nothing moves any more: the line may be dead without a word", async () => {
  const failed = expect(begin()).rejects.toMatchObject({ status: 0, code: "network" });
  LedUpload.last.upload.onprogress?.({ loaded: 3, total: 7 });
  await vi.advanceTimersByTimeAsync(300_000);
  await failed;
}, 5_000);

it("lets an upload take as long as it needs while it moves", async () => {
  const sent = begin();
  for (let loaded = 1; loaded <= 7; loaded += 1) {
    await vi.advanceTimersByTimeAsync(60_000);
    LedUpload.last.upload.onprogress?.({ loaded, total: 7 });
  }
  LedUpload.last.answers({ id: 4 });
  await expect(sent).resolves.toEqual({ id: 4 });
});

it("tells a file that was moved or deleted since it was chosen from a line that was cut", async () => {
  const cut = expect(begin()).rejects.toMatchObject({ status: 0, code: "network" });
  LedUpload.last.onerror?.();
  await cut;
  const file = new Blob(["a photo"]);
  const unreadable = { arrayBuffer: () => Promise.reject(new DOMException("gone", "NotFoundError")) };
  vi.spyOn(file, "slice").mockReturnValue(unreadable as unknown as Blob);
  const gone = expect(begin(file)).rejects.toMatchObject({ status: 410, code: "file_gone" });
  LedUpload.last.onerror?.();
  await gone;
});
