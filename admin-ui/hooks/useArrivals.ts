import { useRouter } from "next/router";
import { useEffect, useRef } from "react";

import { useDevicePreference } from "@/hooks/useDevicePreference";
import { useTickets } from "@/hooks/useTickets";
import { arrivals } from "@/lib/arrivals";
import { chime } from "@/lib/chime";
import { notify, onNotificationTap } from "@/lib/desk-notifications";
import type { Ticket } from "@/lib/models";
import { queueFilter } from "@/lib/ticket-lists";

/**
 * Tells of what has come: by a notification, by a sound, or not at all where the ticket is being read. It looks at
 * the list of live tickets, so that it hears the same by the stream, by polling and after a cut line.
 */
export function useArrivals(adminId: number): void {
  const { query, push } = useRouter();
  const { data } = useTickets(queueFilter("open"));
  const [notifies] = useDevicePreference("notifications");
  const [sounds] = useDevicePreference("sound");
  const before = useRef<Ticket[] | null>(null);
  const opened = Number(query.ticket);

  useEffect(() => onNotificationTap((path) => void push(path)), [push]);

  useEffect(() => {
    if (!data) return;
    const earlier = before.current;
    before.current = data.tickets;
    if (earlier === null || earlier === data.tickets) return;
    const isRead = (ticket: Ticket) => ticket.id === opened && document.hasFocus();
    const news = arrivals(earlier, data.tickets, adminId).filter((ticket) => !isRead(ticket));
    // A browser that plays or shows nothing says why in its own settings; the desk itself shows all the same.
    if (notifies) for (const ticket of news) notify(ticket).catch(() => undefined);
    if (sounds && news.length > 0) chime().catch(() => undefined);
  }, [data, adminId, opened, notifies, sounds]);
}
