"""Short lines that follow each other quickly leave as one message, where the desk wants that.

The first line waits a little in the outbox, and the next ones join it there under the lock of its row: the
sender takes the row under the same lock, so that a line joins before the message leaves, or not at all.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.outbound_message import DeliveryState, OutboundMessage
from models.support_ticket import MessageKind, SupportMessage, SupportTicket
from services.outbound_message_service import enqueue, lock
from whatsapp import outgoing

LONGEST_LINE = 200
HOLD = timedelta(seconds=3)
YOUNGEST = timedelta(seconds=5)
"""A message that is older than that takes no more lines."""


def queue_line(
    db: Session, ticket: SupportTicket, admin_id: int | None, line: str, now: datetime
) -> OutboundMessage:
    """The message in the outbox that carries this line. The caller holds the lock on the ticket's contact."""
    until = now + HOLD
    waiting = _waiting(db, ticket, admin_id, now)
    if waiting is not None:
        joined = f"{waiting.payload['text']['body']}\n{line}"
        if len(joined) <= outgoing.LONGEST_TEXT:
            waiting.payload = outgoing.text(joined)
            waiting.next_attempt_at = until
            return waiting
    made = enqueue(db, ticket.contact_id, ticket.phone_number_id, outgoing.text(line), now)
    made.next_attempt_at = until
    return made


def _waiting(
    db: Session, ticket: SupportTicket, admin_id: int | None, now: datetime
) -> OutboundMessage | None:
    """The customer's last message, locked, if it waits and holds nothing but such lines of this admin."""
    newest = db.scalar(
        select(OutboundMessage.id)
        .where(
            OutboundMessage.contact_id == ticket.contact_id,
            OutboundMessage.phone_number_id == ticket.phone_number_id,
        )
        .order_by(OutboundMessage.id.desc())
        .limit(1)
    )
    if newest is None:
        return None
    [outbound] = lock(db, [newest])
    is_held = outbound.state == DeliveryState.QUEUED and outbound.next_attempt_at is not None
    if not is_held or outbound.attempts or outbound.retry_of_id or "text" not in outbound.payload:
        return None
    lines = db.scalars(select(SupportMessage).where(SupportMessage.outbound_id == outbound.id)).all()
    fits = all(
        (row.ticket_id, row.admin_id, row.kind, row.reply_to_id)
        == (ticket.id, admin_id, MessageKind.TEXT, None)
        and len(row.message) <= LONGEST_LINE
        for row in lines
    )
    return outbound if lines and fits and now - outbound.created_at <= YOUNGEST else None
