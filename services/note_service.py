"""Notes: what the people at the desk tell each other on a ticket. None ever leaves the desk."""

from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models.admin import Admin
from models.support_ticket import MessageKind, SupportMessage
from realtime.events import EventKind, record
from services import contact_service
from services.client_ids import ClientIdReused, earlier, insert_new
from services.message_text import MAX_REPLY_LENGTH, checked
from services.ticket_change_service import lock_ticket
from services.ticket_timeline import note
from whatsapp.values import clean_text


def add(
    db: Session, ticket_id: int, admin: Admin, words: str, *, client_id: str | None = None
) -> SupportMessage:
    """Put a note on the ticket, whatever its status. For the customer nothing changes: who waits, waits on.

    Raises TicketNotFound, EmptyMessage, MessageTooLong, ClientIdReused or ContactErased.
    """
    text = checked(clean_text(words), MAX_REPLY_LENGTH)
    with transaction(db):
        ticket = lock_ticket(db, ticket_id)
        known = earlier(db, client_id)
        if known is not None:
            if (known.ticket_id, known.kind, known.message) != (ticket_id, MessageKind.NOTE, text):
                raise ClientIdReused
            return known
        contact_service.check_not_erased(db, ticket.contact_id)
        row = note(ticket, admin.id, admin.name, text, utc_now())
        row.client_id = client_id
        insert_new(db, row)
        record(db, EventKind.MESSAGE_CREATED, ticket.id, row.id)
    return row
