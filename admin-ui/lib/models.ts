import type { components } from "@/lib/api.gen";

type Schemas = components["schemas"];

export type Ticket = Schemas["SupportTicketResponse"];
export type TicketThread = Required<Schemas["SupportTicketThread"]>;
export type TicketPage = Schemas["SupportTicketPage"];
export type TicketChanges = Partial<Schemas["SupportTicketUpdate"]>;
export type TicketStatus = Ticket["status"];
export type TicketPriority = Ticket["priority"];
export type Message = Schemas["SupportMessageSchema"];
export type Delivery = NonNullable<Message["delivery"]>;
export type DeliveryState = Delivery["state"];
export type ThreadPage = Schemas["SupportThreadPage"];
export type Media = NonNullable<Message["media"]>;
export type Reply = Schemas["ReplyCreate"];
export type Template = Schemas["TemplateResponse"];
export type DeskSettings = Schemas["DeskSettingsResponse"];
export type DeskSettingsChanges = Schemas["DeskSettingsUpdate"];
export type MonthlyCosts = Schemas["MonthlyCosts"];
export type QuarantinePage = Schemas["QuarantinePage"];
export type NumberHealth = Schemas["NumberHealthResponse"];
export type Contact = Schemas["ContactResponse"];
export type ContactChanges = Schemas["ContactUpdate"];
export type Overview = Schemas["OverviewResponse"];
export type SelfTest = Schemas["SelfTestResponse"];
export type Notifications = Schemas["SupportNotificationResponse"];
export type Tag = Schemas["TagResponse"];
export type TagColour = Schemas["TagColour"];
export type CannedReply = Schemas["CannedReplyResponse"];
export type CannedReplyFields = Schemas["CannedReplyCreate"];
export type Presence = Schemas["PresenceResponse"];
export type PresenceSign = Schemas["PresenceSign"];
export type TicketCount = Schemas["TicketCount"];
export type SearchResult = Schemas["SearchResponse"];
export type TicketMatch = Schemas["TicketMatchResponse"];
export type SnippetPart = Schemas["SnippetPart"];
export type BulkResult = Schemas["BulkResult"];
export type Admin = Schemas["AdminResponse"];
export type Session = Schemas["MeResponse"];

export const TICKET_STATUSES = [
  "OPEN",
  "IN_PROGRESS",
  "RESOLVED",
  "CLOSED",
] as const satisfies TicketStatus[];
export const TAG_COLOURS = [
  "gray",
  "red",
  "orange",
  "yellow",
  "green",
  "teal",
  "blue",
  "violet",
  "pink",
] as const satisfies TagColour[];
export const TICKET_PRIORITIES = ["LOW", "MEDIUM", "HIGH", "URGENT"] as const satisfies TicketPriority[];
export const LIVE_STATUSES: TicketStatus[] = ["OPEN", "IN_PROGRESS"];

export const isLive = (ticket: Ticket) => LIVE_STATUSES.includes(ticket.status);

export type Role = Admin["role"];
export type Permission = Session["permissions"][number];
export type People = Schemas["PeopleResponse"];
export type Person = Schemas["PersonResponse"];
export type Invite = Schemas["InviteResponse"];
export type Profile = Schemas["ProfileResponse"];
export type DeskSession = Schemas["SessionResponse"];
export type AuditEntry = Schemas["AuditEntryResponse"];
export type AuditAction = AuditEntry["action"];
