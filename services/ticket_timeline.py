"""Putting rows on a ticket's timeline, with what the list of tickets shows of them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from models.support_ticket import MessageKind, SenderType, SupportMessage, SupportTicket, whole_seconds
from services.ticket_lifecycle import touch
from whatsapp.values import CLOCK_SKEW, short_text

PREVIEW_LENGTH = 160

NAMES = {
    MessageKind.IMAGE: "Photo",
    MessageKind.VIDEO: "Video",
    MessageKind.AUDIO: "Audio file",
    MessageKind.VOICE: "Voice note",
    MessageKind.DOCUMENT: "Document",
    MessageKind.STICKER: "Sticker",
}


def add_customer_message(ticket: SupportTicket, message: SupportMessage, now: datetime) -> None:
    """The customer wrote: unread, and waiting for an answer, which goes out from the number they wrote to."""
    if message.ticket_id is not None and message.ticket_id == ticket.id:
        return
    _put_on(ticket, message)
    if message.phone_number_id and message.occurred_at >= whole_seconds(ticket.last_message_at):
        ticket.phone_number_id = message.phone_number_id
    count_answer(ticket, now)
    _show_last(ticket, message, now)


def count_answer(ticket: SupportTicket, now: datetime) -> None:
    """The customer did something that somebody should see; only on a live ticket do they wait."""
    ticket.unread_count = (ticket.unread_count or 0) + 1
    if ticket.live_contact_id is not None:
        ticket.waiting_since = ticket.waiting_since or now


def add_notice(ticket: SupportTicket, message: SupportMessage, now: datetime) -> None:
    """Something was said that neither waits for an answer nor is one."""
    _put_on(ticket, message)
    _show_last(ticket, message, now)


def add_reply(ticket: SupportTicket, message: SupportMessage, now: datetime) -> None:
    """The desk answered: nobody waits."""
    _put_on(ticket, message)
    ticket.waiting_since = None
    _show_last(ticket, message, now)


def _put_on(ticket: SupportTicket, message: SupportMessage) -> None:
    # not by the relationship: the session would go through all rows to find what was put where
    message.ticket_id = ticket.id
    set_committed_value(message, "ticket", ticket)


def moment(now: datetime, last: datetime | None) -> datetime:
    """When what the desk says stands in the thread: not before the last message, which has Meta's time.

    Our clock may be behind that; one that is far behind was set back, and `last` is by the old one.
    """
    return last if last is not None and now < last <= now + CLOCK_SKEW else now


def activity(
    ticket: SupportTicket, actor_name: str, sentence: str, payload: dict[str, Any], now: datetime
) -> SupportMessage:
    """A row that says what was done with the ticket. It is never sent."""
    return SupportMessage(
        ticket_id=ticket.id,
        contact_id=ticket.contact_id,
        sender_type=SenderType.ADMIN,
        sender_name=actor_name,
        kind=MessageKind.ACTIVITY,
        message=sentence,
        payload=payload,
        phone_number_id=ticket.phone_number_id,
        created_at=now,
        occurred_at=moment(now, ticket.last_message_at),
    )


def note(ticket: SupportTicket, admin_id: int, name: str, words: str, now: datetime) -> SupportMessage:
    """What the people at the desk tell each other. It is never sent, and the list shows nothing of it."""
    return SupportMessage(
        ticket_id=ticket.id,
        contact_id=ticket.contact_id,
        sender_type=SenderType.ADMIN,
        sender_name=name,
        admin_id=admin_id,
        kind=MessageKind.NOTE,
        message=words,
        phone_number_id=ticket.phone_number_id,
        created_at=now,
        occurred_at=moment(now, ticket.last_message_at),
    )


def preview(message: SupportMessage) -> str:
    """What the list of tickets shows of a message."""
    if message.revoked_at is not None:
        return "Deleted message"
    words = short_text(message.message, PREVIEW_LENGTH)
    return words or NAMES.get(MessageKind(message.kind or MessageKind.TEXT), "")


def _show_last(ticket: SupportTicket, message: SupportMessage, now: datetime) -> None:
    if message.occurred_at >= whole_seconds(ticket.last_message_at):  # a late one is not the last
        ticket.last_message_at = message.occurred_at
        ticket.last_message_preview = preview(message)
    touch(ticket, now)
