import type { Message, Presence, Ticket } from "@/lib/models";

export type ConnectionState = "connecting" | "live" | "down";

export interface StreamListener {
  onTicket(ticket: Ticket): void;
  onMessage(ticketId: number, message: Message): void;
  /** What the desk knows of this ticket's customer, or which tickets they have. */
  onContact(ticket: Ticket): void;
  /** Something of the account, its templates or the desk's settings. */
  onAccount(): void;
  onTags(): void;
  /** Who is at the desk now. */
  onPresence(presence: Presence): void;
  /** What was fetched before may be out of date: the stream starts afresh from here. */
  onReset(): void;
  onState(state: ConnectionState): void;
}

/** A stream that is away for less than this is not worth a word. */
const GRACE_MS = 4_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000];
/** The desk says every 15 s that it is alive. */
const SILENCE_MS = 40_000;

/**
 * Keeps an event stream open. A browser reconnects by itself after a cut line and sends Last-Event-ID; after an
 * HTTP error, or asleep in a pocket, it gives up silently, and this opens a new one from the last cursor. So it does
 * where nothing comes any more: a phone that changes networks leaves lines behind that nobody tells the browser of.
 */
export class EventStream {
  private source: EventSource | null = null;
  private cursor: string | null = null;
  private failures = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private graceTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(
    private readonly open: (cursor: string | null) => EventSource,
    private readonly listener: StreamListener,
  ) {}

  connect(): void {
    if (this.closed) return;
    clearTimeout(this.retryTimer);
    this.source?.close();
    const isFirst = this.cursor === null;
    const source = this.open(this.cursor);
    this.source = source;
    this.awaitSign();

    const on = (type: string, handle: (data: string) => void) =>
      source.addEventListener(type, (event) => {
        if (source !== this.source) return;
        this.awaitSign();
        if (event.lastEventId) this.cursor = event.lastEventId;
        handle(event.data as string);
      });
    on("ready", () => {
      if (isFirst) this.listener.onReset();
    });
    on("reset", () => this.listener.onReset());
    for (const type of ["ticket.created", "ticket.updated"]) {
      on(type, (data) => this.listener.onTicket((JSON.parse(data) as { ticket: Ticket }).ticket));
    }
    for (const type of ["message.created", "message.updated"]) {
      on(type, (data) => {
        const { ticket_id, message } = JSON.parse(data) as { ticket_id: number; message: Message };
        this.listener.onMessage(ticket_id, message);
      });
    }
    for (const type of ["ticket.created", "contact.updated"]) {
      on(type, (data) => this.listener.onContact((JSON.parse(data) as { ticket: Ticket }).ticket));
    }
    on("account.updated", () => this.listener.onAccount());
    on("tags.updated", () => this.listener.onTags());
    on("alive", () => undefined);
    on("presence", (data) => this.listener.onPresence(JSON.parse(data) as Presence));
    source.onopen = () => source === this.source && this.opened();
    source.onerror = () => source === this.source && this.failed(source);
  }

  /** The browser knows that the line is cut, which an open stream notices late or never. */
  lineIsCut(): void {
    if (this.closed) return;
    this.source?.close();
    this.startGrace();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.retryTimer);
    clearTimeout(this.graceTimer);
    this.graceTimer = undefined;
    clearTimeout(this.silenceTimer);
    this.source?.close();
  }

  /** Goes on after `close`, from the last cursor. */
  reopen(): void {
    this.closed = false;
    this.connect();
  }

  private opened(): void {
    this.failures = 0;
    this.awaitSign();
    clearTimeout(this.graceTimer);
    this.graceTimer = undefined;
    this.listener.onState("live");
  }

  private failed(source: EventSource): void {
    this.startGrace();
    this.awaitSign(2 * SILENCE_MS); // the browser's own tries come first
    if (source.readyState !== source.CLOSED) return;
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.connect(), wait);
  }

  private awaitSign(patience = SILENCE_MS): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => {
      this.startGrace();
      this.connect();
    }, patience);
  }

  private startGrace(): void {
    this.graceTimer ??= setTimeout(() => this.listener.onState("down"), GRACE_MS);
  }
}
