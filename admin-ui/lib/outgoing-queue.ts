import { ApiError } from "@/lib/api-error";
import { newClientId } from "@/lib/client-id";
import { kept } from "@/lib/kept";
import { keptAnswers } from "@/lib/kept-answers";
import type { Media, Message } from "@/lib/models";
import type { NewReply, OutgoingMessage } from "@/lib/thread";
import { isTextAlone } from "@/lib/thread";
import { inTurn } from "@/lib/upload-turn";

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

/** No word from the desk, or one that is not about the message: the same may go through a little later. */
const isPassing = (error: unknown) =>
  error instanceof ApiError && [0, 401, 429, 502, 503, 504].includes(error.status);

const isDue = ({ error, isWaiting, file, content }: OutgoingMessage) =>
  error === null && !isWaiting && (!file || content.media_id !== undefined);

const byTime = (a: OutgoingMessage, b: OutgoingMessage) =>
  Date.parse(a.written_at) - Date.parse(b.written_at);

/**
 * Answers on their way to the desk, in order for each ticket. What finds no way waits, across reloads, and goes out
 * under the same client id when there is one, so that nothing doubles; what the desk refuses waits for its writer.
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
    if (ownerId !== this.ownerId) this.drop(() => true);
    this.ownerId = ownerId;
    this.door = door;
    this.resume();
    const stop = keptAnswers.onForgotten(ownerId, (id) => this.drop((one) => one.client_id === id));
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
    this.keep(message);
    this.set([...this.all, message]);
    void this.keepFile(message);
    this.start(message);
  }

  /** The same message with the same client id: should the first try have arrived after all, nothing doubles. */
  tryAgain(message: OutgoingMessage, content?: OutgoingMessage["content"]): void {
    const again = { ...message, error: null, hasMoved: false, isWaiting: false };
    const started = { ...again, content: { ...message.content, ...content } };
    this.patch(message.client_id, started);
    this.start(started);
  }

  discard(message: OutgoingMessage): void {
    if (this.ownerId !== null) keptAnswers.forget(this.ownerId, message);
    this.drop((one) => one.client_id === message.client_id);
  }

  /** There may be a way again: all that waits sets out, in the order in which it was written. */
  resume(): void {
    this.restore();
    const ready = this.all.filter((one) => one.error === null);
    for (const message of ready) this.show(message.client_id, { isWaiting: false });
    for (const message of ready) this.start(message);
  }

  clear(): Promise<unknown> {
    this.ownerId = this.door = null;
    this.drop(() => true);
    return kept.clear();
  }

  /** What will be there of it after a reload: nothing where the browser has no room, or forgot it. */
  kept = ({ client_id }: OutgoingMessage): OutgoingMessage | null =>
    this.ownerId === null ? null : keptAnswers.read(this.ownerId, client_id);

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
      await inTurn(`upload-${client_id}`, stop.signal, async () => {
        const onProgress = (uploaded: number) => this.show(client_id, { uploaded });
        const media_id =
          this.kept(message)?.content.media_id ?? (await door.upload(message, onProgress, stop.signal)).id;
        this.patch(client_id, { uploaded: null, content: { ...message.content, media_id } });
      });
      void this.work(message.ticket_id);
    } catch (error) {
      if (!stop.signal.aborted) this.failed({ ...message, uploaded: 0 }, error, door);
    } finally {
      this.uploads.delete(client_id);
    }
  }

  private failed(message: OutgoingMessage, error: unknown, door: OutgoingDoor): void {
    const { client_id, ticket_id, uploaded } = message;
    if (isPassing(error)) {
      this.show(client_id, { isWaiting: true, uploaded });
      // What was written after it waits behind it.
      for (const one of this.all.filter((other) => other.ticket_id === ticket_id && isDue(other)))
        this.show(one.client_id, { isWaiting: true });
      return;
    }
    door.onRefused(message, error);
    const code = error instanceof ApiError ? error.code : "";
    if (code === "contact_erased") return this.discard(message);
    const handBack = code === "window_closed" ? this.tooLate.get(ticket_id) : undefined;
    handBack?.(isTextAlone(message) ? message.text : "");
    if (handBack && isTextAlone(message)) return this.discard(message);
    const reason = error instanceof Error ? error.message : String(error);
    const refused = { error: reason, hasMoved: code === "thread_has_moved", uploaded };
    // The desk lets go of files that no message claims for a day: another try uploads it anew.
    const isFileGone = code === "media_not_found" && message.file !== null;
    const anew = isFileGone ? { uploaded: 0, content: { ...message.content, media_id: undefined } } : {};
    this.patch(client_id, { ...refused, ...anew });
  }

  private restore(): void {
    const { ownerId: id } = this;
    if (id === null) return;
    const found = keptAnswers
      .all(id)
      .filter((one) => !this.has(one))
      .map((one) => ({ ...one, isWaiting: one.error === null }));
    if (found.length === 0) return;
    this.set([...this.all, ...found.filter((one) => !one.file)].sort(byTime));
    for (const one of found.filter((other) => other.file)) void this.restoreFile(id, one);
  }

  private async restoreFile(ownerId: number, message: OutgoingMessage): Promise<void> {
    const whole = await keptAnswers.withFile(ownerId, message);
    if (!whole || this.ownerId !== ownerId || this.has(message)) return;
    const uploaded = message.content.media_id ? null : 0;
    const restored = { ...whole, uploaded, isWaiting: false };
    this.set([...this.all, restored].sort(byTime));
    if (message.error === null) this.start(restored);
  }

  private keep(message: OutgoingMessage): void {
    if (this.ownerId !== null) keptAnswers.write(this.ownerId, message);
  }

  private async keepFile(message: OutgoingMessage): Promise<void> {
    if (this.ownerId === null || !message.file) return;
    const copy = await keptAnswers.writeFile(this.ownerId, message, message.file.file);
    const file = { ...message.file, file: copy ?? message.file.file };
    this.patch(message.client_id, { isFileKept: copy !== undefined, file });
  }

  private has({ client_id }: OutgoingMessage): boolean {
    return this.all.some((one) => one.client_id === client_id);
  }

  private patch(clientId: string, fields: Partial<OutgoingMessage>): void {
    const after = this.show(clientId, fields);
    if (after) this.keep(after);
  }

  /** What this page alone has to know: another tab may have come further and have kept that. */
  private show(clientId: string, fields: Partial<OutgoingMessage>): OutgoingMessage | null {
    const before = this.all.find((one) => one.client_id === clientId);
    if (!before) return null;
    const after = { ...before, ...fields };
    this.set(this.all.map((one) => (one === before ? after : one)));
    return after;
  }

  private drop(isDropped: (message: OutgoingMessage) => boolean): void {
    for (const { client_id, file } of this.all.filter(isDropped)) {
      this.uploads.get(client_id)?.abort();
      if (file) URL.revokeObjectURL(file.preview);
    }
    this.set(this.all.filter((one) => !isDropped(one)));
  }

  private set(all: readonly OutgoingMessage[]): void {
    this.all = all;
    this.listeners.forEach((listener) => listener());
  }
}

export const outgoingQueue = new OutgoingQueue();
