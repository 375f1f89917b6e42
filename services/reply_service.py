"""Putting a message on a ticket: the row, the outbox and all that changes on the ticket, in one act."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from config.bulk_rows import write_changes
from config.database import transaction, utc_now
from models.outbound_message import OutboundMessage
from models.support_ticket import MessageKind, SenderType, SupportMessage, SupportTicket, TicketStatus
from realtime.events import EventKind, record
from services import contact_service, desk_setting_service, line_merging
from services.client_ids import ClientIdReused, earlier, insert_new
from services.conversation_service import ConversationState
from services.errors import DeskError
from services.outbound_message_service import enqueue
from services.reply_content import Content, Draft, TemplateDraft, is_in, prepare
from services.sending_rules import check_open, check_window, standing
from services.thread_collision import check_not_moved
from services.ticket_change_service import LARGEST_ID, lock_ticket, set_conversation
from services.ticket_lifecycle import change_status
from services.ticket_timeline import add_customer_message, add_reply, moment
from whatsapp import outgoing
from whatsapp.values import clean_text


class CannotQuote(DeskError):
    """There is nothing on the customer's phone that the reply could point at."""

    status = 409
    code = "cannot_quote"

    def __init__(self, message_id: int) -> None:
        super().__init__(
            f"Message {message_id} cannot be quoted: it is not this customer's, or WhatsApp has not taken it."
        )


@dataclass(frozen=True)
class Author:
    """Who puts the message there. An empty name is the customer's."""

    sender: SenderType
    name: str
    admin_id: int | None = None


def add(
    db: Session,
    ticket_id: int,
    author: Author,
    draft: Draft,
    *,
    client_id: str | None = None,
    reply_to_id: int | None = None,
    last_seen_message_id: int | None = None,
) -> SupportMessage:
    """Put a message on the ticket. An admin's goes to the customer's WhatsApp and starts the work.

    `client_id` is a UUID of the caller's: the same again gives back the first message and sends nothing.
    With `last_seen_message_id` nothing goes out that was written without knowing what came after it.
    Raises TicketNotFound, ClientIdReused, ThreadHasMoved, TicketClosed, ContactErased, WindowClosed,
    CannotQuote, and what `prepare` raises.
    """
    is_admin = author.sender is SenderType.ADMIN
    with transaction(db):
        ticket = lock_ticket(db, ticket_id)
        known = earlier(db, client_id)
        if known is not None:
            _check_same(known, ticket_id, author, draft, reply_to_id)
            return known
        if last_seen_message_id is not None:
            check_not_moved(db, ticket, last_seen_message_id, author.admin_id)
        if author.sender is SenderType.USER or ticket.status is TicketStatus.CLOSED:
            contact_service.check_not_erased(db, ticket.contact_id)
        if author.sender is not SenderType.USER:
            check_open(ticket)
        at = standing(db, ticket) if is_admin else None
        if at and not isinstance(draft, TemplateDraft):
            check_window(at)
        quoted = _quoted(db, ticket, reply_to_id) if reply_to_id is not None else None
        content = prepare(db, draft, author.admin_id)
        outbound = _queue(db, ticket, author, content, quoted, at.now) if at else None
        row = _row(ticket, author, content, quoted, client_id)
        if author.sender is SenderType.USER:
            add_customer_message(ticket, row, row.created_at)
        else:
            add_reply(ticket, row, row.created_at)
        row.outbound_id = outbound.id if outbound else None
        if at and ticket.status is TicketStatus.OPEN:
            change_status(ticket, TicketStatus.IN_PROGRESS, row.created_at)
        insert_new(db, row)
        set_committed_value(row, "outbound", outbound)
        set_committed_value(row, "media", content.media)
        if content.media:
            content.media.message_id = row.id
        write_changes(db, [ticket])
        if (
            at
            and ticket.live_contact_id is not None
            and at.state not in (None, ConversationState.CHAT_SUPPORT)
        ):
            set_conversation(db, ticket, ConversationState.CHAT_SUPPORT)
        record(db, EventKind.MESSAGE_CREATED, ticket.id, row.id)
        record(db, EventKind.TICKET_UPDATED, ticket.id)
    return row


def _check_same(
    known: SupportMessage, ticket_id: int, author: Author, draft: Draft, reply_to_id: int | None
) -> None:
    place = (known.ticket_id, known.sender_type, known.reply_to_id)
    if place != (ticket_id, author.sender, reply_to_id) or not is_in(draft, known):
        raise ClientIdReused


def _quoted(db: Session, ticket: SupportTicket, message_id: int) -> SupportMessage:
    found = db.get(SupportMessage, message_id) if 0 < message_id <= LARGEST_ID else None
    if found is None or found.contact_id != ticket.contact_id or found.wamid is None:
        raise CannotQuote(message_id)
    return found


def _row(
    ticket: SupportTicket,
    author: Author,
    content: Content,
    quoted: SupportMessage | None,
    client_id: str | None,
) -> SupportMessage:
    now = utc_now()
    return SupportMessage(
        contact_id=ticket.contact_id,
        phone_number_id=ticket.phone_number_id,
        sender_type=author.sender,
        sender_name=clean_text(author.name).strip()[:255] or ticket.sender_name,
        kind=content.kind,
        message=content.text,
        payload=content.payload,
        reactions=[],
        reply_to_id=quoted.id if quoted else None,
        reply_to_wamid=quoted.wamid if quoted else None,
        client_id=client_id,
        admin_id=author.admin_id,
        created_at=now,
        occurred_at=moment(now, ticket.last_message_at),
    )


def _queue(
    db: Session,
    ticket: SupportTicket,
    author: Author,
    content: Content,
    quoted: SupportMessage | None,
    now: datetime,
) -> OutboundMessage:
    body = content.body
    is_line = content.kind is MessageKind.TEXT and len(content.text) <= line_merging.LONGEST_LINE
    if is_line and quoted is None and not body["text"]["preview_url"]:
        if desk_setting_service.load(db).merge_lines:
            return line_merging.queue_line(db, ticket, author.admin_id, content.text, now)
    elif quoted is not None and quoted.wamid is not None:
        body = outgoing.quoting(body, quoted.wamid)
    return enqueue(db, ticket.contact_id, ticket.phone_number_id, body, now)
