import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ConnectionState } from "@/lib/event-stream";
import { EventStream } from "@/lib/event-stream";
import { aMessage, aTicket } from "@/lib/test-rows";

/** The browser's side of a stream, led by the test. */
class LedSource extends EventTarget {
  readonly CLOSED = 2;
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly cursor: string | null) {
    super();
  }
  close() {
    this.readyState = 2;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
  }
  tells(type: string, id: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId: id }));
  }
  /** `gaveUp`: the browser does not try again by itself. */
  breaks(gaveUp: boolean) {
    this.readyState = gaveUp ? 2 : 0;
    this.onerror?.();
  }
}

let sources: LedSource[];
let heard: unknown[];
let states: ConnectionState[];
let stream: EventStream;
const newest = () => sources.at(-1) as LedSource;

beforeEach(() => {
  vi.useFakeTimers();
  sources = [];
  heard = [];
  states = [];
  stream = new EventStream(
    (cursor) => {
      sources.push(new LedSource(cursor));
      return newest() as unknown as EventSource;
    },
    {
      onTicket: (ticket) => heard.push(["ticket", ticket.id]),
      onMessage: (ticketId, message) => heard.push(["message", ticketId, message.id]),
      onContact: (ticket) => heard.push(["contact", ticket.id]),
      onAccount: () => heard.push("account"),
      onTags: () => heard.push("tags"),
      onPresence: ({ people }) => heard.push(["presence", people.length]),
      onReset: () => heard.push("reset"),
      onState: (state) => states.push(state),
    },
  );
  stream.connect();
});

afterEach(() => {
  stream.close();
  vi.useRealTimers();
});

describe("EventStream", () => {
  it("tells tickets and messages apart, and starts afresh on the first connection and when told so", () => {
    newest().opens();
    newest().tells("ready", "10", { cursor: 10 });
    newest().tells("ticket.created", "11", { ticket: aTicket({ id: 4 }) });
    newest().tells("message.updated", "12", { ticket_id: 4, message: aMessage({ id: 9 }) });
    newest().tells("reset", "40", { cursor: 40 });
    expect(heard).toEqual(["reset", ["ticket", 4], ["contact", 4], ["message", 4, 9], "reset"]);
    expect(states).toEqual(["live"]);
  });

  it("tells news of the account, which has no rows of its own", () => {
    newest().tells("account.updated", "3", {});
    expect(heard).toEqual(["account"]);
  });

  it("tells who is at the desk, and keeps its place", () => {
    newest().opens();
    newest().tells("ticket.updated", "11", { ticket: aTicket() });
    newest().tells("presence", "", { people: [] });
    expect(heard.at(-1)).toEqual(["presence", 0]);
    newest().breaks(true);
    vi.advanceTimersByTime(1_000);
    expect(newest().cursor).toBe("11");
  });

  it("opens a new stream from the last cursor when the browser gives up, and misses nothing", () => {
    newest().opens();
    newest().tells("ready", "10", { cursor: 10 });
    newest().tells("ticket.updated", "11", { ticket: aTicket() });
    newest().breaks(true);
    vi.advanceTimersByTime(1_000);
    expect(sources.map((source) => source.cursor)).toEqual([null, "11"]);
    newest().opens();
    newest().tells("ready", "11", { cursor: 11 });
    expect(heard).toEqual(["reset", ["ticket", 1]]);
  });

  it("leaves reconnecting to a browser that does it by itself", () => {
    newest().opens();
    newest().breaks(false);
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
  });

  it("says that the line is down only after some seconds, and when it is back", () => {
    newest().opens();
    newest().breaks(false);
    vi.advanceTimersByTime(3_000);
    newest().opens();
    vi.advanceTimersByTime(10_000);
    expect(states).toEqual(["live", "live"]);
    newest().breaks(false);
    vi.advanceTimersByTime(4_000);
    newest().opens();
    expect(states).toEqual(["live", "live", "down", "live"]);
  });

  it("comes back from the last cursor after the browser said that the line was cut", () => {
    newest().opens();
    newest().tells("ready", "10", { cursor: 10 });
    stream.lineIsCut();
    vi.advanceTimersByTime(4_000);
    stream.connect();
    newest().opens();
    expect(states).toEqual(["live", "down", "live"]);
    expect(newest().cursor).toBe("10");
  });

  it("opens a new stream where an open one fell silent, and says so where that one finds no way", () => {
    newest().opens();
    newest().tells("ready", "10", { cursor: 10 });
    for (let beat = 0; beat < 8; beat += 1) {
      vi.advanceTimersByTime(15_000);
      newest().tells("alive", "10", {});
    }
    expect(sources).toHaveLength(1);
    vi.advanceTimersByTime(40_000);
    expect(sources.map((source) => source.cursor)).toEqual([null, "10"]);
    vi.advanceTimersByTime(3_000);
    expect(states).toEqual(["live"]);
    vi.advanceTimersByTime(1_000);
    expect(states).toEqual(["live", "down"]);
    vi.advanceTimersByTime(36_000);
    expect(sources).toHaveLength(3);
    newest().opens();
    expect(states).toEqual(["live", "down", "live"]);
  });

  it("does not open again once it is closed, until it is told to, and then misses nothing", () => {
    newest().tells("ready", "10", { cursor: 10 });
    newest().breaks(true);
    stream.close();
    stream.connect();
    stream.lineIsCut();
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
    expect(states).toEqual([]);
    stream.reopen();
    expect(newest().cursor).toBe("10");
    expect(sources).toHaveLength(2);
  });
});
