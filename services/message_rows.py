"""Rows of the timeline for what came over WhatsApp, with the files that belong to them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.bulk_rows import insert_rows, new_row
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
        if row.media is not None:
            row.media.message_id = row.id
            db.add(row.media)
        for reaction in row.reactions:
            reaction.message_id = row.id
            db.add(reaction)
    quotes = [{"id": row.id, "reply_to_id": quote.id} for row, quote in known.quotes_within()]
    if quotes:
        db.execute(update(SupportMessage), quotes)


def _wake_media_once(db: Session) -> None:
    notes = db.info["act"].notes
    if not notes.get("media_wakes"):
        notes["media_wakes"] = True
        after_commit(db, lambda: bus.wake(MEDIA))


def bring_along(db: Session, ticket: SupportTicket, asked: SupportMessage) -> list[int]:
    """Put on the ticket what the bot could not read shortly before, for it said that a person would.

    Gives the ids of these rows. To be called once all are inserted; `asked` is what led to the ticket.
    """
    left = (
        select(SupportMessage.id, SupportMessage.payload)
        .where(
            SupportMessage.contact_id == ticket.contact_id,
            SupportMessage.ticket_id.is_(None),
            SupportMessage.sender_type == SenderType.USER,
            SupportMessage.phone_number_id == asked.phone_number_id,
            SupportMessage.kind.in_(UNREAD_BY_BOT),
            SupportMessage.occurred_at >= asked.occurred_at - REMEMBERED_FOR,
        )
        .order_by(SupportMessage.occurred_at.desc())
        .limit(MOST_REMEMBERED)
    )
    # what was said in a group or to another program was not said to the bot
    own = [row.id for row in db.execute(left) if not {"group", "standby"} & (row.payload or {}).keys()]
    if own:
        db.execute(update(SupportMessage).where(SupportMessage.id.in_(own)).values(ticket_id=ticket.id))
    return own
