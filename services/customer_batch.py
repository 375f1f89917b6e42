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
from realtime import ticket_counts
from services import contact_service
from services.conversation_service import ConversationState, Say, ShowMenu
from services.ticket_lifecycle import REOPENING_PERIOD
from whatsapp.incoming import IncomingMessage

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

# populate_existing: not as an earlier act of the session left it, for the desk may have changed it since
_TALKS = (
    select(Conversation).where(Conversation.contact_id.in_(_IDS)).execution_options(populate_existing=True)
)
_LIVE = (
    select(SupportTicket)
    .where(SupportTicket.live_contact_id.in_(_IDS))
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
_BACKLOG = (
    select(OutboundMessage.contact_id, func.count())
    .where(OutboundMessage.contact_id.in_(_IDS), OutboundMessage.state == DeliveryState.QUEUED)
    .group_by(OutboundMessage.contact_id)
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
    desks = _desks(db, {contact.id: contact for contact in contacts}, now)
    conversations = {
        (each.contact_id, each.phone_number_id): each for each in db.scalars(_TALKS, {"ids": list(desks)})
    }
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


def _desks(db: Session, contacts: dict[int, Contact], now: datetime) -> dict[int, Desk]:
    ids = {"ids": list(contacts)}
    live = {each.contact_id: each for each in db.scalars(_LIVE, ids)}
    ended = _ended(db, contacts.keys() - live.keys(), now)
    for ticket in (*live.values(), *ended.values()):
        ticket_counts.watch(db, ticket)
    backlog = {row[0]: row[1] for row in db.execute(_BACKLOG, ids)}
    return {
        each: Desk(live.get(each), ended.get(each), backlog.get(each, 0), contact.blocked_at is not None)
        for each, contact in contacts.items()
    }


def _ended(db: Session, without_live: Collection[int], now: datetime) -> dict[int, SupportTicket]:
    """The last ticket of each that could be opened again: where one is live, none can."""
    if not without_live:
        return {}
    recent = {"ids": list(without_live), "since": now - REOPENING_PERIOD}
    return {each.contact_id: each for each in db.scalars(_ENDED, recent)}
