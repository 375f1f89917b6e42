import type { TicketCount } from "@/lib/models";
import { texts } from "@/lib/texts";

/** So many of them, in words. */
export const count = (n: number, one: string, many: string) =>
  `${n.toLocaleString(texts.locale)} ${n === 1 ? one : many}`;

/** A count as it is told; of very many, that there are more. */
export function countText({ count, is_capped: isCapped }: TicketCount): string {
  const shown = count.toLocaleString(texts.locale);
  return isCapped ? `${shown}+` : shown;
}

/** The words of the list of tickets: its queues, filters and search. */
export const listTexts = {
  queues: {
    mine: "Mine",
    unassigned: "Unassigned",
    open: "All open",
    waiting: "Waiting for customer",
    closed: "Closed",
    all: "Everything",
  },
  queuesLabel: "Queues",
  sort: "Sort by",
  sorts: {
    activity: "Latest message",
    newest: "Newest ticket",
    waiting: "Longest waiting",
    closing: "Closing soonest",
  },
  filters: "Filters",
  filtersOn: (n: number) => `Filters, ${n} set`,
  show: (n: number, isCapped: boolean) =>
    isCapped ? `Show more than ${count(n, "ticket", "tickets")}` : `Show ${count(n, "ticket", "tickets")}`,
  clear: "Clear all filters",
  remove: (name: string) => `Remove the filter ${name}`,
  any: "Any",
  fields: {
    status: "Status",
    priority: "Priority",
    assignee: "Assignee",
    tag: "Tag",
    number: "Our number",
    closing: "Answer window",
    opened: "Opened on",
  },
  me: "Me",
  nobody: "Nobody",
  closingWithin: (hours: number) => `Closes within ${hours} h`,
  search: {
    label: "Search tickets",
    placeholder: "Name, number, words or #ticket",
    clear: "Clear the search",
    where: "Where to search",
    inList: "In this list",
    everywhere: "Everywhere",
    found: (n: number, isComplete: boolean) =>
      isComplete
        ? `${count(n, "ticket", "tickets")} found`
        : `The first ${count(n, "ticket", "tickets")}. There may be more: add a word to narrow it down.`,
    nothing: "Nothing found",
    nothingHint: "Try fewer or other words, a part of the phone number, or the ticket’s number such as #123.",
    nothingHere: "Nothing found in this list",
  },
  empty: {
    mine: "No open ticket is assigned to you. Take one from Unassigned.",
    unassigned: "Every open ticket has an assignee.",
    open: "No open tickets. New ones appear here by themselves.",
    waiting: "No open ticket waits for its customer.",
    closed: "No ticket is resolved or closed yet.",
    all: "There are no tickets yet.",
    filtered: "No ticket in this queue passes the filters.",
  },
  loadingMore: "Loading more…",
  select: (name: string, id: number) => `Select ${name} #${id}`,
  keys: {
    next: "Next ticket in the list",
    previous: "Previous ticket in the list",
    select: "Select the ticket",
    search: "Search",
  },
};
