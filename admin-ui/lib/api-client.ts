import createClient from "openapi-fetch";

import type { paths } from "@/lib/api.gen";
import { take, upload } from "@/lib/api-answer";
import { deskClock } from "@/lib/desk-clock";
import type {
  CannedReplyFields,
  ContactChanges,
  DeskSettingsChanges,
  PresenceSign,
  Reply,
  Role,
  TagColour,
  TicketChanges,
  TicketThread,
} from "@/lib/models";
import type { AuditFilter } from "@/lib/query-keys";
import type { OutgoingFile } from "@/lib/thread";
import type { TicketFilter } from "@/lib/ticket-lists";

const TIMEOUT_MS = 20_000;

const client = createClient<paths>({
  querySerializer: { array: { style: "form", explode: true } },
  fetch: async (request: Request) => {
    const askedAt = Date.now();
    const answer = await fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    deskClock.learn(answer.headers.get("Date"), askedAt);
    return answer;
  },
});

const filterQuery = (filter: TicketFilter) => ({
  status: filter.statuses,
  priority: filter.priority && [filter.priority],
  assigned_admin_id: filter.assignee,
  tag_id: filter.tagId === undefined ? undefined : [filter.tagId],
  phone_number_id: filter.numberId,
  waiting_for: filter.waitingFor,
  opened_on: filter.openedOn,
  closing_within_minutes: filter.closingHours && filter.closingHours * 60,
});

const ticket = (ticket_id: number) => ({ path: { ticket_id } });

const person = (admin_id: number) => ({ path: { admin_id } });

export const api = {
  login: (email: string, password: string, code = "") =>
    take(client.POST("/api/auth/login", { body: { email, password, code } })),
  logout: () => take(client.POST("/api/auth/logout")),
  session: () => take(client.GET("/api/auth/me")),
  people: () => take(client.GET("/api/people")),
  invite: (email: string, role: Role) => take(client.POST("/api/people/invites", { body: { email, role } })),
  revokeInvite: (invite_id: number) =>
    take(client.DELETE("/api/people/invites/{invite_id}", { params: { path: { invite_id } } })),
  changeRole: (admin_id: number, role: Role) =>
    take(client.PUT("/api/people/{admin_id}/role", { params: person(admin_id), body: { role } })),
  disable: (admin_id: number) =>
    take(client.POST("/api/people/{admin_id}/disable", { params: person(admin_id), body: {} })),
  enable: (admin_id: number) =>
    take(client.POST("/api/people/{admin_id}/enable", { params: person(admin_id), body: {} })),
  resetSecondFactor: (admin_id: number) =>
    take(client.DELETE("/api/people/{admin_id}/second-factor", { params: person(admin_id) })),
  lookAtInvite: (token: string) => take(client.POST("/api/invites/look", { body: { token } })),
  acceptInvite: (token: string, name: string, password: string) =>
    take(client.POST("/api/invites/accept", { body: { token, name, password } })),
  profile: () => take(client.GET("/api/profile")),
  rename: (name: string) => take(client.PATCH("/api/profile", { body: { name } })),
  changePassword: (old_password: string, new_password: string) =>
    take(client.POST("/api/profile/password", { body: { old_password, new_password } })),
  revokeSession: (session_id: number) =>
    take(client.DELETE("/api/profile/sessions/{session_id}", { params: { path: { session_id } } })),
  createToken: (name: string) => take(client.POST("/api/profile/tokens", { body: { name } })),
  revokeToken: (token_id: number) =>
    take(client.DELETE("/api/profile/tokens/{token_id}", { params: { path: { token_id } } })),
  beginSecondFactor: () => take(client.POST("/api/profile/second-factor", { body: {} })),
  confirmSecondFactor: (code: string) =>
    take(client.POST("/api/profile/second-factor/confirm", { body: { code } })),
  renewRecoveryCodes: (password: string) =>
    take(client.POST("/api/profile/second-factor/recovery-codes", { body: { password } })),
  turnSecondFactorOff: (password: string) =>
    take(client.POST("/api/profile/second-factor/off", { body: { password } })),
  audit: (filter: AuditFilter, cursor?: number) =>
    take(client.GET("/api/audit", { params: { query: { ...filter, cursor } } })),
  notifications: () => take(client.GET("/api/support/notifications")),
  admins: () => take(client.GET("/api/support/admins")),
  tickets: (filter: TicketFilter, limit: number, cursor?: string) =>
    take(
      client.GET("/api/support/tickets", {
        params: {
          query: { ...filterQuery(filter), sort: filter.sort, limit, cursor },
        },
      }),
    ),
  /** The desk always tells the messages, though its OpenAPI document calls them optional. */
  ticket: (id: number, limit?: number): Promise<TicketThread> =>
    take(
      client.GET("/api/support/tickets/{ticket_id}", { params: { ...ticket(id), query: { limit } } }),
    ) as Promise<TicketThread>,
  earlierMessages: (id: number, before: string, limit?: number) =>
    take(
      client.GET("/api/support/tickets/{ticket_id}/messages", {
        params: { ...ticket(id), query: { before, limit } },
      }),
    ),
  changeTicket: (id: number, changes: TicketChanges) =>
    take(
      client.PATCH("/api/support/tickets/{ticket_id}", {
        params: ticket(id),
        body: { add_tag_ids: [], remove_tag_ids: [], ...changes },
        keepalive: true,
      }),
    ),
  claimTicket: (id: number) =>
    take(
      client.POST("/api/support/tickets/{ticket_id}/claim", {
        params: ticket(id),
        body: {},
        keepalive: true,
      }),
    ),
  changeTickets: (ticket_ids: number[], changes: TicketChanges) =>
    take(
      client.POST("/api/support/tickets/bulk", {
        body: { ticket_ids, changes: { add_tag_ids: [], remove_tag_ids: [], ...changes } },
      }),
    ),
  queues: () => take(client.GET("/api/support/queues")),
  search: (q: string, filter: TicketFilter | null) =>
    take(client.GET("/api/support/search", { params: { query: { q, ...(filter && filterQuery(filter)) } } })),
  tags: () => take(client.GET("/api/support/tags")),
  createTag: (name: string, colour: TagColour) =>
    take(client.POST("/api/support/tags", { body: { name, colour } })),
  changeTag: (tag_id: number, body: { name?: string; colour?: TagColour }) =>
    take(client.PATCH("/api/support/tags/{tag_id}", { params: { path: { tag_id } }, body })),
  mergeTag: (tag_id: number, into_tag_id: number) =>
    take(
      client.POST("/api/support/tags/{tag_id}/merge", {
        params: { path: { tag_id } },
        body: { into_tag_id },
      }),
    ),
  deleteTag: (tag_id: number) =>
    take(client.DELETE("/api/support/tags/{tag_id}", { params: { path: { tag_id } } })),
  cannedReplies: () => take(client.GET("/api/support/canned-replies")),
  createCannedReply: (body: CannedReplyFields) => take(client.POST("/api/support/canned-replies", { body })),
  changeCannedReply: (reply_id: number, body: CannedReplyFields & { version: number }) =>
    take(client.PUT("/api/support/canned-replies/{reply_id}", { params: { path: { reply_id } }, body })),
  deleteCannedReply: (reply_id: number) =>
    take(client.DELETE("/api/support/canned-replies/{reply_id}", { params: { path: { reply_id } } })),
  presence: () => take(client.GET("/api/support/presence")),
  // With keepalive it gets through though the page closes meanwhile.
  givePresence: (body: PresenceSign) => take(client.POST("/api/support/presence", { body, keepalive: true })),
  markRead: (id: number) =>
    take(client.POST("/api/support/tickets/{ticket_id}/read", { params: ticket(id), keepalive: true })),
  sendMessage: (id: number, reply: Partial<Reply>) =>
    take(
      client.POST("/api/support/tickets/{ticket_id}/messages", {
        params: { ...ticket(id), query: { sender_type: "admin" } },
        body: { message: "", preview_url: false, ...reply },
      }),
    ),
  addNote: (id: number, message: string, client_id: string) =>
    take(
      client.POST("/api/support/tickets/{ticket_id}/notes", {
        params: ticket(id),
        body: { message, client_id },
      }),
    ),
  uploadFile: (
    id: number,
    { kind, file, name }: OutgoingFile,
    onProgress: (part: number) => void,
    signal: AbortSignal,
  ) => {
    const query = new URLSearchParams({ ticket_id: String(id), kind, filename: name });
    return take(upload(`/api/support/media?${query}`, file, onProgress, signal));
  },
  fetchMedia: (media_id: number) =>
    take(client.POST("/api/support/media/{media_id}/fetch", { params: { path: { media_id } }, body: {} })),
  dismissMessage: (id: number, message_id: number) =>
    take(
      client.POST("/api/support/tickets/{ticket_id}/messages/{message_id}/dismiss", {
        params: { path: { ticket_id: id, message_id } },
        body: {},
      }),
    ),
  retry: (id: number, message_id: number) =>
    take(
      client.POST("/api/support/tickets/{ticket_id}/messages/{message_id}/retry", {
        params: { path: { ticket_id: id, message_id } },
        body: {},
      }),
    ),
  react: (id: number, message_id: number, emoji: string) =>
    take(
      client.PUT("/api/support/tickets/{ticket_id}/messages/{message_id}/reaction", {
        params: { path: { ticket_id: id, message_id } },
        body: { emoji },
      }),
    ),
  showTyping: (id: number) =>
    take(client.POST("/api/support/tickets/{ticket_id}/typing", { params: ticket(id), body: {} })),
  templates: () => take(client.GET("/api/support/templates")),
  syncTemplates: () => take(client.POST("/api/support/templates/sync", { body: {} })),
  settings: () => take(client.GET("/api/support/settings")),
  quarantine: () => take(client.GET("/api/support/quarantine")),
  replayQuarantine: () => take(client.POST("/api/support/quarantine/replay")),
  contact: (contact_id: number) =>
    take(client.GET("/api/support/contacts/{contact_id}", { params: { path: { contact_id } } })),
  changeContact: (contact_id: number, changes: ContactChanges) =>
    take(
      client.PATCH("/api/support/contacts/{contact_id}", {
        params: { path: { contact_id } },
        body: changes,
        keepalive: true,
      }),
    ),
  exportContact: (contact_id: number) =>
    take(client.GET("/api/support/contacts/{contact_id}/export", { params: { path: { contact_id } } })),
  eraseContact: (contact_id: number) =>
    take(client.POST("/api/support/contacts/{contact_id}/erase", { params: { path: { contact_id } } })),
  overview: () => take(client.GET("/api/support/overview")),
  selfTest: () => take(client.GET("/api/support/self-test")),
  runSelfTest: () => take(client.POST("/api/support/self-test", { body: {} })),
  sampleData: () => take(client.GET("/api/support/sample-data")),
  addSampleData: () => take(client.POST("/api/support/sample-data", { body: {} })),
  clearSampleData: () => take(client.DELETE("/api/support/sample-data")),
  costs: (month: string) => take(client.GET("/api/support/costs", { params: { query: { month } } })),
  numberHealth: () => take(client.GET("/api/support/number-health")),
  checkNumbers: () => take(client.POST("/api/support/number-health/check", { body: {} })),
  dismissEvent: (event_id: number) =>
    take(
      client.POST("/api/support/number-health/events/{event_id}/dismiss", {
        params: { path: { event_id } },
        body: {},
      }),
    ),
  changeSettings: (changes: DeskSettingsChanges) =>
    take(client.PATCH("/api/support/settings", { body: changes })),
  /** Whether the desk was given newer scripts than this page has: those that it did not fetch are gone. */
  isNewer: async () => {
    const ours = `/_next/static/${window.__NEXT_DATA__.buildId}/_manifests.js`;
    return (await fetch(ours, { method: "HEAD", cache: "no-store" })).status === 404;
  },
  /** The desk's changes as they happen, from after `cursor` on. */
  openEvents: (cursor: string | null) =>
    new EventSource(cursor === null ? "/api/events" : `/api/events?cursor=${encodeURIComponent(cursor)}`),
};
