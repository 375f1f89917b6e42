import { count } from "@/lib/texts";

/** The words of a ticket's details, which come with the opened ticket. */
export const detailsTexts = {
  label: "Ticket details",
  status: "Status",
  priority: "Priority",
  assignee: "Assignee",
  nobody: "Nobody",
  assignToMe: "Assign to me",
  takeOver: "Take over",
  window: "Answer window",
  windowOpen: (left: string) => `Open for ${left}`,
  windowClosed: "Closed",
  windowNone: "Opens when the customer writes",
  ticket: "Ticket",
  opened: "Opened",
  resolved: "Resolved",
  cost: "WhatsApp’s charges",
  costOf: (amount: string, n: number) => `${count(n, "message", "messages")}: ${amount}`,
  noRate: "no rate set",
  waiting: "Waiting for",
  issue: "What it is about",
  changed: "The ticket has changed",
};
