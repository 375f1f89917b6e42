"""Changing a ticket: one act, seen by everyone, refused where somebody else was quicker."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from config.settings import get_settings
from models.admin import Admin
from models.contact import Contact
from models.conversation import Conversation
from models.support_ticket import (
    LIVE_STATUSES,
    MessageKind,
    SenderType,
    SupportMessage,
    SupportTicket,
    TicketPriority,
)
from realtime import ticket_counts
from realtime.events import EventKind, record
from services import contact_service
from services.conversation_service import ConversationState
from services.errors import AdminNotFound, DeskError, TicketNotFound
from services.ticket_lifecycle import change_status, parse_status, touch
from services.ticket_tagging import change_tags
from services.ticket_timeline import activity

LARGEST_ID = 2**31 - 1

_TICKET = (
    select(SupportTicket)
    .where(SupportTicket.id == bindparam("ticket_id"))
    .execution_options(populate_existing=True)
)
_WHOSE = _TICKET.with_only_columns(SupportTicket.contact_id).scalar_subquery()
# only the contact's row is locked: a plain subquery takes no lock
_LOCKED_CONTACT = select(Contact.id).where(Contact.id == _WHOSE).with_for_update()


class UnknownPriority(DeskError):
    """The text names no priority."""

    code = "unknown_priority"

    def __init__(self, priority: object) -> None:
        known = ", ".join(TicketPriority)
        super().__init__(f"There is no priority {str(priority)[:40]!r}; a ticket has one of {known}.")


class TicketChanged(DeskError):
    """The ticket is not as the caller saw it."""

    status = 409
    code = "ticket_changed"

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"Ticket #{ticket_id} was changed meanwhile. Look at it again, then decide.")


class AlreadyAssigned(DeskError):
    """Somebody else took the ticket first."""

    status = 409
    code = "already_assigned"

    def __init__(self, ticket_id: int, holder: str) -> None:
        super().__init__(f"{holder} has ticket #{ticket_id} already.")


class LiveTicketExists(DeskError):
    """A customer has one live ticket at most."""

    status = 409
    code = "live_ticket_exists"

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"This customer has ticket #{ticket_id} open already; answer there.")


@dataclass(frozen=True)
class Change:
    """What is to be changed: None leaves a field as it is. `unassign` takes the assignee away.

    A tag that is both to be added and to be removed stays as it is.
    """

    status: str | None = None
    priority: str | None = None
    assigned_admin_id: int | None = None
    unassign: bool = False
    add_tag_ids: frozenset[int] = frozenset()
    remove_tag_ids: frozenset[int] = frozenset()


def lock_ticket(db: Session, ticket_id: int) -> SupportTicket:
    """The ticket as it is now; nobody else changes it until the act ends. Raises TicketNotFound."""
    if not 0 < ticket_id <= LARGEST_ID:
        raise TicketNotFound(ticket_id)
    wanted = {"ticket_id": ticket_id}
    if db.connection().scalar(_LOCKED_CONTACT, wanted) is None:
        raise TicketNotFound(ticket_id)
    ticket = db.scalars(_TICKET, wanted).one()
    ticket_counts.watch(db, ticket)
    return ticket


def change_ticket(
    db: Session, ticket_id: int, change: Change, *, actor: Admin | None = None, version: int | None = None
) -> SupportTicket:
    """Change a ticket, with a row on its timeline for each thing that is different now.

    `version` is the one that the caller saw; with it, any change in between raises TicketChanged. Without
    it, an actor who claims a ticket of somebody else gets AlreadyAssigned. Raises also TicketNotFound,
    UnknownStatus, StatusNotAllowed, UnknownPriority, AdminNotFound, LiveTicketExists, UnknownTag and
    TooManyTags.
    """
    with transaction(db):
        ticket = lock_ticket(db, ticket_id)
        if version is not None and version != ticket.version:
            raise TicketChanged(ticket_id)
        name = actor.name if actor else get_settings().business_name
        now = utc_now()
        rows = [
            *_change_status(db, ticket, change.status, name, now),
            *_change_priority(ticket, change.priority, name, now),
            *_change_assignee(db, ticket, change, actor, name, version is not None, now),
            *change_tags(db, ticket, change.add_tag_ids, change.remove_tag_ids, name, now),
        ]
        db.add_all(rows)
        db.flush()
        for row in rows:
            record(db, EventKind.MESSAGE_CREATED, ticket.id, row.id)
        if rows:
            record(db, EventKind.TICKET_UPDATED, ticket.id)
    return ticket


def set_conversation(db: Session, ticket: SupportTicket, state: ConversationState) -> None:
    """Bring the customer's talk with the bot to this state, where there has been one."""
    conversation = update(Conversation).where(
        Conversation.contact_id == ticket.contact_id,
        Conversation.phone_number_id == ticket.phone_number_id,
    )
    db.execute(conversation.values(state=state, updated_at=utc_now()))


def _change_status(
    db: Session, ticket: SupportTicket, status: str | None, name: str, now: datetime
) -> list[SupportMessage]:
    if status is None:
        return []
    wanted, before = parse_status(status), ticket.status
    if wanted in LIVE_STATUSES and ticket.live_contact_id is None:
        other = db.scalar(select(SupportTicket.id).where(SupportTicket.live_contact_id == ticket.contact_id))
        if other is not None:
            raise LiveTicketExists(other)
        contact_service.check_not_blocked(db, ticket.contact_id)
        contact_service.check_not_erased(db, ticket.contact_id)
    if not change_status(ticket, wanted, now):
        return []
    if (before in LIVE_STATUSES) != (wanted in LIVE_STATUSES):
        # whose ticket has ended is greeted again, and not told that "thank you" was not understood
        in_charge = wanted in LIVE_STATUSES
        if in_charge:
            ticket.waiting_since = _unanswered_since(db, ticket)
        set_conversation(db, ticket, ConversationState.CHAT_SUPPORT if in_charge else ConversationState.NEW)
    words = wanted.replace("_", " ").lower()
    payload = {"activity": "status", "from": before, "to": wanted}
    return [activity(ticket, name, f"{name} changed the status to {words}.", payload, now)]


def _unanswered_since(db: Session, ticket: SupportTicket) -> datetime | None:
    """Since when the customer waits, where the desk has not answered the last that they wrote, or nothing."""
    said = SupportMessage.kind.not_in((MessageKind.ACTIVITY, MessageKind.NOTE))
    theirs = select(func.max(SupportMessage.id)).where(SupportMessage.ticket_id == ticket.id, said)
    answer = db.scalar(theirs.where(SupportMessage.sender_type == SenderType.ADMIN))
    if answer is None:
        return ticket.created_at
    asked = select(func.min(SupportMessage.created_at)).where(
        SupportMessage.ticket_id == ticket.id,
        SupportMessage.id > answer,
        SupportMessage.sender_type == SenderType.USER,
        said,
    )
    return db.scalar(asked)


def _change_priority(
    ticket: SupportTicket, priority: str | None, name: str, now: datetime
) -> list[SupportMessage]:
    if priority is None:
        return []
    try:
        wanted = TicketPriority(priority)
    except ValueError:
        raise UnknownPriority(priority) from None
    before = ticket.priority
    if wanted == before:
        return []
    ticket.priority = wanted
    touch(ticket, now)
    payload = {"activity": "priority", "from": before, "to": wanted}
    return [activity(ticket, name, f"{name} changed the priority to {wanted.lower()}.", payload, now)]


def _change_assignee(
    db: Session,
    ticket: SupportTicket,
    change: Change,
    actor: Admin | None,
    name: str,
    has_seen: bool,
    now: datetime,
) -> list[SupportMessage]:
    before, wanted = ticket.assigned_admin_id, change.assigned_admin_id
    if (wanted is None and not change.unassign) or wanted == before:
        return []
    if actor is not None and wanted == actor.id and before is not None and not has_seen:
        raise AlreadyAssigned(ticket.id, db.get_one(Admin, before).name)
    assignee = None
    if wanted is not None:
        assignee = db.get(Admin, wanted) if 0 < wanted <= LARGEST_ID else None
        if assignee is None or assignee.disabled_at is not None:
            raise AdminNotFound(wanted)
    ticket.assigned_admin_id = wanted
    ticket.assigned_admin = assignee
    touch(ticket, now)
    if assignee is None:
        sentence = f"{name} took the assignee off."
    elif actor is not None and assignee.id == actor.id:
        sentence = f"{name} took the ticket."
    else:
        sentence = f"{name} assigned the ticket to {assignee.name}."
    return [activity(ticket, name, sentence, {"activity": "assignee", "from": before, "to": wanted}, now)]
