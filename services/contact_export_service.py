"""Everything that is kept of one customer, to be handed over to them."""

import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import SessionLocal
from models.contact import Contact
from models.media_file import MediaState
from models.support_ticket import SupportMessage, SupportTicket
from services.contact_change_service import find_contact
from services.media_storage import FileMissing, get_media_storage
from services.thread_rows import THREAD_ROWS_BY_ID, ThreadRow, read_thread

AT_ONCE = 500
PAUSE_SECONDS = 0.02
"""Between two parts, so that whoever waits for the processor has their turn."""


@dataclass(frozen=True)
class ContactData:
    """A customer with their identities and tickets, and which messages are theirs, oldest first."""

    contact: Contact
    tickets: Sequence[SupportTicket]
    message_ids: Sequence[int]


def collect(db: Session, contact_id: int) -> ContactData:
    """What is kept of the customer. Raises ContactNotFound."""
    contact = find_contact(db, contact_id)
    tickets = select(SupportTicket).where(SupportTicket.contact_id == contact_id).order_by(SupportTicket.id)
    messages = (
        select(SupportMessage.id)
        .where(SupportMessage.contact_id == contact_id)
        .order_by(SupportMessage.occurred_at, SupportMessage.id)
    )
    return ContactData(contact, db.scalars(tickets).all(), db.scalars(messages).all())


def read_messages(message_ids: Sequence[int]) -> Iterator[list[ThreadRow]]:
    """The messages part by part, so that any number of them takes little memory and holds up nobody."""
    for start in range(0, len(message_ids), AT_ONCE):
        part = message_ids[start : start + AT_ONCE]
        with SessionLocal() as db:
            rows = {row.id: row for row in read_thread(db, THREAD_ROWS_BY_ID, {"ids": part})}
        yield [rows[each] for each in part if each in rows]  # the others were erased meanwhile
        time.sleep(PAUSE_SECONDS)


def write(target: Path, document: Iterable[str], files: Iterable[Any]) -> tuple[int, list[str]]:
    """Write the document and these files into a new ZIP file; how many, and which the store has not got.

    Nobody but the operator can read it. The files are asked for after the document, in whose making they may
    be found.
    """
    target.touch(mode=0o600, exist_ok=False)
    try:
        return _write(target, document, files)
    except BaseException:
        target.unlink(missing_ok=True)  # half of it would pass for the whole, and stand in the way of that
        raise


def _write(target: Path, document: Iterable[str], files: Iterable[Any]) -> tuple[int, list[str]]:
    count, gone = 0, []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("customer.json", "w", force_zip64=True) as entry:
            entry.writelines(part.encode() for part in document)
        for media in files:
            if media.state == MediaState.STORED:
                name = f"files/{media.id}{Path(media.filename or '').suffix[:10]}"
                try:
                    _copy(media, archive, name)
                except FileMissing:  # the customer has a right to all the rest
                    gone.append(name)
                else:
                    count += 1
    return count, gone


def _copy(media: Any, archive: zipfile.ZipFile, name: str) -> None:
    storage = get_media_storage()
    content = storage.read(media.storage_key, 0, storage.size(media.storage_key))
    with archive.open(name, "w", force_zip64=True) as entry:
        entry.writelines(content)
