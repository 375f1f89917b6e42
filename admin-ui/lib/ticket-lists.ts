import { deskClock } from "@/lib/desk-clock";
import { isLive, LIVE_STATUSES } from "@/lib/models";
import type { Ticket, TicketPage, TicketPriority, TicketStatus } from "@/lib/models";

/** What the desk is asked for; what is absent narrows nothing. */
export interface TicketFilter {
  statuses?: TicketStatus[];
  priority?: TicketPriority;
  assignee?: "me" | "none" | number;
  tagId?: number;
  /** The number of ours that the customer writes to, as WhatsApp calls it. */
  numberId?: string;
  waitingFor?: "customer";
  closingHours?: number;
  /** A day of the desk's own calendar, such as "2026-03-01". */
  openedOn?: string;
  sort: ListSort;
}

/** What the reader of a list can choose; without a choice it is by activity. */
export const LIST_SORTS = ["activity", "newest", "waiting", "closing"] as const;
export type ListSort = (typeof LIST_SORTS)[number];

export const TICKET_QUEUES = ["mine", "unassigned", "open", "waiting", "closed", "all"] as const;
export type TicketQueue = (typeof TICKET_QUEUES)[number];

export const CLOSING_HOURS = [1, 2, 6, 12];

/** How the reader narrows a queue down. A status or an assignee stands in the place of the queue's own. */
export interface Narrowing {
  status?: TicketStatus;
  priority?: TicketPriority;
  assignee?: "me" | "none" | number;
  tag?: number;
  number?: string;
  closing?: number;
  opened?: string;
}

const QUEUE_FILTERS: Record<TicketQueue, Omit<TicketFilter, "sort">> = {
  mine: { statuses: LIVE_STATUSES, assignee: "me" },
  unassigned: { statuses: LIVE_STATUSES, assignee: "none" },
  open: { statuses: LIVE_STATUSES },
  waiting: { statuses: LIVE_STATUSES, waitingFor: "customer" },
  closed: { statuses: ["RESOLVED", "CLOSED"] },
  all: {},
};

export const NEWEST: TicketFilter = { sort: "newest" };

export function queueFilter(
  queue: TicketQueue,
  narrowing: Narrowing = {},
  sort: ListSort = "activity",
): TicketFilter {
  const { status, priority, assignee, tag, number, closing, opened } = narrowing;
  return {
    ...QUEUE_FILTERS[queue],
    ...(status && { statuses: [status] }),
    ...(priority && { priority }),
    ...(assignee !== undefined && { assignee }),
    ...(tag !== undefined && { tagId: tag }),
    ...(number !== undefined && { numberId: number }),
    ...(closing !== undefined && { closingHours: closing }),
    ...(opened !== undefined && { openedOn: opened }),
    sort,
  };
}

export function matches(ticket: Ticket, filter: TicketFilter, adminId: number | undefined): boolean {
  const needsLife = filter.sort === "closing" || filter.waitingFor || filter.closingHours;
  if (needsLife && !isLive(ticket)) return false;
  if (filter.statuses && !filter.statuses.includes(ticket.status)) return false;
  if (filter.priority && ticket.priority !== filter.priority) return false;
  if (filter.tagId !== undefined && !ticket.tag_ids.includes(filter.tagId)) return false;
  if (filter.numberId !== undefined && ticket.phone_number_id !== filter.numberId) return false;
  if (filter.openedOn && ticket.opened_on !== filter.openedOn) return false;
  if (filter.waitingFor && ticket.waiting_since !== null) return false;
  if (filter.closingHours && closesAt(ticket) > deskClock.now() + filter.closingHours * 3_600_000)
    return false;
  if (filter.assignee === "me") return ticket.assigned_admin_id === adminId;
  if (filter.assignee === "none") return ticket.assigned_admin_id === null;
  return filter.assignee === undefined || ticket.assigned_admin_id === filter.assignee;
}

/** The ticket below this one in its list; after the last one the first, and none where there is no other. */
export function nextOf(listed: readonly Ticket[], ticketId: number): number | undefined {
  const at = listed.findIndex((ticket) => ticket.id === ticketId);
  return [...listed.slice(at + 1), ...listed].find((ticket) => ticket.id !== ticketId)?.id;
}

/** Negative when `a` stands above `b`. */
function compare(a: Ticket, b: Ticket, sort: ListSort): number {
  if (sort === "closing") return closesAt(a) - closesAt(b) || b.id - a.id;
  if (sort === "waiting") return waitsSince(a) - waitsSince(b) || b.id - a.id;
  if (sort === "newest") return b.id - a.id;
  return Date.parse(b.last_message_at) - Date.parse(a.last_message_at) || b.id - a.id;
}

/** When the customer can no longer be written to freely; those of whom that is already so come last. */
function closesAt({ window_expires_at: expiresAt }: Ticket): number {
  const at = expiresAt === null ? 0 : Date.parse(expiresAt);
  return at > deskClock.now() ? at : Number.MAX_SAFE_INTEGER;
}

/** Those who do not wait come last. */
function waitsSince({ waiting_since: since }: Ticket): number {
  return since === null ? Number.MAX_SAFE_INTEGER : Date.parse(since);
}

/**
 * The loaded pages after one ticket has changed: moved to its place, taken in or taken out. A ticket that
 * belongs below the last loaded page is only counted, as "load more" will bring it; news that is older than what
 * is listed changes nothing.
 */
export function withTicket(
  pages: TicketPage[],
  ticket: Ticket,
  filter: TicketFilter,
  adminId: number | undefined,
): TicketPage[] {
  const last = pages.at(-1);
  if (!last) return pages;
  const listed = pages.flatMap((page) => page.tickets).find((other) => other.id === ticket.id);
  if (listed && listed.version > ticket.version) return pages;
  const wasListed = listed !== undefined;
  const belongs = matches(ticket, filter, adminId);
  if (!wasListed && !belongs) return pages;

  const total = last.total_is_capped ? last.total : last.total + (belongs ? 1 : 0) - (wasListed ? 1 : 0);
  const others = pages.map((page) => ({
    ...page,
    total,
    tickets: page.tickets.filter((other) => other.id !== ticket.id),
  }));
  if (!belongs) return others;

  const home = others.findIndex((page) =>
    page.tickets.some((other) => compare(ticket, other, filter.sort) < 0),
  );
  // One that stays the last has nowhere else to come from.
  const isBelow = !listed || compare(ticket, listed, filter.sort) > 0;
  if (home === -1 && last.next_cursor !== null && isBelow) return others;
  const index = home === -1 ? others.length - 1 : home;
  return others.map((page, i) =>
    i === index
      ? { ...page, tickets: [...page.tickets, ticket].sort((a, b) => compare(a, b, filter.sort)) }
      : page,
  );
}
