import type { FileKind } from "@/lib/file-kind";
import type { Message, Reply } from "@/lib/models";

/** A file of an answer, still in the browser. */
export interface OutgoingFile {
  kind: FileKind;
  file: Blob;
  name: string;
  /** An address inside this browser, of what can be shown or played. */
  preview: string;
}

/** An answer as it was composed: its words, what else it holds, and its file. */
export interface NewReply {
  text: string;
  content: Partial<Omit<Reply, "message" | "client_id">>;
  file: OutgoingFile | null;
  /** For the people at the desk alone. */
  isNote?: boolean;
}

/** An answer on its way to the desk. It leaves this state when the desk has it under the same `client_id`. */
export interface OutgoingMessage extends NewReply {
  ticket_id: number;
  client_id: string;
  written_at: string;
  /** How much of the file the desk has, from 0 to 1; null where there is nothing left to upload. */
  uploaded: number | null;
  /** Set when the desk did not take it: why, in words for a person; empty where its file cannot be read any more. */
  error: string | null;
  /** There was no way to the desk; it sets out again by itself. */
  isWaiting?: boolean;
  /** Its file is in the browser's store and will be there after a reload. */
  isFileKept?: boolean;
  /** The desk did not take it because somebody wrote meanwhile. */
  hasMoved?: boolean;
}

/** The messages with one added or replaced, in the order of the thread. */
export function withMessage(messages: Message[], message: Message): Message[] {
  return [...messages.filter((other) => other.id !== message.id), message].sort(
    (a, b) => Date.parse(a.occurred_at) - Date.parse(b.occurred_at) || a.id - b.id,
  );
}

/** Whether an answer is of words that a person could write anew. */
export function isTextAlone({ file, content }: OutgoingMessage): boolean {
  return !file && !content.location && !content.contacts && !content.interactive && !content.template;
}
