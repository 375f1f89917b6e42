import type { FileKind } from "@/lib/file-kind";
import { takesCaption } from "@/lib/file-kind";
import type { Delivery, Message, Reply } from "@/lib/models";

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

export type ThreadEntry =
  | { type: "day"; key: string; at: string }
  | { type: "new"; key: "new" }
  | { type: "message"; key: string; message: Message; continues: boolean }
  | { type: "outgoing"; key: string; outgoing: OutgoingMessage };

const CONTINUES_WITHIN_MS = 5 * 60_000;

/** The messages with one added or replaced, in the order of the thread. */
export function withMessage(messages: Message[], message: Message): Message[] {
  return [...messages.filter((other) => other.id !== message.id), message].sort(
    (a, b) => Date.parse(a.occurred_at) - Date.parse(b.occurred_at) || a.id - b.id,
  );
}

/** Answers that the desk does not show yet: an echo with the same client id takes the place of its draft. */
export function notYetEchoed(outgoing: OutgoingMessage[], messages: Message[]): OutgoingMessage[] {
  const known = new Set(messages.map((message) => message.client_id));
  return outgoing.filter((waiting) => !known.has(waiting.client_id));
}

/**
 * The first of so many unread messages up to the newest of them, where it is loaded; the desk counts the customer's
 * alone.
 */
export function firstUnread(messages: Message[], unread: number, newest: number): number | null {
  const theirs = messages.filter((message) => message.sender_type === "user");
  const end = theirs.findIndex((message) => message.id === newest) + 1;
  return unread > 0 ? (theirs[end - unread]?.id ?? null) : null;
}

/** What the thread shows, top to bottom: day headings, messages from the first new one on, answers under way. */
export function threadEntries(
  messages: Message[],
  outgoing: OutgoingMessage[],
  firstNew: number | null = null,
): ThreadEntry[] {
  const entries: ThreadEntry[] = [];
  let day = "";
  let previous: Message | null = null;

  const startDay = (at: string) => {
    const date = new Date(at).toDateString();
    if (date === day) return;
    day = date;
    previous = null;
    entries.push({ type: "day", key: `day-${date}`, at });
  };

  for (const message of messages) {
    startDay(message.occurred_at);
    if (message.id === firstNew) {
      previous = null;
      entries.push({ type: "new", key: "new" });
    }
    const key = message.client_id ?? `message-${message.id}`;
    entries.push({ type: "message", key, message, continues: continuesRun(previous, message) });
    previous = message;
  }
  for (const waiting of notYetEchoed(outgoing, messages)) {
    startDay(waiting.written_at);
    entries.push({ type: "outgoing", key: waiting.client_id, outgoing: waiting });
  }
  return entries;
}

function continuesRun(previous: Message | null, message: Message): boolean {
  return (
    previous !== null &&
    previous.kind !== "activity" &&
    (previous.kind === "note") === (message.kind === "note") &&
    previous.sender_type === message.sender_type &&
    previous.sender_name === message.sender_name &&
    Date.parse(message.occurred_at) - Date.parse(previous.occurred_at) < CONTINUES_WITHIN_MS
  );
}

/**
 * What is sent of words and files, in order. The words go under the first file that can carry some, else they
 * follow by themselves.
 */
export function repliesFor(text: string, files: OutgoingFile[], preview_url: boolean): NewReply[] {
  const carrier = files.find((file) => takesCaption(file.kind));
  const replies: NewReply[] = files.map((file) => ({
    text: file === carrier ? text : "",
    content: {},
    file,
  }));
  if (text && !carrier) replies.push({ text, content: { preview_url }, file: null });
  return replies;
}

/** Whether an answer is of words that a person could write anew. */
export function isTextAlone({ file, content }: OutgoingMessage): boolean {
  return !file && !content.location && !content.contacts && !content.interactive && !content.template;
}

/** The message as it is once its retry is queued: the attempt before stands with the earlier ones. */
export function sentAgain(message: Message): Message {
  const { delivery, earlier_attempts: earlier } = message;
  if (!delivery) return message;
  const queued: Delivery = {
    state: "queued",
    error: null,
    sent_at: null,
    delivered_at: null,
    read_at: null,
    dismissed_at: null,
  };
  return { ...message, delivery: queued, earlier_attempts: [...earlier, delivery] };
}

/** The message with the desk's one reaction; an empty emoji takes it away. */
export function withReaction(message: Message, sender_name: string, emoji: string): Message {
  const theirs = message.reactions.filter((reaction) => reaction.sender_type !== "admin");
  const own = emoji ? [{ sender_type: "admin" as const, sender_name, emoji, delivery: null }] : [];
  return { ...message, reactions: [...theirs, ...own] };
}

/** Whether a reaction did not get to the customer, as far as anybody knows. */
export function isLost({ delivery }: Message["reactions"][number]): boolean {
  return delivery?.state === "failed" || delivery?.state === "unknown";
}
