import type { Message, Ticket } from "@/lib/models";

/** Complete rows for tests, of which a test names what matters to it. */
export function aTicket(fields: Partial<Ticket> = {}): Ticket {
  return {
    id: 1,
    contact_id: 1,
    phone_number: "2348031234567",
    sender_name: "Chinedu",
    issue_description: "The parcel is missing",
    status: "OPEN",
    priority: "MEDIUM",
    assigned_admin_id: null,
    assigned_admin_name: null,
    created_at: "2026-03-01T08:00:00.000Z",
    opened_on: "2026-03-01",
    updated_at: "2026-03-01T08:00:00.000Z",
    resolved_at: null,
    unread_count: 0,
    version: 1,
    waiting_since: null,
    last_message_at: "2026-03-01T08:00:00.000Z",
    last_message_preview: "",
    window_expires_at: null,
    phone_number_id: "106540352242922",
    tag_ids: [],
    ...fields,
  };
}

export function aMessage(fields: Partial<Message> = {}): Message {
  return {
    id: 1,
    ticket_id: 1,
    phone_number_id: null,
    sender_type: "user",
    sender_name: "Chinedu",
    message: "Hello",
    kind: "text",
    payload: null,
    created_at: "2026-03-01T08:00:00.000Z",
    occurred_at: "2026-03-01T08:00:00.000Z",
    client_id: null,
    reply_to_id: null,
    edited_at: null,
    original_message: null,
    revoked_at: null,
    media: null,
    reactions: [],
    delivery: null,
    earlier_attempts: [],
    ...fields,
  };
}
