"""Rows of the timeline for what came over WhatsApp, with the files that belong to them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_dict

from config.bulk_rows import insert_rows, new_row
from config.conditions import by_index, is_missing
from config.database import after_commit
from models.contact import Contact
from models.media_file import MediaFile
from models.support_ticket import MessageKind, SenderType, SupportMessage, SupportTicket
from realtime.bus import MEDIA, bus
from services import contact_service
from services.known_messages import KnownMessages
from whatsapp.incoming import IncomingMessage

PHONE_APP = "Phone app"
OTHER_PROGRAM = "AI agent"
"""WhatsApp tells of nobody else who may have the talk while we are on standby."""

UNREAD_BY_BOT = frozenset(
    {
        MessageKind.IMAGE,
        MessageKind.VIDEO,
        MessageKind.AUDIO,
        MessageKind.VOICE,
        MessageKind.DOCUMENT,
        MessageKind.LOCATION,
        MessageKind.CONTACTS,
        MessageKind.ORDER,
    }
)
REMEMBERED_FOR = timedelta(days=1)
MOST_REMEMBERED = 50
"""So many of these, sent to the bot within that time, come onto the ticket that it sends the customer to."""


def sender_of(message: IncomingMessage, contact: Contact) -> tuple[SenderType, str]:
    """Whose row it is."""
    if message.echo:
        return (SenderType.BOT, OTHER_PROGRAM) if message.standby else (SenderType.ADMIN, PHONE_APP)
    name = contact_service.display_name(contact)
    return SenderType.USER, f"{name[:230]} (in a group)" if message.in_group else name


def add_row(
    db: Session,
    message: IncomingMessage,
    contact: Contact,
    phone_number_id: str,
    known: KnownMessages,
    now: datetime,
) -> SupportMessage:
    """The message as a row, on no ticket yet and still to be inserted (`insert`)."""
    content = message.content
    quote = known.find(message.quoted_wamid, contact.id)
    sender_type, name = sender_of(message, contact)
    marks = {mark: True for mark in ("echo", "standby") if getattr(message, mark)}
    row = new_row(
        SupportMessage,
        contact_id=contact.id,
        sender_type=sender_type,
        sender_name=name,
        message=content.text,
        kind=MessageKind(content.kind),
        payload={**content.payload, **marks} or None,
        phone_number_id=phone_number_id,
        occurred_at=message.occurred_at,
        created_at=now,
        wamid=message.wamid,
        reply_to_wamid=message.change.target if message.change else message.quoted_wamid,
        reply_to_id=quote.id if quote else None,
    )
    if content.media is not None:
        row.media = MediaFile(
            phone_number_id=phone_number_id,
            provider_media_id=content.media.media_id,
            provider_media_at=message.occurred_at,
            kind=content.kind,
            mime_type=content.media.mime_type,
            filename=content.media.filename,
            sha256=content.media.sha256,
            created_at=now,
        )
        _wake_media_once(db)
    known.add(row, quote, waits=message.change is not None)
    return row


def insert(db: Session, rows: Sequence[SupportMessage], known: KnownMessages) -> None:
    """Write these new rows with their files and reactions. What they quote may be among them."""
    insert_rows(db, rows)
    for row in rows:
        given = instance_dict(row)  # to ask the row itself would make an empty list for each
        for part in (given.get("media"), *given.get("reactions", ())):
            if part is not None:
                part.message_id = row.id
                db.add(part)
    quotes = [{"id": row.id, "reply_to_id": quote.id} for row, quote in known.quotes_within()]
    if quotes:
        db.execute(update(SupportMessage), quotes)


def _wake_media_once(db: Session) -> None:
    notes = db.info["act"].notes
    if not notes.get("media_wakes"):
        notes["media_wakes"] = True
        after_commit(db, lambda: bus.wake(MEDIA))


_LEFT = (
    is_missing(SupportMessage.ticket_id),
    SupportMessage.sender_type == SenderType.USER,
    SupportMessage.kind.in_(UNREAD_BY_BOT),
    SupportMessage.occurred_at >= bindparam("since"),
)
_WHO_LEFT = by_index(
    select(SupportMessage.contact_id)
    .where(SupportMessage.contact_id.in_(bindparam("contacts", expanding=True)), *_LEFT)
    .distinct(),
    SupportMessage,
    "ix_support_messages_contact_id",
)
_LEFT_BY_ONE = (
    select(SupportMessage.id, SupportMessage.payload)
    .where(
        SupportMessage.contact_id == bindparam("contact"),
        SupportMessage.phone_number_id == bindparam("number"),
        *_LEFT,
    )
    .order_by(SupportMessage.occurred_at.desc())
    .limit(MOST_REMEMBERED)
)


def bring_along(
    db: Session, begun: Sequence[tuple[SupportTicket, SupportMessage]]
) -> list[tuple[SupportTicket, int]]:
    """Put on each ticket what the bot could not read shortly before, for it said that a person would.

    With each ticket comes what led to it. Gives the ids of these rows, each with its ticket. To be called
    once all are inserted.
    """
    if not begun:
        return []
    since = min(asked.occurred_at for _, asked in begun) - REMEMBERED_FOR
    contacts = [ticket.contact_id for ticket, _ in begun]
    who = set(db.connection().scalars(_WHO_LEFT, {"contacts": contacts, "since": since}))
    brought = []
    for ticket, asked in begun:
        if ticket.contact_id not in who:
            continue
        theirs = {
            "contact": ticket.contact_id,
            "number": asked.phone_number_id,
            "since": asked.occurred_at - REMEMBERED_FOR,
        }
        # what was said in a group or to another program was not said to the bot
        left = db.connection().execute(_LEFT_BY_ONE, theirs)
        own = [row.id for row in left if not {"group", "standby"} & (row.payload or {}).keys()]
        if own:
            db.execute(update(SupportMessage).where(SupportMessage.id.in_(own)).values(ticket_id=ticket.id))
        brought += [(ticket, row_id) for row_id in own]
    return brought
