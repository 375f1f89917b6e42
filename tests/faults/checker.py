"""What must hold once everything has been worked off, whatever was killed in between."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from tempfile import TemporaryFile

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    Contact,
    DeskEvent,
    EventSequence,
    InboundEvent,
    MediaFile,
    OutboundMessage,
    SupportMessage,
    SupportTicket,
)
from models.inbound_event import InboundState
from models.media_file import MediaState
from models.outbound_message import DeliveryState
from realtime import ticket_counts
from services.media_storage import get_media_storage

UNDER_WAY = (DeliveryState.QUEUED, DeliveryState.SENDING)
GONE_OUT = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)


@dataclass
class Promised:
    """What was answered with 200: webhooks by their messages, and replies by their client ids.

    Of each of the `files` there is what Meta has, and all replies in `read` are. `malformed` items belong
    into quarantine. `posts` counts what Graph was sent, by callback id.
    """

    number: str = ""
    wamids: list[str] = field(default_factory=list)
    malformed: int = 0
    replies: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    unread: int = 0
    posts: Counter[str] = field(default_factory=Counter)


def violations(db: Session, promised: Promised) -> list[str]:
    """Every promise that is broken, in words."""
    return [
        *_inbox(db, promised),
        *_replies(db, promised),
        *_outbox(db, promised),
        *_files(db, promised),
        *_ticket(db, promised),
        *_events(db),
    ]


def _inbox(db: Session, promised: Promised) -> Iterator[str]:
    found = Counter(db.scalars(select(SupportMessage.wamid).where(SupportMessage.wamid.in_(promised.wamids))))
    for wamid in promised.wamids:
        if found[wamid] != 1:
            yield f"message {wamid} is in the thread {found[wamid]} times"
    states = Counter(db.scalars(select(InboundEvent.state)))
    if states[InboundState.PENDING]:
        yield f"{states[InboundState.PENDING]} events were never worked off"
    if states[InboundState.QUARANTINED] != promised.malformed:
        yield f"{states[InboundState.QUARANTINED]} of {promised.malformed} odd items are in quarantine"


def _replies(db: Session, promised: Promised) -> Iterator[str]:
    for client_id in promised.replies:
        rows = db.scalars(select(SupportMessage).where(SupportMessage.client_id == client_id)).all()
        if len(rows) != 1 or rows[0].outbound_id is None:
            yield f"reply {client_id} is there {len(rows)} times, or is not to be sent"
        elif client_id in promised.read and (rows[0].outbound is None or rows[0].outbound.state != "read"):
            yield f"reply {client_id} was read, and nobody was told"


def _outbox(db: Session, promised: Promised) -> Iterator[str]:
    for row in db.scalars(select(OutboundMessage)):
        posts = promised.posts[row.callback_id]
        if row.state in UNDER_WAY:
            yield f"send {row.id} is {row.state} for ever"
        if posts > 1:
            yield f"send {row.id} went out {posts} times"
        if row.state in GONE_OUT and not posts:
            yield f"send {row.id} is {row.state} and never went out"
        if posts and row.state not in GONE_OUT:
            yield f"send {row.id} went out and is {row.state}, whatever its statuses told"


def _files(db: Session, promised: Promised) -> Iterator[str]:
    of_customer = (
        select(MediaFile)
        .join(SupportMessage, SupportMessage.id == MediaFile.message_id)
        .join(Contact, Contact.id == SupportMessage.contact_id)
        .where(Contact.phone_number == promised.number)
    )
    rows = db.scalars(of_customer).all()
    if len(rows) != len(promised.files):
        yield f"{len(rows)} files are there, and should be {len(promised.files)}"
    for row, content in zip(rows, promised.files, strict=False):
        with TemporaryFile() as file:
            if row.storage_key:
                get_media_storage().copy(row.storage_key, file)
            file.seek(0)
            if row.state != MediaState.STORED or file.read() != content:
                yield f"file {row.id} is {row.state}, or not what was sent"


def _ticket(db: Session, promised: Promised) -> Iterator[str]:
    if not promised.number:
        return
    contacts = db.scalars(select(Contact.id).where(Contact.phone_number == promised.number)).all()
    if len(contacts) != 1:
        yield f"the customer is {len(contacts)} contacts"
    tickets = db.scalars(select(SupportTicket).where(SupportTicket.contact_id.in_(contacts))).all()
    if len(tickets) != 1 or tickets[0].live_contact_id is None:
        yield f"the customer has {len(tickets)} tickets"
    elif tickets[0].unread_count != promised.unread:
        yield f"{tickets[0].unread_count} messages are unread, and should be {promised.unread}"


def _events(db: Session) -> Iterator[str]:
    told = select(DeskEvent.message_id).where(DeskEvent.kind == "message.created")
    untold = select(SupportMessage.id).where(
        SupportMessage.ticket_id.is_not(None), SupportMessage.id.not_in(told)
    )
    for message_id in db.scalars(untold):
        yield f"message {message_id} was never told to the desk"
    opened = select(DeskEvent.ticket_id).where(DeskEvent.kind == "ticket.created")
    for ticket_id in db.scalars(select(SupportTicket.id).where(SupportTicket.id.not_in(opened))):
        yield f"ticket {ticket_id} was never told to the desk"
    kept, counted = ticket_counts.compare(db)
    if kept != counted:
        yield f"{counted} is kept as {kept}"
    count, last = db.execute(select(func.count(), func.max(DeskEvent.seq))).one()
    if not count == (last or 0) == db.scalar(select(EventSequence.last_seq)):
        yield f"{count} events end with number {last}"
