// @vitest-environment jsdom
import { expect, it, vi } from "vitest";

import { ApiError } from "@/lib/api-error";
import type { Media } from "@/lib/models";
import type { OutgoingDoor } from "@/lib/outgoing-queue";
import { OutgoingQueue } from "@/lib/outgoing-queue";
import { aMessage } from "@/lib/test-rows";
import { waitingFiles } from "@/lib/waiting-files";

it("a file that waited goes out from its copy: what was chosen may be deleted by then", async () => {
  const chosen = new Blob(["%PDF"]);
  const copy = new Blob(["%PDF"]);
  URL.revokeObjectURL = () => undefined;
  vi.spyOn(waitingFiles, "write").mockResolvedValue(true);
  vi.spyOn(waitingFiles, "read").mockResolvedValue(copy);
  vi.spyOn(waitingFiles, "forget").mockReturnValue(undefined);
  const upload = vi.fn<OutgoingDoor["upload"]>(({ file }) =>
    file?.file === copy
      ? Promise.resolve({ id: 1 } as Media)
      : Promise.reject(new ApiError(0, "network", "no way")),
  );
  const queue = new OutgoingQueue();
  const deliver = vi.fn(async () => aMessage({}));
  queue.open(7, { deliver, upload, onSent: vi.fn(), onRefused: vi.fn() });
  const file = { kind: "document" as const, file: chosen, name: "receipt.pdf", preview: "blob:earlier" };
  queue.send(1, { text: "", content: {}, file }, 0);
  await vi.waitFor(() => expect(queue.current()[0]).toMatchObject({ isWaiting: true, isFileKept: true }));
  queue.resume();
  await vi.waitFor(() => expect(queue.current()).toEqual([]));
  expect(deliver).toHaveBeenCalledTimes(1);
});
