import Router from "next/router";

import type { TicketAddress } from "@/lib/ticket-address";
import { addressOf, readTicketAddress } from "@/lib/ticket-address";

/**
 * A step from where the page is by now: what was drawn last may be older, and a choice made a moment
 * before would be undone.
 */
export function changeTicketAddress(change: (now: TicketAddress) => TicketAddress) {
  void Router.push(addressOf(change(readTicketAddress(Router.query))), undefined, { shallow: true });
}
