"""Who is writing: contacts found, or made, by the names that WhatsApp gives them."""

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Row, Select, and_, bindparam, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from config.bulk_rows import insert_rows, take_in
from config.database import utc_now
from models.contact import Contact, ContactIdentity, IdentityKind
from models.erasure import Erasure
from models.support_ticket import SupportTicket
from realtime.events import EventKind, record
from services.errors import DeskError
from services.ticket_lifecycle import touch
from whatsapp.incoming import Person

Identity = tuple[str, str]
Name = Row[int, str, str]

MOST_RACES = 3
LONGEST_NAME = 255

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LOCK = select(Contact.id).where(Contact.id.in_(_IDS)).order_by(Contact.id).with_for_update()
# populate_existing: as they are now that nobody else changes them, not as they were loaded before
_LOCKED = (
    select(Contact)
    .where(Contact.id.in_(_IDS))
    .order_by(Contact.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_NAMES = (
    select(ContactIdentity.contact_id, ContactIdentity.kind, ContactIdentity.value)
    .where(ContactIdentity.contact_id.in_(_IDS))
    .order_by(ContactIdentity.id)
)


class ContactBlocked(DeskError):
    """The desk has blocked this customer."""

    status = 409
    code = "contact_blocked"

    def __init__(self) -> None:
        super().__init__("This customer is blocked. Unblock them first.")


class ContactErased(DeskError):
    """The desk knows nothing of this customer any more, and learns nothing."""

    status = 409
    code = "contact_erased"

    def __init__(self) -> None:
        super().__init__("This customer has been erased; nothing more is written of them.")


def resolve(db: Session, people: Sequence[Person], new_name: str = "") -> list[Contact]:
    """The contact of each person, made (of this name) where there is none, and locked until the act ends.

    People of the same name in the list are one contact. To be called inside an act.
    """
    races = 0
    while True:
        try:
            before: dict[Contact, str | None] = {}  # those that were there
            known, names, locked = _lock_known(
                db, {each for person in people for each in _identities(person)}
            )
            all_known = all(each in known for person in people for each in _identities(person))
            with nullcontext() if all_known else db.begin_nested():
                contacts = _find_or_make(people, known, names, locked, before, new_name)
                _insert_new(db, contacts, known.values())
                db.flush()
        except IntegrityError:  # another process made the same contact meanwhile
            races += 1
            if races == MOST_RACES:
                raise
        else:
            follow_numbers(db, [each for each, number in before.items() if each.phone_number != number])
            return contacts


def _lock_known(
    db: Session, wanted: Collection[Identity]
) -> tuple[dict[Identity, ContactIdentity], Sequence[Name], dict[int, Contact]]:
    """Those of these names that a contact has, all names of these contacts, and the contacts, locked.

    Whoever had the lock before may have erased the contact, or given the number to another: then once more.
    """
    while True:
        known = find_identities(db, wanted)
        ids = list({each.contact_id for each in known.values()})
        contacts = {each.id: each for each in db.scalars(_LOCKED, {"ids": ids})} if ids else {}
        names = db.execute(_NAMES, {"ids": ids}).all() if ids else []
        if {(each.contact_id, *name) for name, each in known.items()} <= {tuple(each) for each in names}:
            return known, names, contacts
        for each in known.values():
            db.expunge(each)


def find_identities(db: Session, wanted: Collection[Identity]) -> dict[Identity, ContactIdentity]:
    """Those of these names that a contact has."""
    if not wanted:
        return {}
    values: dict[str, list[str]] = {}
    for kind, value in set(wanted):
        values.setdefault(kind, []).append(value)
    found = db.scalars(_identities_of(tuple(sorted(values))), values)
    return {(each.kind, each.value): each for each in found}


@cache
def _identities_of(kinds: tuple[str, ...]) -> Select[ContactIdentity]:
    # kind by kind: MariaDB reads the whole table for a list of pairs
    of_kinds = [
        and_(ContactIdentity.kind == kind, ContactIdentity.value.in_(bindparam(kind, expanding=True)))
        for kind in kinds
    ]
    return select(ContactIdentity).where(or_(*of_kinds))


def lock(db: Session, contact_ids: Sequence[int]) -> None:
    """Nobody else changes what belongs to these until the act ends."""
    if contact_ids:
        db.execute(_LOCK, {"ids": list(set(contact_ids))}).all()


def check_not_blocked(db: Session, contact_id: int) -> None:
    """A blocked customer has no live ticket. To be called with the contact locked. Raises ContactBlocked."""
    blocked = select(Contact.id).where(Contact.id == contact_id, Contact.blocked_at.is_not(None))
    if db.scalar(blocked) is not None:
        raise ContactBlocked


def check_not_erased(db: Session, contact_id: int) -> None:
    """What is written of an erased customer nobody erases. To be called so, too. Raises ContactErased."""
    if db.scalar(select(Erasure.id).where(Erasure.contact_id == contact_id)) is not None:
        raise ContactErased


def follow_numbers(db: Session, contacts: Sequence[Contact]) -> None:
    """The numbers of these contacts changed: live tickets show the new one, ended ones if they had none."""
    if not contacts:
        return
    numbers = {contact.id: contact.phone_number for contact in contacts}
    concerned = select(SupportTicket).where(
        SupportTicket.contact_id.in_(numbers),
        or_(SupportTicket.live_contact_id.is_not(None), SupportTicket.phone_number.is_(None)),
    )
    for ticket in db.scalars(concerned.execution_options(populate_existing=True)):
        if ticket.phone_number != numbers[ticket.contact_id]:
            ticket.phone_number = numbers[ticket.contact_id]
            touch(ticket, utc_now())
            record(db, EventKind.TICKET_UPDATED, ticket.id)


def display_name(contact: Contact) -> str:
    """How the desk calls a contact of whom WhatsApp may tell little."""
    if contact.name or contact.username:
        return contact.name or f"@{contact.username}"[:LONGEST_NAME]
    return f"+{contact.phone_number}" if contact.phone_number else "WhatsApp user"


def _identities(person: Person) -> list[Identity]:
    """From the surest to the least sure: a phone number may pass on to somebody else."""
    named = (
        (IdentityKind.USER_ID, person.user_id),
        (IdentityKind.PARENT_USER_ID, person.parent_user_id),
        (IdentityKind.PHONE, person.phone_number),
    )
    return [(kind, value) for kind, value in named if value]


def _find_or_make(
    people: Sequence[Person],
    known: dict[Identity, ContactIdentity],
    names: Sequence[Name],
    contacts: dict[int, Contact],
    before: dict[Contact, str | None],
    new_name: str,
) -> list[Contact]:
    user_ids: dict[Contact, list[str]] = {contact: [] for contact in contacts.values()}
    for contact_id, kind, value in names:
        if kind == IdentityKind.USER_ID:
            user_ids[contacts[contact_id]].append(value)
    for identity in known.values():
        set_committed_value(identity, "contact", contacts[identity.contact_id])  # loaded, not changed
    before |= {contact: contact.phone_number for contact in contacts.values()}
    return [_find_or_make_one(person, known, user_ids, new_name) for person in people]


def _insert_new(db: Session, contacts: Sequence[Contact], identities: Collection[ContactIdentity]) -> None:
    people = list(dict.fromkeys(each for each in contacts if each not in db))
    names = [each for each in identities if each not in db]
    insert_rows(db, people)
    for each in identities:
        if each.contact_id != each.contact.id:
            each.contact_id = each.contact.id
    insert_rows(db, names)
    take_in(db, [*people, *names])  # at the end, so that a failure before leaves nothing in the session


def _find_or_make_one(
    person: Person,
    known: dict[Identity, ContactIdentity],
    user_ids: dict[Contact, list[str]],
    new_name: str,
) -> Contact:
    contact = next(
        (
            known[identity].contact
            for identity in _identities(person)
            if identity in known and not _passed_on(identity, person, known[identity].contact, user_ids)
        ),
        None,
    )
    if contact is None:
        contact = Contact(name=new_name, profile_name=new_name, phone_number=None)
    if person.name and person.name != contact.profile_name:
        if contact.name in ("", contact.profile_name):  # else the desk has given them a name of its own
            contact.name = person.name
        contact.profile_name = person.name
    if person.username and person.username != contact.username:
        contact.username = person.username
    ids = user_ids.setdefault(contact, [])
    if person.user_id and person.user_id not in ids:
        ids.append(person.user_id)
    for kind, value in _identities(person):
        held = known.get((kind, value))
        is_number = kind == IdentityKind.PHONE
        # a late message under an earlier id, or without one, does not bring an earlier number back
        is_earlier = held is not None and held.contact is contact
        has_gone_on = is_earlier and contact.phone_number not in (None, value)
        is_newest = person.user_id == ids[-1] if ids else not has_gone_on
        is_newest = is_newest or (contact.phone_number is None and not is_earlier)
        if held is None:
            known[kind, value] = held = ContactIdentity(kind=kind, value=value)
            set_committed_value(held, "contact", contact)
        elif held.contact is not contact and is_number and is_newest:
            give_number(held, contact)
        if is_number and is_newest and held.contact is contact:
            contact.phone_number = value
    return contact


def give_number(held: ContactIdentity, contact: Contact) -> None:
    """The number is this contact's now. Its earlier holder keeps everything else."""
    if held.contact.phone_number == held.value:
        held.contact.phone_number = None
    set_committed_value(held, "contact", contact)  # not as a change: the session would take a new one in
    if contact.id is not None:  # a new one's comes with `_insert_new`
        held.contact_id = contact.id


def _passed_on(
    identity: Identity, person: Person, holder: Contact, user_ids: dict[Contact, list[str]]
) -> bool:
    """Whether this is a number that now belongs to somebody else: another user id writes from it.

    Of a holder without one, any is another's once they have gone on to another number.
    """
    if identity[0] != IdentityKind.PHONE or person.user_id is None:
        return False
    theirs = user_ids.get(holder, [])
    has_gone_on = holder.phone_number not in (None, identity[1])
    return person.user_id not in theirs if theirs else has_gone_on
