import type { DeliveryState, TicketPriority, TicketStatus } from "@/lib/models";

const status: Record<TicketStatus, string> = {
  OPEN: "Open",
  IN_PROGRESS: "In progress",
  RESOLVED: "Resolved",
  CLOSED: "Closed",
};

const priority: Record<TicketPriority, string> = {
  LOW: "Low",
  MEDIUM: "Medium",
  HIGH: "High",
  URGENT: "Urgent",
};

const delivery: Record<DeliveryState, string> = {
  queued: "Waiting to be sent",
  sending: "Being sent",
  unknown: "May have been sent",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  failed: "Not sent",
};

export const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

/** Every word that the interface says. A translation is another object of this shape. */
export const texts = {
  locale: "en-GB",
  productName: "Chat Support",
  pageTitle: (page: string) => `${page} · Chat Support`,
  status,
  priority,
  retry: "Try again",
  loading: "Loading…",
  close: "Close",
  dismiss: "Dismiss",

  errors: {
    title: "That did not work",
    network: "The desk cannot be reached. Check your connection and try again.",
    part: "A part of the page is missing and is asked for again. Should it stay away, load the page anew.",
    tooLarge: "This is too large for the server in front of the desk.",
    unexpected: "The desk answered in a way this page does not understand. Try again in a moment.",
  },

  shell: {
    skip: "Skip to the content",
    nav: "Main",
    dashboard: "Dashboard",
    support: "Support",
    settings: "Settings",
    people: "People",
    tags: "Tags",
    cannedReplies: "Canned replies",
    profileOf: (name: string) => `Profile of ${name}`,
    unread: (n: number) => count(n, "ticket with unread messages", "tickets with unread messages"),
    unreadTitle: (n: string, title: string) => `(${n}) ${title}`,
    signOut: "Sign out",
    useDark: "Use dark colours",
    useLight: "Use light colours",
    signedInAs: (name: string) => `Signed in as ${name}`,
    connecting: "Connecting",
    live: "Live",
    polling: "Polling",
    connectionLost: "Connection lost, checking every 10 seconds",
    unsent: {
      waiting: (n: number) => (n === 1 ? "1 answer waits to be sent:" : `${n} answers wait to be sent:`),
      refused: (n: number) => (n === 1 ? "1 answer was not sent:" : `${n} answers were not sent:`),
      ticket: (id: number) => `ticket #${id}`,
    },
  },

  dashboard: {
    title: "Dashboard",
    alertTitle: "Support Request",
    alertOpen: (n: number) => count(n, "open ticket waits for an answer", "open tickets wait for an answer"),
    alertUnassigned: (n: number) => count(n, "ticket has no assignee", "tickets have no assignee"),
    viewSupport: "View Support",
    calm: "Nobody is waiting for an answer.",
    counts: "Tickets by status",
    statusMeaning: {
      OPEN: "Waiting for an answer",
      IN_PROGRESS: "Being answered",
      RESOLVED: "Problem solved",
      CLOSED: "Nothing left to do",
    } satisfies Record<TicketStatus, string>,
    newest: "Newest tickets",
    seeAll: "See all tickets",
  },

  knowing: {
    counts: (open: number, unassigned: number) => `${open} open · ${unassigned} unassigned`,
    dismiss: "Put away until something new comes",
    newTicket: "A new ticket",
  },

  tickets: {
    title: "Support",
    list: "Tickets",
    opened: "Opened ticket",
    closes: (left: string) => `${left} left to answer freely`,
    closesIn: "Window closes in",
    unread: (n: number) => count(n, "unread message", "unread messages"),
    unassigned: "Unassigned",
    assignedTo: (name: string) => `Assigned to ${name}`,
    number: (id: number) => `#${id}`,
    choose: "Choose a ticket to read its thread",
    notFound: "This ticket does not exist, or not any more.",
    resolveAndNext: "Resolve & next",
    back: "Back to the list",
    showDetails: "Details",
    hideDetails: "Hide details",
    noIssue: "Not described yet",
  },

  thread: {
    delivery,
    today: "Today",
    yesterday: "Yesterday",
  },

  time: {
    now: "now",
    minutes: (n: number) => `${n} min`,
    hours: (n: number) => `${n} h`,
    hoursMinutes: (h: number, m: number) => `${h} h ${m} min`,
    days: (n: number) => count(n, "day", "days"),
    yesterday: "Yesterday",
  },
};
