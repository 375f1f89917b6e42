"""What the tests of sending share: a customer who wrote lately, and what is in the outbox."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction
from models import Admin, MediaFile, MessageTemplate, OutboundMessage, SupportMessage, SupportTicket
from models.media_file import MediaState
from models.support_ticket import SenderType
from services import reply_service
from services.reply_content import Draft
from services.reply_service import Author
from tests.factories import make_contact, make_conversation, make_ticket


def make_open_ticket(db: Session, wrote: timedelta = timedelta(minutes=1), **fields: Any) -> SupportTicket:
    """A ticket of a customer who wrote so long ago."""
    contact = make_contact(db)
    make_conversation(db, contact, last_customer_message_at=datetime.now(UTC) - wrote)
    return make_ticket(db, contact, **fields)


def make_upload(db: Session, admin: Admin, **fields: Any) -> MediaFile:
    given = {"uploaded_by": admin.id, "phone_number_id": "1", "kind": "image", "mime_type": "image/jpeg"}
    with transaction(db):
        file = MediaFile(**given | {"state": MediaState.STORED, "storage_key": "media/1"} | fields)
        db.add(file)
    return file


def make_template(db: Session, **fields: Any) -> MessageTemplate:
    given = {
        "name": "parcel_delay",
        "language": "en_US",
        "status": "APPROVED",
        "components": [{"type": "BODY", "text": "Order {{order}} is late."}],
    }
    with transaction(db):
        template = MessageTemplate(**given | fields)
        db.add(template)
    return template


def reply(
    db: Session,
    ticket: SupportTicket,
    draft: Draft,
    admin: Admin | None = None,
    sender: SenderType = SenderType.ADMIN,
    **more: Any,
) -> SupportMessage:
    author = Author(sender, "Bola", admin.id if admin else None)
    return reply_service.add(db, ticket.id, author, draft, **more)


def outbox() -> list[OutboundMessage]:
    """As another connection sees it, oldest first."""
    with SessionLocal() as other:
        return list(other.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))
