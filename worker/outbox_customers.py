"""The customers of messages that are to leave: where they are reached, and to whom nothing may go."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import Session

from models.contact import Contact, ContactIdentity, IdentityKind
from models.conversation import Conversation
from models.outbound_message import OutboundMessage
from whatsapp.client import Address
from whatsapp.window import is_open
from worker.outbox_retry import BLOCKED, SAMPLE

Customer = Row[int, str | None, bool, datetime | None, datetime | None]

_CUSTOMERS = (
    select(
        Contact.id,
        Contact.phone_number,
        Contact.is_sample,
        Contact.blocked_at,
        Conversation.last_customer_message_at,
    )
    .outerjoin(
        Conversation,
        and_(Conversation.contact_id == Contact.id, Conversation.phone_number_id == bindparam("number")),
    )
    .where(Contact.id.in_(bindparam("ids", expanding=True)))
)


def find(db: Session, number: str, ids: Collection[int]) -> Sequence[Customer]:
    """These customers, with when they last wrote to this number."""
    return db.connection().execute(_CUSTOMERS, {"ids": list(ids), "number": number}).all()


def closed_windows(customers: Iterable[Customer], rows: Iterable[OutboundMessage], now: datetime) -> set[int]:
    """Those that WhatsApp would refuse. Of customers who never wrote it decides by itself."""
    written = {each.id: each.last_customer_message_at for each in customers}
    return {
        row.id
        for row in rows
        if row.payload.get("type") != "template"
        and (last := written.get(row.contact_id)) is not None
        and not is_open(last, now)
    }


def reachable(db: Session, customers: Collection[Customer]) -> tuple[dict[int, str], dict[int, Address]]:
    """Those to whom nothing goes out, whatever is in the outbox, and why; and where to reach the others.

    By their phone number, else their user id, else that of their parent business account.
    """
    refused = {
        each.id: SAMPLE if each.is_sample else BLOCKED
        for each in customers
        if each.is_sample or each.blocked_at
    }
    open_to_us = [each for each in customers if each.id not in refused]
    found = {each.id: Address("to", f"+{each.phone_number}") for each in open_to_us if each.phone_number}
    missing = {each.id for each in open_to_us} - set(found)
    if missing:
        identities = db.execute(
            select(ContactIdentity.contact_id, ContactIdentity.kind, ContactIdentity.value)
            .where(ContactIdentity.contact_id.in_(missing))
            .order_by(ContactIdentity.id)
        ).all()
        for kind in (IdentityKind.USER_ID, IdentityKind.PARENT_USER_ID):
            newest = {row.contact_id: row.value for row in identities if row.kind == kind}
            for contact_id, value in newest.items():
                found.setdefault(contact_id, Address("recipient", value))
    return refused, found
