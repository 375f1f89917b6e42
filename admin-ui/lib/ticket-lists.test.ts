import { describe, expect, it } from "vitest";

import type { Ticket, TicketPage } from "@/lib/models";
import { aTicket } from "@/lib/test-rows";
import { matches, queueFilter, withTicket, nextOf } from "@/lib/ticket-lists";

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 8, minute)).toISOString();
const page = (tickets: Ticket[], total = tickets.length, next_cursor: string | null = null): TicketPage => ({
  tickets,
  total,
  total_is_capped: false,
  next_cursor,
});
const idsOf = (pages: TicketPage[]) => pages.map((one) => one.tickets.map((ticket) => ticket.id));
const open = queueFilter("open");
const ME = 7;

describe("matches", () => {
  it("keeps live tickets under Open, Mine and Unassigned, and every ticket under All", () => {
    const resolved = aTicket({ status: "RESOLVED", assigned_admin_id: ME });
    expect(matches(resolved, queueFilter("open"), ME)).toBe(false);
    expect(matches(resolved, queueFilter("mine"), ME)).toBe(false);
    expect(matches(resolved, queueFilter("all"), ME)).toBe(true);
    expect(matches(aTicket({ status: "IN_PROGRESS" }), queueFilter("open"), ME)).toBe(true);
  });

  it("tells my tickets, others' and nobody's apart", () => {
    expect(matches(aTicket({ assigned_admin_id: ME }), queueFilter("mine"), ME)).toBe(true);
    expect(matches(aTicket({ assigned_admin_id: 8 }), queueFilter("mine"), ME)).toBe(false);
    expect(matches(aTicket(), queueFilter("mine"), undefined)).toBe(false);
    expect(matches(aTicket(), queueFilter("unassigned"), ME)).toBe(true);
    expect(matches(aTicket({ assigned_admin_id: 8 }), queueFilter("unassigned"), ME)).toBe(false);
  });

  it("keeps a day's tickets by the desk's own calendar", () => {
    const late = aTicket({ created_at: "2026-03-01T23:30:00Z", opened_on: "2026-03-02" });
    expect(matches(late, queueFilter("all", { opened: "2026-03-02" }), ME)).toBe(true);
    expect(matches(late, queueFilter("all", { opened: "2026-03-01" }), ME)).toBe(false);
  });

  it("narrows a view down to one status", () => {
    expect(matches(aTicket({ status: "CLOSED" }), queueFilter("all", { status: "RESOLVED" }), ME)).toBe(
      false,
    );
    expect(matches(aTicket({ status: "RESOLVED" }), queueFilter("all", { status: "RESOLVED" }), ME)).toBe(
      true,
    );
  });
});

describe("withTicket", () => {
  const first = aTicket({ id: 1, last_message_at: at(30) });
  const second = aTicket({ id: 2, last_message_at: at(20) });
  const third = aTicket({ id: 3, last_message_at: at(10) });

  it("moves a ticket with a new message to the top, across pages", () => {
    const pages = withTicket(
      [page([first, second], 3, "c"), page([third], 3)],
      { ...third, last_message_at: at(40) },
      open,
      ME,
    );
    expect(idsOf(pages)).toEqual([[3, 1, 2], []]);
    expect(pages[0]?.total).toBe(3);
  });

  it("takes in a new ticket and counts it on every page", () => {
    const pages = withTicket(
      [page([first], 2, "c"), page([third], 2)],
      aTicket({ id: 4, last_message_at: at(20) }),
      open,
      ME,
    );
    expect(idsOf(pages)).toEqual([[1], [4, 3]]);
    expect(pages.map((one) => one.total)).toEqual([3, 3]);
  });

  it("takes out a ticket that no longer belongs", () => {
    const pages = withTicket([page([first, second])], { ...first, status: "RESOLVED" }, open, ME);
    expect(idsOf(pages)).toEqual([[2]]);
    expect(pages[0]?.total).toBe(1);
  });

  it("only counts a ticket that belongs below the last loaded page", () => {
    const pages = withTicket([page([first, second], 9, "c")], third, open, ME);
    expect(idsOf(pages)).toEqual([[1, 2]]);
    expect(pages[0]?.total).toBe(10);
  });

  it("appends it where everything is loaded", () => {
    expect(idsOf(withTicket([page([first, second])], third, open, ME))).toEqual([[1, 2, 3]]);
    expect(idsOf(withTicket([page([])], third, open, ME))).toEqual([[3]]);
  });

  it("leaves a list alone that the ticket has nothing to do with", () => {
    const pages = [page([first])];
    expect(withTicket(pages, aTicket({ id: 5, status: "CLOSED" }), open, ME)).toBe(pages);
  });
});

describe("the list by the longest waiting", () => {
  const waiting = queueFilter("open", {}, "waiting");

  it("lets go of a ticket that now belongs below what is loaded, and brings it with the next page", () => {
    const listed = [1, 2, 3].map((id) => aTicket({ id, waiting_since: at(id) }));
    const answered = aTicket({ id: 1, waiting_since: null, version: 9 });
    const pages = withTicket([page(listed, 60, "c")], answered, waiting, ME);
    expect(idsOf(pages)).toEqual([[2, 3]]);
    expect(pages[0]?.total).toBe(60);
    expect(idsOf(withTicket([page(listed, 3)], answered, waiting, ME))).toEqual([[2, 3, 1]]);
    const renamed = aTicket({ id: 3, waiting_since: at(3), version: 9 });
    expect(idsOf(withTicket([page(listed, 60, "c")], renamed, waiting, ME))).toEqual([[1, 2, 3]]);
  });
});

describe("the list by closing windows", () => {
  const closing = queueFilter("all", {}, "closing");
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

  it("has the next to close first, the closed ones after them, and no ended tickets", () => {
    const listed = [
      aTicket({ id: 1, window_expires_at: inHours(5) }),
      aTicket({ id: 2, window_expires_at: inHours(-1) }),
    ];
    const added = withTicket([page(listed)], aTicket({ id: 3, window_expires_at: inHours(1) }), closing, ME);
    const both = withTicket(added, aTicket({ id: 4 }), closing, ME);
    expect(idsOf(both)).toEqual([[3, 1, 4, 2]]);
    expect(matches(aTicket({ status: "CLOSED" }), closing, ME)).toBe(false);
  });
});

describe("nextOf", () => {
  const listed = [5, 3, 9].map((id) => aTicket({ id }));
  it("goes down the list and round its end", () => {
    expect([5, 3, 9].map((id) => nextOf(listed, id))).toEqual([3, 9, 5]);
  });
  it("begins at the top for a ticket that has left the list, and ends with the last", () => {
    expect(nextOf(listed, 7)).toBe(5);
    expect(nextOf([aTicket({ id: 5 })], 5)).toBeUndefined();
    expect(nextOf([], 5)).toBeUndefined();
  });
});
