import { takesCaption } from "@/lib/file-kind";
import type { Delivery, Message } from "@/lib/models";
import type { NewReply, OutgoingFile, OutgoingMessage } from "@/lib/thread";

export type ThreadEntry =
  | { type: "day"; key: string; at: string }
  | { type: "new"; key: "new" }
  | { type: "message"; key: string; message: Message; continues: boolean }
  | { type: "outgoing"; key: string; outgoing: OutgoingMessage };

const CONTINUES_WITHIN_MS = 5 * 60_000;

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
