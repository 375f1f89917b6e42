"""What the desk knows of a customer and does about them: name, language, time zone, note, blocking."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models.admin import Admin
from models.contact import Contact
from models.conversation import Conversation
from models.erasure import Erasure
from models.graph_task import GraphTaskKind
from models.support_ticket import SupportMessage, SupportTicket, TicketStatus
from realtime.events import EventKind, record
from services import contact_service, graph_task_service
from services.errors import DeskError
from services.ticket_change_service import LARGEST_ID, Change, change_ticket
from services.ticket_lifecycle import touch
from services.ticket_timeline import activity
from whatsapp.values import clean_text, short_text

LONGEST_NAME = 255
LONGEST_NOTE = 5_000
MOST_TICKETS = 20
BLOCKABLE = timedelta(hours=24)
"""WhatsApp blocks only who wrote within that time."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class ContactNotFound(DeskError):
    """There is no customer of that id."""

    status = 404
    code = "contact_not_found"

    def __init__(self, contact_id: int) -> None:
        super().__init__(f"There is no customer {contact_id}.")


class ContactChanged(DeskError):
    """What the desk knows of the customer is not what the caller saw."""

    status = 409
    code = "contact_changed"

    def __init__(self) -> None:
        super().__init__("Somebody changed this customer meanwhile. Look at it again, then decide.")


class WrongContact(DeskError):
    """The value is none that this part of a customer can have."""

    code = "wrong_contact"


@dataclass(frozen=True)
class ContactChange:
    """None leaves a part as it is, an empty text clears it: an empty name is the customer's own again."""

    name: str | None = None
    language: str | None = None
    timezone: str | None = None
    note: str | None = None
    blocked: bool | None = None


@dataclass(frozen=True)
class ContactDetails:
    """A customer with their newest tickets. `kept`: messages that came while they were blocked."""

    contact: Contact
    tickets: list[SupportTicket]
    ticket_count: int
    kept: int


def find_contact(db: Session, contact_id: int) -> Contact:
    """The customer as they are now. Raises ContactNotFound, also for one who was erased."""
    contact = db.get(Contact, contact_id, populate_existing=True) if 0 < contact_id <= LARGEST_ID else None
    erased = select(Erasure.id).where(Erasure.contact_id == contact_id)
    if contact is None or db.scalar(erased) is not None:
        raise ContactNotFound(contact_id)
    return contact


def load(db: Session, contact_id: int) -> ContactDetails:
    """What stands beside the thread. Raises ContactNotFound."""
    contact = find_contact(db, contact_id)
    theirs = SupportTicket.contact_id == contact_id
    newest = select(SupportTicket).where(theirs).order_by(SupportTicket.id.desc()).limit(MOST_TICKETS)
    count = db.scalar(select(func.count()).select_from(SupportTicket).where(theirs)) or 0
    kept = 0
    if contact.blocked_at is not None:
        since = select(func.count()).where(
            SupportMessage.contact_id == contact_id,
            SupportMessage.ticket_id.is_(None),
            SupportMessage.created_at >= contact.blocked_at,
        )
        kept = db.scalar(since) or 0
    return ContactDetails(contact, list(db.scalars(newest)), count, kept)


def change(
    db: Session, contact_id: int, wanted: ContactChange, *, actor: Admin, version: int | None = None
) -> Contact:
    """Change what the desk knows of a customer, or block and unblock them. The desk is told.

    `version` is the one that the caller saw: with it, any change in between raises ContactChanged. Raises
    also ContactNotFound and WrongContact.
    """
    values = _checked(wanted)
    with transaction(db):
        contact = _locked(db, contact_id)
        if version is not None and version != contact.version:
            raise ContactChanged
        if "name" in values:
            values["name"] = values["name"] or contact.profile_name
        different = {name: value for name, value in values.items() if (getattr(contact, name) or "") != value}
        for name, value in different.items():
            setattr(contact, name, value)
        turned = wanted.blocked is not None and wanted.blocked != (contact.blocked_at is not None)
        if not different and not turned:
            return contact
        contact.version += 1
        now = utc_now()
        if "name" in different:
            _rename_tickets(db, contact, now)
        if turned:
            _block(db, contact, actor, now) if wanted.blocked else _unblock(db, contact, actor)
        newest = _newest_ticket(db, contact)
        if newest is not None:
            record(db, EventKind.CONTACT_UPDATED, newest.id)
    return contact


def _checked(wanted: ContactChange) -> dict[str, str]:
    given = {name: getattr(wanted, name) for name in ("name", "language", "timezone", "note")}
    values = {name: clean_text(value).strip() for name, value in given.items() if value is not None}
    if wanted.name is not None:
        values["name"] = short_text(wanted.name, LONGEST_NAME + 1)
    if len(values.get("name", "")) > LONGEST_NAME:
        raise WrongContact(f"A name can have {LONGEST_NAME} characters at most.")
    if len(values.get("note", "")) > LONGEST_NOTE:
        raise WrongContact(f"A note can have {LONGEST_NOTE:,} characters at most.")
    if (language := values.get("language")) and not (len(language) <= 35 and _LANGUAGE.fullmatch(language)):
        raise WrongContact("A language is a code such as en, ha or pcm.")
    if zone := values.get("timezone"):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise WrongContact("A time zone is a name such as Africa/Lagos.") from None
    return values


def _locked(db: Session, contact_id: int) -> Contact:
    if not 0 < contact_id <= LARGEST_ID:
        raise ContactNotFound(contact_id)
    contact_service.lock(db, [contact_id])
    return find_contact(db, contact_id)


def _newest_ticket(db: Session, contact: Contact) -> SupportTicket | None:
    theirs = select(SupportTicket).where(SupportTicket.contact_id == contact.id)
    newest = theirs.order_by(SupportTicket.id.desc()).limit(1)
    return db.scalar(newest.execution_options(populate_existing=True))


def _rename_tickets(db: Session, contact: Contact, now: datetime) -> None:
    theirs = select(SupportTicket).where(SupportTicket.contact_id == contact.id)
    for ticket in db.scalars(theirs.execution_options(populate_existing=True)):
        ticket.sender_name = contact_service.display_name(contact)
        touch(ticket, now)
        record(db, EventKind.TICKET_UPDATED, ticket.id)


def _block(db: Session, contact: Contact, actor: Admin, now: datetime) -> None:
    contact.blocked_at = now
    live = db.scalar(select(SupportTicket.id).where(SupportTicket.live_contact_id == contact.id))
    if live is not None:
        change_ticket(db, live, Change(status=TicketStatus.CLOSED), actor=actor)
    _tell(db, contact, actor, "blocked")


def _unblock(db: Session, contact: Contact, actor: Admin) -> None:
    contact.blocked_at = None
    _tell(db, contact, actor, "unblocked")


def _tell(db: Session, contact: Contact, actor: Admin, verb: str) -> None:
    """A row on the newest ticket says who did it; WhatsApp is told where it would do the same."""
    now = utc_now()  # not the act's: its row stands below the closing's, which may be of the next second
    ticket = _newest_ticket(db, contact)
    if ticket is not None:
        sentence = f"{actor.name} {verb} {contact_service.display_name(contact)}."
        row = activity(ticket, actor.name, sentence, {"activity": verb}, now)
        db.add(row)
        touch(ticket, now)
        db.flush()
        record(db, EventKind.MESSAGE_CREATED, ticket.id, row.id)
        record(db, EventKind.TICKET_UPDATED, ticket.id)
    if contact.is_sample:
        return
    for talk in db.scalars(select(Conversation).where(Conversation.contact_id == contact.id)):
        last = talk.last_customer_message_at
        if verb == "unblocked" or (last is not None and now - last < BLOCKABLE):
            payload = {"contact_id": contact.id}
            graph_task_service.queue(db, GraphTaskKind.FOLLOW_BLOCK, talk.phone_number_id, payload)
