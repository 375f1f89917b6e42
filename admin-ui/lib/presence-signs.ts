import { newClientId } from "@/lib/client-id";
import type { PresenceSign } from "@/lib/models";

/** The desk forgets whoever gave no sign for 100 seconds; a browser wakes a tab out of sight once a minute. */
export const ALIVE_MS = 40_000;
/** The desk forgets after eight seconds that somebody writes. */
const STILL_WRITES_MS = 4_000;
const PAUSE_MS = 6_000;

/** What this dashboard says of itself: one sign at a time, so that an older one never arrives after a newer. */
export class PresenceSigns {
  private readonly tab = newClientId();
  private ticketId: number | null = null;
  private isWriting = false;
  private toldAt = 0;
  private isUnderWay = false;
  private isOld = false;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly give: (sign: PresenceSign) => Promise<unknown>) {}

  /** The ticket that is looked at now. */
  show(ticketId: number | null): void {
    if (ticketId !== this.ticketId) this.stopWriting();
    this.ticketId = ticketId;
    this.tell();
  }

  /** Called with every key of an answer. */
  write(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.rest(), PAUSE_MS);
    if (this.isWriting && Date.now() - this.toldAt < STILL_WRITES_MS) return;
    this.isWriting = true;
    this.tell();
  }

  /** The answer is sent, or its writer thinks. */
  rest(): void {
    if (!this.isWriting) return;
    this.stopWriting();
    this.tell();
  }

  async leave(): Promise<void> {
    this.stopWriting();
    this.isOld = false;
    await this.give({ ...this.sign(), gone: true }).catch(() => undefined);
  }

  /** The same once more, so that it holds. What fails is not worth a word: the next one follows. */
  tell(): void {
    this.isOld = true;
    if (!this.isUnderWay) void this.giveAll();
  }

  private async giveAll(): Promise<void> {
    this.isUnderWay = true;
    while (this.isOld) {
      this.isOld = false;
      this.toldAt = Date.now();
      await this.give(this.sign()).catch(() => undefined);
    }
    this.isUnderWay = false;
  }

  private stopWriting(): void {
    clearTimeout(this.pause);
    this.isWriting = false;
  }

  private sign(): PresenceSign {
    return { tab: this.tab, ticket_id: this.ticketId, typing: this.isWriting, gone: false };
  }
}
