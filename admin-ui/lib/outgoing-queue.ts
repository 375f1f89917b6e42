import { ApiError } from "@/lib/api-error";
import { newClientId } from "@/lib/client-id";
import { kept } from "@/lib/kept";
import type { Media, Message } from "@/lib/models";
import type { NewReply, OutgoingMessage } from "@/lib/thread";
import { isTextAlone } from "@/lib/thread";

/** The way to the desk. */
export interface OutgoingDoor {
  deliver: (message: OutgoingMessage) => Promise<Message>;
  upload: (
    message: OutgoingMessage,
    onProgress: (part: number) => void,
    signal: AbortSignal,
  ) => Promise<Media>;
  onSent: (echo: Message) => void;
  /** The desk refused, with a reason of its own. */
  onRefused: (message: OutgoingMessage, error: unknown) => void;
}

const NAME = "outgoing-";

/** No word from the desk, or one that is not about the message: the same may go through a little later. */
const isPassing = (error: unknown) =>
  error instanceof ApiError && [0, 401, 429, 502, 503, 504].includes(error.status);

const isDue = ({ error, isWaiting, file, content }: OutgoingMessage) =>
  error === null && !isWaiting && (!file || content.media_id !== undefined);

/**
 * Answers on their way to the desk, in order for each ticket. What finds no way waits, across reloads, and goes out
 * under the same client id when there is one, so that nothing doubles; what the desk refuses waits for its writer.
 * Files are not kept across a reload.
 */
export class OutgoingQueue {
  private all: readonly OutgoingMessage[] = [];
  private listeners = new Set<() => void>();
  private uploads = new Map<string, AbortController>();
  private busy = new Set<number>();
  private tooLate = new Map<number, (words: string) => void>();
  private ownerId: number | null = null;
  private door: OutgoingDoor | null = null;

  /** Takes up what is kept for this person; gives what ends it. */
  open(ownerId: number, door: OutgoingDoor): () => void {
    if (ownerId !== this.ownerId) this.set([]);
    this.ownerId = ownerId;
    this.door = door;
    this.resume();
    const stop = kept.onForgotten(ownerId, (name) =>
      this.set(this.all.filter((one) => NAME + one.client_id !== name)),
    );
    return () => {
      stop();
      if (this.door === door) this.door = null;
    };
  }

  current = (): readonly OutgoingMessage[] => this.all;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** While the ticket is open, words that came too late for its window are handed back to the composer. */
  onTooLate(ticketId: number, handBack: (words: string) => void): () => void {
    this.tooLate.set(ticketId, handBack);
    return () => this.tooLate.delete(ticketId);
  }

  send(ticket_id: number, reply: NewReply, last_seen_message_id: number): void {
    const message: OutgoingMessage = {
      ...reply,
      ticket_id,
      content: reply.isNote ? {} : { ...reply.content, last_seen_message_id },
      client_id: newClientId(),
      written_at: new Date().toISOString(),
      uploaded: reply.file ? 0 : null,
      error: null,
    };
    this.set([...this.all, message]);
    this.keep(message);
    this.start(message);
  }

  /** The same message with the same client id: should the first try have arrived after all, nothing doubles. */
  tryAgain(message: OutgoingMessage, content?: OutgoingMessage["content"]): void {
    const again = { ...message, error: null, hasMoved: false, isWaiting: false };
    const started = { ...again, content: { ...message.content, ...content } };
    this.patch(message.client_id, started);
    this.start(started);
  }

  discard({ client_id, file }: OutgoingMessage): void {
    this.uploads.get(client_id)?.abort();
    if (file) URL.revokeObjectURL(file.preview);
    if (this.ownerId !== null) kept.write(this.ownerId, NAME + client_id, "");
    this.set(this.all.filter((one) => one.client_id !== client_id));
  }

  /** There may be a way again: all that waits sets out, in the order in which it was written. */
  resume(): void {
    this.restore();
    const ready = this.all.filter((one) => one.error === null);
    for (const message of ready) this.patch(message.client_id, { isWaiting: false });
    for (const message of ready) this.start(message);
  }

  clear(): void {
    for (const { client_id, file } of this.all) {
      this.uploads.get(client_id)?.abort();
      if (file) URL.revokeObjectURL(file.preview);
    }
    this.ownerId = this.door = null;
    this.set([]);
    kept.clear();
  }

  private start(message: OutgoingMessage): void {
    // Outside of the order of the answers: words need not wait for a large file on a slow line.
    if (message.file && !message.content.media_id) void this.upload(message);
    else void this.work(message.ticket_id);
  }

  private async work(ticketId: number): Promise<void> {
    if (this.busy.has(ticketId)) return;
    this.busy.add(ticketId);
    const next = () => this.all.find((one) => one.ticket_id === ticketId && isDue(one));
    for (let due = next(); due && this.door; due = next()) await this.deliver(due, this.door);
    this.busy.delete(ticketId);
  }

  private async deliver(message: OutgoingMessage, door: OutgoingDoor): Promise<void> {
    try {
      door.onSent(await door.deliver(message));
      this.discard(message);
    } catch (error) {
      this.failed(message, error, door);
    }
  }

  private async upload(message: OutgoingMessage): Promise<void> {
    const { client_id } = message;
    const { door } = this;
    if (!door || this.uploads.has(client_id)) return;
    const stop = new AbortController();
    this.uploads.set(client_id, stop);
    try {
      const media = await door.upload(
        message,
        (uploaded) => this.patch(client_id, { uploaded }),
        stop.signal,
      );
      this.patch(client_id, { uploaded: null, content: { ...message.content, media_id: media.id } });
      void this.work(message.ticket_id);
    } catch (error) {
      this.failed({ ...message, uploaded: 0 }, error, door);
    } finally {
      this.uploads.delete(client_id);
    }
  }

  private failed(message: OutgoingMessage, error: unknown, door: OutgoingDoor): void {
    const { client_id, ticket_id, uploaded } = message;
    if (isPassing(error)) {
      this.patch(client_id, { isWaiting: true, uploaded });
      // What was written after it waits behind it.
      for (const one of this.all.filter((other) => other.ticket_id === ticket_id && isDue(other)))
        this.patch(one.client_id, { isWaiting: true });
      return;
    }
    door.onRefused(message, error);
    const code = error instanceof ApiError ? error.code : "";
    const handBack = code === "window_closed" ? this.tooLate.get(ticket_id) : undefined;
    handBack?.(isTextAlone(message) ? message.text : "");
    if (handBack && isTextAlone(message)) return this.discard(message);
    const reason = error instanceof Error ? error.message : String(error);
    this.patch(client_id, { error: reason, hasMoved: code === "thread_has_moved", uploaded });
  }

  private restore(): void {
    const { ownerId: id } = this;
    if (id === null) return;
    const known = new Set(this.all.map((one) => one.client_id));
    const found = kept
      .names(id, NAME)
      .filter((name) => !known.has(name.slice(NAME.length)))
      .map((name) => JSON.parse(kept.read(id, name)) as OutgoingMessage)
      .map((one) => ({ ...one, isWaiting: one.error === null }));
    if (found.length === 0) return;
    this.set([...this.all, ...found].sort((a, b) => Date.parse(a.written_at) - Date.parse(b.written_at)));
  }

  private keep(message: OutgoingMessage): void {
    if (this.ownerId !== null && !message.file)
      kept.write(this.ownerId, NAME + message.client_id, JSON.stringify(message));
  }

  private patch(clientId: string, fields: Partial<OutgoingMessage>): void {
    const before = this.all.find((one) => one.client_id === clientId);
    if (!before) return;
    const after = { ...before, ...fields };
    this.set(this.all.map((one) => (one === before ? after : one)));
    this.keep(after);
  }

  private set(all: readonly OutgoingMessage[]): void {
    this.all = all;
    this.listeners.forEach((listener) => listener());
  }
}

export const outgoingQueue = new OutgoingQueue();
