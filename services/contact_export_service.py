"""Everything that is kept of one customer, to be handed over to them."""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.contact import Contact
from models.media_file import MediaFile, MediaState
from models.support_ticket import SupportMessage, SupportTicket
from services.contact_change_service import find_contact
from services.media_storage import get_media_storage


@dataclass(frozen=True)
class ContactData:
    """A customer with their identities, tickets and whole timeline, oldest first."""

    contact: Contact
    tickets: list[SupportTicket]
    messages: list[SupportMessage]


def collect(db: Session, contact_id: int) -> ContactData:
    """What is kept of the customer. Raises ContactNotFound."""
    contact = find_contact(db, contact_id)
    tickets = select(SupportTicket).where(SupportTicket.contact_id == contact_id).order_by(SupportTicket.id)
    messages = (
        select(SupportMessage)
        .where(SupportMessage.contact_id == contact_id)
        .order_by(SupportMessage.occurred_at, SupportMessage.id)
        .options(
            joinedload(SupportMessage.media),
            joinedload(SupportMessage.outbound),
            selectinload(SupportMessage.reactions),
        )
    )
    return ContactData(contact, list(db.scalars(tickets)), list(db.scalars(messages)))


def write(target: Path, document: dict[str, object], messages: list[SupportMessage]) -> int:
    """Write the document and the files of the messages into a ZIP file; how many files that were."""
    files = [each.media for each in messages if each.media and each.media.state == MediaState.STORED]
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("customer.json", json.dumps(document, ensure_ascii=False, indent=2))
        for media in files:
            with archive.open(f"files/{media.id}{Path(media.filename or '').suffix[:10]}", "w") as entry:
                _copy(media, entry)
    return len(files)


def _copy(media: MediaFile, entry: IO[bytes]) -> None:
    storage = get_media_storage()
    assert media.storage_key is not None  # it is stored
    entry.writelines(storage.read(media.storage_key, 0, storage.size(media.storage_key)))
