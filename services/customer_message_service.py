"""What came over WhatsApp, many at once: into the thread, past the bot, and its answers into the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from config.bulk_rows import insert_rows, take_in, write_changes
from config.database import utc_now
from models.contact import Contact
from models.support_ticket import MessageKind, SenderType, SupportMessage, SupportTicket, TicketStatus
from realtime import ticket_counts
from realtime.events import EventKind, record
from services import contact_service, customer_batch, identity_service, message_change_service
from services.bot_answers import add_answers
from services.conversation_service import (
    ConversationState,
    Describe,
    FileMessage,
    Manner,
    OpenTicket,
    ReopenTicket,
    Said,
    Say,
    ShowMenu,
    Standing,
    decide,
)
from services.customer_batch import Customer
from services.known_messages import KnownMessages
from services.message_rows import add_row, bring_along, insert, sender_of
from services.ticket_lifecycle import change_status, touch
from services.ticket_timeline import NAMES, add_customer_message, add_notice, add_reply
from whatsapp.incoming import IncomingMessage
from whatsapp.incoming_changes import MessageChange, waiting_change

READABLE = frozenset({"text", "interactive", "image", "video", "document"})
"""Kinds whose text are the customer's own words."""


@dataclass
class _Told:
    """What the desk is to hear of when the batch is done."""

    opened: list[SupportTicket] = field(default_factory=list)
    rows: list[SupportMessage] = field(default_factory=list)
    new: list[SupportMessage] = field(default_factory=list)
    changed: list[SupportMessage] = field(default_factory=list)
    begun: list[tuple[SupportTicket, SupportMessage]] = field(default_factory=list)


def receive(db: Session, messages: Sequence[IncomingMessage]) -> None:
    """Take in these messages in their order, in the act of the caller: all of them or none.

    Every message becomes a row of its customer's timeline, or changes one; what the bot decides follows.
    """
    for is_identity, group in groupby(messages, lambda message: message.identity is not None):
        if is_identity:  # whoever writes next is found by what these tell
            for message in group:
                identity_service.change_identity(db, message)
        else:
            _receive(db, list(group))


def _receive(db: Session, messages: Sequence[IncomingMessage]) -> None:
    now = utc_now()
    customers = customer_batch.load(db, messages, now)
    known = KnownMessages(db, messages)
    told = _Told()
    for message, customer in zip(messages, customers, strict=True):
        _take_in(db, message, customer, known, told, now)
        if change := message.change:
            notes = known.waiting_for(change.target, customer.contact.id)
            told.changed += message_change_service.delete_notes(
                change, message.occurred_at, notes, by_customer=not message.echo, now=now
            )
    distinct = list({id(customer): customer for customer in customers}.values())
    customer_batch.write_conversations(db, distinct)
    write_changes(db, [customer.desk.live for customer in distinct if customer.desk.live])
    for ticket in told.opened:
        ticket_counts.watch(db, ticket)
    insert_rows(db, told.opened)  # they have their numbers now, which the bot's answers tell
    take_in(db, told.opened)
    for row in told.rows:
        if row.ticket_id is None and row.ticket is not None:
            row.ticket_id = row.ticket.id
    said = add_answers(db, distinct, now)
    insert(db, [*told.new, *said], known)
    db.flush()
    for ticket in told.opened:
        record(db, EventKind.TICKET_CREATED, ticket.id)
    for ticket, message_id in bring_along(db, told.begun):
        record(db, EventKind.MESSAGE_CREATED, ticket.id, message_id)
    for kind, rows in (
        (EventKind.MESSAGE_CREATED, (*told.rows, *said)),
        (EventKind.MESSAGE_UPDATED, told.changed),
    ):
        for row in rows:
            if row.ticket_id is not None:
                record(db, kind, row.ticket_id, row.id)
                record(db, EventKind.TICKET_UPDATED, row.ticket_id)


def _take_in(
    db: Session,
    message: IncomingMessage,
    customer: Customer,
    known: KnownMessages,
    told: _Told,
    now: datetime,
) -> None:
    _open_window(customer, message)
    change = message.change
    target = known.find(change.target, customer.contact.id) if change else None
    if change and target and message_change_service.concerns(target, change, by_customer=not message.echo):
        _change(message, change, target, customer, told, now)
        return
    number = customer.conversation.phone_number_id
    row = known.find(message.wamid, customer.contact.id)
    if row is not None and row.phone_number_id in (None, number):
        if not _shown_on_standby(row, message):
            return  # our own message, or one that came on the other stream
    else:
        row = add_row(db, message, customer.contact, number, known, now)
        told.new.append(row)
    told.rows.append(row)
    _file(message, row, customer, known, told, now)
    for waiting in known.waiting_for(message.wamid, row.contact_id):
        change = waiting_change(message.wamid, waiting.payload or {})
        by_customer = waiting.sender_type == SenderType.USER
        if change and message_change_service.concerns(row, change, by_customer=by_customer):
            sender = (SenderType(waiting.sender_type), waiting.sender_name)
            message_change_service.apply(row, change, waiting.occurred_at, sender, None, now)


def _change(
    message: IncomingMessage,
    change: MessageChange,
    target: SupportMessage,
    customer: Customer,
    told: _Told,
    now: datetime,
) -> None:
    sender, live = sender_of(message, customer.contact), customer.desk.live
    if message_change_service.apply(target, change, message.occurred_at, sender, live, now):
        told.changed.append(target)


def _shown_on_standby(row: SupportMessage, message: IncomingMessage) -> bool:
    """Whether the row is the copy of a message that is ours to answer now; then it is a copy no longer."""
    payload = row.payload or {}
    if message.echo or message.standby or not payload.get("standby"):
        return False
    row.payload = {name: each for name, each in payload.items() if name != "standby"} or None
    return True


def _open_window(customer: Customer, message: IncomingMessage) -> None:
    if message.speaks:
        last = customer.conversation.last_customer_message_at
        customer.conversation.last_customer_message_at = max(last or message.occurred_at, message.occurred_at)


def _file(
    message: IncomingMessage,
    row: SupportMessage,
    customer: Customer,
    known: KnownMessages,
    told: _Told,
    now: datetime,
) -> None:
    live = customer.desk.live
    if customer.desk.blocked and not message.echo:
        return  # kept, and that is all
    if message.echo:
        if live is not None:
            _file_echo(message, row, customer, live, now)
    elif message.standby or message.in_group:  # not ours to answer
        if live is not None:
            add_customer_message(live, row, now)
    else:
        _answer(message, row, customer, known, told, now)


def _file_echo(
    message: IncomingMessage, row: SupportMessage, customer: Customer, live: SupportTicket, now: datetime
) -> None:
    if message.standby or message.change is not None:
        add_notice(live, row, now)
        return
    last = customer.conversation.last_customer_message_at
    if last is not None and message.occurred_at < last:  # it is late, and what was written since waits
        add_notice(live, row, now)
    else:
        add_reply(live, row, now)
    if live.status is TicketStatus.OPEN:
        change_status(live, TicketStatus.IN_PROGRESS, now)
    customer.conversation.state = ConversationState.CHAT_SUPPORT


def _said(message: IncomingMessage, customer: Customer, known: KnownMessages) -> Said:
    content = message.content
    quote = known.find(message.quoted_wamid, customer.contact.id)
    own_words = content.text if content.kind in READABLE else ""
    if not message.speaks:
        manner = Manner.SILENT
    elif message.type == "request_welcome":
        manner = Manner.GREETING
    elif content.kind == "sticker":
        manner = Manner.STICKER
    else:
        manner = Manner.WORDS if own_words or content.choice else Manner.WORDLESS
    described = {
        "voice": NAMES[MessageKind.VOICE],
        "audio": NAMES[MessageKind.AUDIO],
        "order": content.text,
    }
    return Said(
        text=own_words,
        choice=content.choice,
        quotes=_ticket_of(quote),
        manner=manner,
        description=described.get(content.kind, ""),
        has_file=content.media is not None,
    )


def _ticket_of(quote: SupportMessage | None) -> int | None:
    """The number of the ticket on which the quoted row is; 0 while it is too new to have one."""
    if quote is None or (quote.ticket_id is None and quote.ticket is None):
        return None
    return quote.ticket_id or 0


def _answer(
    message: IncomingMessage,
    row: SupportMessage,
    customer: Customer,
    known: KnownMessages,
    told: _Told,
    now: datetime,
) -> None:
    """Do what the bot decides."""
    desk = customer.desk
    standing = Standing(
        state=ConversationState(customer.conversation.state),
        live=desk.live is not None,
        described=bool(desk.live and desk.live.issue_description),
        reopenable=desk.ended.id if desk.ended else None,
        backlog=desk.backlog,
    )
    decision = decide(standing, _said(message, customer, known))
    customer.conversation.state = decision.state
    for action in decision.actions:
        match action:
            case OpenTicket():
                desk.live = new_ticket(customer.contact, customer.conversation.phone_number_id, "", now)
                # by our clock even its first message, which has Meta's time, would be too late to be its last
                desk.live.last_message_at = message.occurred_at
                told.opened.append(desk.live)
                told.begun.append((desk.live, row))
                add_customer_message(desk.live, row, now)
            case ReopenTicket() if desk.ended:
                change_status(desk.ended, TicketStatus.OPEN, now)
                desk.live, desk.ended = desk.ended, None
                told.begun.append((desk.live, row))
                add_customer_message(desk.live, row, now)
            case FileMessage() if desk.live:
                add_customer_message(desk.live, row, now)
            case Describe(words) if desk.live:
                desk.live.issue_description = words
                touch(desk.live, now)
            case Say() | ShowMenu():
                desk.backlog += 1
                customer.answers.append((action, desk.live))


def new_ticket(contact: Contact, phone_number_id: str, description: str, now: datetime) -> SupportTicket:
    """A live ticket of this contact, not yet in any session."""
    return SupportTicket(
        contact=contact,
        contact_id=contact.id,
        live_contact_id=contact.id,
        phone_number_id=phone_number_id,
        phone_number=contact.phone_number,
        sender_name=contact_service.display_name(contact),
        issue_description=description,
        status=TicketStatus.OPEN,
        created_at=now,
        updated_at=now,
        waiting_since=now,
        last_message_at=now,
        last_message_preview="",
        unread_count=0,
        version=1,
    )
