import { describe, expect, it } from "vitest";

import { arrivals } from "@/lib/arrivals";
import { aTicket } from "@/lib/test-rows";

const at = (minute: number) => `2026-03-01T08:${String(minute).padStart(2, "0")}:00.000Z`;
const ids = (tickets: { id: number }[]) => tickets.map(({ id }) => id);

describe("arrivals", () => {
  const before = [aTicket({ id: 1, unread_count: 1, last_message_at: at(5) }), aTicket({ id: 2 })];

  it("are messages that nobody has read yet, and no other change", () => {
    const written = aTicket({ id: 1, unread_count: 2, last_message_at: at(6) });
    expect(ids(arrivals(before, [written, aTicket({ id: 2 })], 9))).toEqual([1]);
    const read = aTicket({ id: 1, unread_count: 0, last_message_at: at(5) });
    expect(arrivals(before, [read, aTicket({ id: 2, priority: "HIGH" })], 9)).toEqual([]);
  });

  it("are new tickets, but not those that only came into sight", () => {
    const fresh = aTicket({ id: 3, unread_count: 1, last_message_at: at(7) });
    const older = aTicket({ id: 4, unread_count: 1, last_message_at: at(1) });
    expect(ids(arrivals(before, [fresh, ...before, older], 9))).toEqual([3]);
    expect(ids(arrivals([], [fresh], 9))).toEqual([3]);
  });

  it("concern nobody, or this admin, and not a colleague", () => {
    const of = (assigned_admin_id: number | null) =>
      arrivals([], [aTicket({ id: 3, unread_count: 1, assigned_admin_id })], 9).length;
    expect([of(null), of(9), of(8)]).toEqual([1, 1, 0]);
  });
});
