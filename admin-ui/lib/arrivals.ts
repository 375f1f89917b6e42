import type { Ticket } from "@/lib/models";

/**
 * The tickets with messages that were not there before, of those that concern this admin or nobody yet. Both lists
 * are of live tickets, by activity; what only came into sight from further down is no news.
 */
export function arrivals(before: Ticket[], after: Ticket[], adminId: number): Ticket[] {
  const known = new Map(before.map((ticket) => [ticket.id, ticket.unread_count]));
  const newest = Math.max(0, ...before.map((ticket) => Date.parse(ticket.last_message_at)));
  return after.filter((ticket) => {
    if (ticket.assigned_admin_id !== null && ticket.assigned_admin_id !== adminId) return false;
    const unread = known.get(ticket.id);
    if (unread !== undefined) return ticket.unread_count > unread;
    return ticket.unread_count > 0 && Date.parse(ticket.last_message_at) >= newest;
  });
}
