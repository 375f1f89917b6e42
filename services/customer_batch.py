"""The customers of a batch of messages, loaded at once and as they are now."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, inspect, select
from sqlalchemy.orm import Session

from config.bulk_rows import insert_rows, write_changes
from config.conditions import by_index, is_missing
from config.settings import get_settings
from models.contact import Contact
from models.conversation import Conversation
from models.outbound_message import DeliveryState, OutboundMessage
from models.support_ticket import SupportTicket
from services import contact_service
from services.conversation_service import ConversationState, Say, ShowMenu
from services.ticket_lifecycle import REOPENING_PERIOD
from whatsapp.incoming import IncomingMessage

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

_BACKLOG = (
    select(func.count())
    .where(OutboundMessage.contact_id == Contact.id, OutboundMessage.state == DeliveryState.QUEUED)
    .scalar_subquery()
)
# populate_existing: not as an earlier act of the session left it, for the desk may have changed it since
_STANDING = (
    select(Contact.id, _BACKLOG, SupportTicket, Conversation)
    .outerjoin(SupportTicket, SupportTicket.live_contact_id == Contact.id)
    .outerjoin(Conversation, Conversation.contact_id == Contact.id)
    .where(Contact.id.in_(_IDS))
    .execution_options(populate_existing=True)
)
_ENDED = by_index(
    select(SupportTicket)
    .where(
        SupportTicket.contact_id.in_(_IDS),
        is_missing(SupportTicket.live_contact_id),
        SupportTicket.resolved_at >= bindparam("since"),
    )
    .order_by(SupportTicket.id)
    .execution_options(populate_existing=True),
    SupportTicket,
    "ix_support_tickets_contact_id",
)


@dataclass
class Desk:
    """What a customer has at the desk, whatever number of ours they write to. `backlog`: unsent messages."""

    live: SupportTicket | None
    ended: SupportTicket | None
    backlog: int
    blocked: bool = False


@dataclass
class Customer:
    """A customer with one of the business's numbers, as this act changes it."""

    contact: Contact
    conversation: Conversation
    desk: Desk
    answers: list[tuple[Say | ShowMenu, SupportTicket | None]] = field(default_factory=list)


def load(db: Session, messages: Sequence[IncomingMessage], now: datetime) -> list[Customer]:
    """The customer of each message, found or made, and locked until the act ends.

    Conversations that are new are still to be written (`write_conversations`).
    """
    contacts = contact_service.resolve(db, [message.person for message in messages])
    desks, conversations = _standing(db, {contact.id: contact for contact in contacts}, now)
    default = get_settings().whatsapp_phone_number_id
    customers: dict[tuple[int, str], Customer] = {}
    found = []
    for message, contact in zip(messages, contacts, strict=True):
        key = (contact.id, message.phone_number_id or default)
        if key not in customers:
            conversation = conversations.get(key)
            if conversation is None:
                conversation = Conversation(
                    contact_id=key[0], phone_number_id=key[1], state=ConversationState.NEW
                )
            customers[key] = Customer(contact, conversation, desks[contact.id])
        found.append(customers[key])
    return found


def write_conversations(db: Session, customers: Iterable[Customer]) -> None:
    """Write what is new or changed of these customers' conversations. Inside the act that loaded them."""
    conversations = [customer.conversation for customer in customers]
    insert_rows(db, [each for each in conversations if inspect(each).transient])
    write_changes(db, conversations)


def _standing(
    db: Session, contacts: dict[int, Contact], now: datetime
) -> tuple[dict[int, Desk], dict[tuple[int, str], Conversation]]:
    """What each has at the desk, and their talks with our numbers."""
    live: dict[int, SupportTicket] = {}
    backlog: dict[int, int] = {}
    talks: dict[tuple[int, str], Conversation] = {}
    for contact_id, unsent, ticket, talk in db.execute(_STANDING, {"ids": list(contacts)}):
        backlog[contact_id] = unsent
        if ticket is not None:
            live[contact_id] = ticket
        if talk is not None:
            talks[contact_id, talk.phone_number_id] = talk
    ended = _ended(db, contacts.keys() - live.keys(), now)
    desks = {
        each: Desk(live.get(each), ended.get(each), backlog[each], contact.blocked_at is not None)
        for each, contact in contacts.items()
    }
    return desks, talks


def _ended(db: Session, without_live: Collection[int], now: datetime) -> dict[int, SupportTicket]:
    """The last ticket of each that could be opened again: where one is live, none can."""
    if not without_live:
        return {}
    recent = {"ids": list(without_live), "since": now - REOPENING_PERIOD}
    return {each.contact_id: each for each in db.scalars(_ENDED, recent)}
