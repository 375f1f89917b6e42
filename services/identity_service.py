"""Customers who change their number or id: the contact stays, its names follow, and nobody is merged."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import utc_now
from config.settings import get_settings
from models.account_event import Severity
from models.contact import Contact, ContactIdentity, IdentityKind
from models.support_ticket import MessageKind, SenderType, SupportMessage, SupportTicket
from realtime.events import EventKind, record
from services import account_event_service, contact_service
from services.contact_service import Identity
from services.ticket_lifecycle import touch
from whatsapp.incoming import IncomingMessage, Person
from whatsapp.incoming_changes import IdentityChange

CONFLICT = "identity_conflict"


def change_identity(db: Session, message: IncomingMessage) -> None:
    """Give the contact its new names, and say so in its timeline. To be called inside an act.

    Where a new name belongs to another contact already, both stay as they are, and a person is told.
    """
    change = message.identity
    assert change is not None  # the caller sorts out those that change nothing
    now = utc_now()
    [contact] = contact_service.resolve(db, [_as_known(db, message.person)])
    new = _new_identities(change)
    held = contact_service.find_identities(db, new)
    contact_service.lock(db, [contact.id, *(each.contact_id for each in held.values())])
    by_id = change.user_id is not None or change.parent_user_id is not None
    taken = [
        each
        for each in held.values()
        # a number passes on; an id never does, nor a number of which nobody says to whom
        if each.contact_id != contact.id and not (each.kind == IdentityKind.PHONE and by_id)
    ]
    if taken:
        other = db.get_one(Contact, taken[0].contact_id)
        _tell_conflict(db, message, contact, other, now)
        return
    before = contact.phone_number
    _attach(db, contact, change, new, held)
    details = {"from": before, "to": contact.phone_number} if before != contact.phone_number else {}
    _add_activity(db, message, contact, _in_words(contact, change, before), details, now)


def _as_known(db: Session, person: Person) -> Person:
    """By their id alone, where it is known: the number that the event is from may be another's by now."""
    known = contact_service.find_identities(
        db, [(IdentityKind.USER_ID, person.user_id)] if person.user_id else []
    )
    return replace(person, phone_number=None) if known else person


def _new_identities(change: IdentityChange) -> list[Identity]:
    named = (
        (IdentityKind.USER_ID, change.user_id),
        (IdentityKind.PARENT_USER_ID, change.parent_user_id),
        (IdentityKind.PHONE, change.phone_number),
    )
    return [(kind, value) for kind, value in named if value]


def _attach(
    db: Session,
    contact: Contact,
    change: IdentityChange,
    new: list[Identity],
    held: dict[Identity, ContactIdentity],
) -> None:
    ids = select(ContactIdentity.value).where(
        ContactIdentity.contact_id == contact.id, ContactIdentity.kind == IdentityKind.USER_ID
    )
    present = list(db.scalars(ids.order_by(ContactIdentity.id)))
    is_late = change.user_id in present[:-1]
    losers = []
    for kind, value in new:
        identity = held.get((kind, value))
        if identity is None:
            db.add(ContactIdentity(kind=kind, value=value, contact=contact))
        elif identity.contact_id != contact.id and not is_late:
            losers.append(identity.contact)
            contact_service.give_number(identity, contact)
    if change.phone_number and not is_late:
        contact.phone_number = change.phone_number
    elif change.user_id and change.user_id not in present and change.previous_user_id:
        # an id ends with the number that it stood for, and the old number may be a stranger's soon
        contact.phone_number = None
    db.flush()
    contact_service.follow_numbers(db, [contact, *losers])


def _in_words(contact: Contact, change: IdentityChange, before: str | None) -> str:
    has_name = contact.name or contact.username
    name = contact_service.display_name(contact) if has_name else "The customer"
    if before != contact.phone_number:
        old = f" from +{before}" if before else ""
        new = f" to +{contact.phone_number}" if contact.phone_number else ""
        unknown = "" if contact.phone_number else " WhatsApp does not tell the new one."
        return f"{name} changed their phone number{old}{new}.{unknown}"
    if change.type == "customer_identity_changed":
        return (
            f"The security code of {name} changed: they have a new phone, or installed WhatsApp again. "
            "Make sure who it is before you tell anything private."
        )
    if change.user_id:
        return f"{name} has a new WhatsApp id."
    return change.words or f"WhatsApp told something about {name}."


def _tell_conflict(
    db: Session, message: IncomingMessage, contact: Contact, other: Contact, now: datetime
) -> None:
    name, rival = (contact_service.display_name(each) for each in (contact, other))
    sentence = (
        f"WhatsApp says that {name} now has the number or id of another customer, {rival}. "
        "The two are kept apart. Compare their tickets before you answer."
    )
    payload = {"contacts": [contact.id, other.id]}
    _add_activity(db, message, contact, sentence, payload, now)
    account_event_service.add(
        db, CONFLICT, f"contact {contact.id}", Severity.WARNING, sentence, payload, message.occurred_at
    )


def _add_activity(
    db: Session,
    message: IncomingMessage,
    contact: Contact,
    sentence: str,
    details: dict[str, Any],
    now: datetime,
) -> None:
    live = select(SupportTicket).where(SupportTicket.live_contact_id == contact.id)
    ticket = db.scalar(live.execution_options(populate_existing=True))
    row = SupportMessage(
        contact_id=contact.id,
        ticket_id=ticket.id if ticket else None,
        sender_type=SenderType.ADMIN,
        sender_name="WhatsApp",
        kind=MessageKind.ACTIVITY,
        message=sentence,
        payload={"activity": "identity", **details},
        phone_number_id=message.phone_number_id or get_settings().whatsapp_phone_number_id,
        occurred_at=message.occurred_at,
        created_at=now,
        wamid=message.wamid,
    )
    db.add(row)
    if ticket is not None:
        touch(ticket, now)
        db.flush()
        record(db, EventKind.MESSAGE_CREATED, ticket.id, row.id)
        record(db, EventKind.TICKET_UPDATED, ticket.id)
