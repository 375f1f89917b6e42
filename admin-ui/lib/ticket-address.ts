import type { TicketPriority, TicketStatus } from "@/lib/models";
import { TICKET_PRIORITIES, TICKET_STATUSES } from "@/lib/models";
import type { ListSort, Narrowing, TicketQueue } from "@/lib/ticket-lists";
import { CLOSING_HOURS, LIST_SORTS, TICKET_QUEUES } from "@/lib/ticket-lists";

/** What the address of the support page says: which list, narrowed how, and which ticket of it is open. */
export interface TicketAddress extends Narrowing {
  queue: TicketQueue;
  /** Absent: by activity. */
  sort?: ListSort;
  ticketId?: number;
}

type Query = Record<string, string | string[] | undefined>;

export const NARROWINGS = ["status", "priority", "assignee", "tag", "number", "closing", "opened"] as const;

export function readTicketAddress(query: Query): TicketAddress {
  return {
    queue: oneOf(TICKET_QUEUES, query.queue) ?? "open",
    sort: oneOf(LIST_SORTS, query.sort),
    ticketId: idOf(query.ticket),
    status: oneOf<TicketStatus>(TICKET_STATUSES, query.status),
    priority: oneOf<TicketPriority>(TICKET_PRIORITIES, query.priority),
    assignee: oneOf(["me", "none"] as const, query.assignee) ?? idOf(query.assignee),
    tag: idOf(query.tag),
    number: typeof query.number === "string" && query.number ? query.number.slice(0, 64) : undefined,
    closing: CLOSING_HOURS.find((hours) => String(hours) === query.closing),
    opened: isDay(query.opened) ? query.opened : undefined,
  };
}

/** The list's part of the address, as a query. */
export function listQuery(address: TicketAddress): Record<string, string> {
  const { queue, sort } = address;
  const narrowed = NARROWINGS.flatMap((name) =>
    address[name] === undefined ? [] : [[name, String(address[name])] as const],
  );
  return { queue, ...(sort && sort !== "activity" && { sort }), ...Object.fromEntries(narrowed) };
}

/** The way to a list, with the opened ticket kept open. */
export function addressOf(address: TicketAddress) {
  const opened = address.ticketId === undefined ? {} : { ticket: String(address.ticketId) };
  return { pathname: "/support-tickets", query: { ...listQuery(address), ...opened } };
}

/** The same list without what narrows it down. */
export function withoutFilters({ queue, sort, ticketId }: TicketAddress): TicketAddress {
  return { queue, sort, ticketId };
}

function oneOf<T extends string>(all: readonly T[], value: unknown): T | undefined {
  return all.find((one) => one === value);
}

/** "2026-03-01" and the like, where the calendar has that day. */
function isDay(value: unknown): value is string {
  if (typeof value !== "string" || !/^2[01]\d\d-\d\d-\d\d$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}

function idOf(value: unknown): number | undefined {
  const id = Number(value);
  return typeof value === "string" && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
