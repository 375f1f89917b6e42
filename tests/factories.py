"""Rows for tests, complete and committed; `make_ticket(db)` brings the contact that it needs."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from config.database import Base, SessionLocal, transaction
from config.settings import get_settings
from models import Admin, Contact, Conversation, SupportMessage, SupportTicket
from models.admin import Role
from models.support_ticket import LIVE_STATUSES, SenderType, TicketStatus
from realtime import ticket_counts

Row = TypeVar("Row", bound=Base)
Insert = Callable[[Session, Sequence[Base]], None]
_numbers = count(1)


def make_admin(db: Session, **fields: Any) -> Admin:
    """An owner who cannot sign in: the hash belongs to no password."""
    number = next(_numbers)
    given = {
        "email": f"admin{number}@example.com",
        "name": f"Admin {number}",
        "password_hash": "!",
        "role": Role.OWNER,
    }
    return _saved(db, Admin(**given | fields))


def make_contact(db: Session, **fields: Any) -> Contact:
    """A customer with a Nigerian mobile number."""
    number = next(_numbers)
    given = {"name": f"Customer {number}", "phone_number": f"234803{number:07d}"}
    return _saved(db, Contact(**given | fields))


def make_conversation(db: Session, contact: Contact | None = None, **fields: Any) -> Conversation:
    """A customer who is new to the business's number."""
    given = {
        "contact_id": (contact or make_contact(db)).id,
        "phone_number_id": get_settings().whatsapp_phone_number_id,
    }
    return _saved(db, Conversation(**given | fields))


def make_ticket(db: Session, contact: Contact | None = None, **fields: Any) -> SupportTicket:
    """A ticket, open unless told otherwise; a live one holds its customer's one place."""
    contact = contact or make_contact(db)
    given = {
        "contact_id": contact.id,
        "phone_number": contact.phone_number,
        "phone_number_id": get_settings().whatsapp_phone_number_id,
        "sender_name": contact.name,
        "issue_description": "My order has not come",
        "status": TicketStatus.OPEN,
    } | fields
    if given["status"] in LIVE_STATUSES:
        given.setdefault("live_contact_id", contact.id)
    ticket = _saved(db, SupportTicket(**given))
    if "act" not in db.info:
        with SessionLocal() as another:
            ticket_counts.mend(another)
    return ticket


def make_message(db: Session, ticket: SupportTicket | None = None, **fields: Any) -> SupportMessage:
    """What the customer wrote into a ticket, unless told otherwise."""
    ticket = ticket or make_ticket(db)
    given = {
        "ticket_id": ticket.id,
        "contact_id": ticket.contact_id,
        "sender_type": SenderType.USER,
        "sender_name": ticket.sender_name,
        "message": f"Message {next(_numbers)}",
    }
    return _saved(db, SupportMessage(**given | fields))


def _saved(db: Session, row: Row) -> Row:
    with transaction(db):
        db.add(row)
        db.flush()
    return row


def insert_by_flush(db: Session, rows: Sequence[Base]) -> None:
    """What `insert_rows` does on MySQL, which does not tell the ids of many rows."""
    db.add_all(rows)
    db.flush()
