import { kept } from "@/lib/kept";
import type { OutgoingMessage } from "@/lib/thread";
import { waitingFiles } from "@/lib/waiting-files";

const NAME = "outgoing-";

/** Answers that are not sent yet, in this browser: their words beside the drafts, their files in a store of their own. */
export const keptAnswers = {
  /** What brings a file is kept once its file is: the words alone would be another answer. */
  write: (adminId: number, message: OutgoingMessage): void => {
    if (!message.file || message.isFileKept)
      kept.write(adminId, NAME + message.client_id, JSON.stringify(message));
  },
  /** The copy that will be there after a reload, where there is one; what was chosen may be moved or deleted by then. */
  writeFile: async (
    adminId: number,
    { client_id }: OutgoingMessage,
    file: Blob,
  ): Promise<Blob | undefined> =>
    (await waitingFiles.write(adminId, client_id, file)) ? waitingFiles.read(adminId, client_id) : undefined,
  read: (adminId: number, clientId: string): OutgoingMessage | null =>
    JSON.parse(kept.read(adminId, NAME + clientId) || "null") as OutgoingMessage | null,
  /** What is kept with a file comes without the bytes of it. */
  all: (adminId: number): OutgoingMessage[] =>
    kept.names(adminId, NAME).flatMap((name) => keptAnswers.read(adminId, name.slice(NAME.length)) ?? []),
  /** The answer as it was; null where its file, or all of it, is gone by now. */
  withFile: async (adminId: number, message: OutgoingMessage): Promise<OutgoingMessage | null> => {
    const file = await waitingFiles.read(adminId, message.client_id);
    if (!file || !message.file || !keptAnswers.read(adminId, message.client_id)) return null;
    return { ...message, file: { ...message.file, file, preview: URL.createObjectURL(file) } };
  },
  forget: (adminId: number, { client_id, file }: OutgoingMessage): void => {
    kept.write(adminId, NAME + client_id, "");
    if (file) waitingFiles.forget(adminId, client_id);
  },
  /** Hears of answers that another tab has sent or dropped. */
  onForgotten: (adminId: number, listener: (clientId: string) => void): (() => void) =>
    kept.onForgotten(adminId, (name) => {
      if (name.startsWith(NAME)) listener(name.slice(NAME.length));
    }),
};
