import type { AuditAction, TicketStatus } from "@/lib/models";
import type { TicketFilter } from "@/lib/ticket-lists";

/** Which entries of the audit log; undefined excludes none. */
export interface AuditFilter {
  actor_id?: number;
  action?: AuditAction;
}

export const keys = {
  session: ["session"] as const,
  admins: ["admins"] as const,
  people: ["people"] as const,
  profile: ["profile"] as const,
  invite: (token: string) => ["invite", token] as const,
  audit: (filter: AuditFilter) => ["audit", filter] as const,
  notifications: ["notifications"] as const,
  ticketLists: ["tickets"] as const,
  ticketList: (filter: TicketFilter, limit: number) => ["tickets", filter, limit] as const,
  ticketTotals: ["ticket-totals"] as const,
  ticketTotal: (status: TicketStatus) => ["ticket-totals", status] as const,
  queues: ["queues"] as const,
  tags: ["tags"] as const,
  cannedReplies: ["canned-replies"] as const,
  presence: ["presence"] as const,
  searches: ["search"] as const,
  search: (text: string, filter: TicketFilter | null) => ["search", text, filter] as const,
  threads: ["thread"] as const,
  thread: (ticketId: number) => ["thread", ticketId] as const,
  contacts: ["contact"] as const,
  contact: (contactId: number) => ["contact", contactId] as const,
  overview: ["overview"] as const,
  selfTest: ["self-test"] as const,
  sampleData: ["sample-data"] as const,
  templates: ["templates"] as const,
  settings: ["settings"] as const,
  quarantine: ["quarantine"] as const,
  numberHealth: ["number-health"] as const,
  costs: ["costs"] as const,
  monthlyCosts: (month: string) => ["costs", month] as const,
};
