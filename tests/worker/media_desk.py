"""The fetcher of files against a pretend Meta, as the tests of it use it."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from obstore.store import LocalStore
from PIL import Image
from pydantic import SecretStr
from sqlalchemy import update
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction, utc_now
from models import MediaFile, SupportMessage
from models.media_file import MediaState
from realtime.bus import MEDIA, bus
from services.media_storage import MediaStorage
from tests.factories import make_message
from tests.pretend_media import File, PretendMedia
from tests.worker.outbox_desk import wait_until
from whatsapp.media import Caps, MediaClient
from worker.media import MediaFetcher

TOKEN = "Bearer token"


def make_client(url: str, caps: Caps | None = None) -> MediaClient:
    return MediaClient(url, "v25.0", SecretStr("token"), caps or Caps(total=20, silence=0.3))


def make_storage(folder: Path) -> MediaStorage:
    return MediaStorage(LocalStore(folder), folder)


@contextmanager
def fetching(graph: PretendMedia, storage: MediaStorage) -> Iterator[MediaFetcher]:
    fetcher = MediaFetcher(make_client(graph.url), storage, poll=0.02)
    deaf = bus.listen(MEDIA, fetcher.wake)
    fetcher.start()
    try:
        yield fetcher
    finally:
        deaf()
        fetcher.stop()


def receive(
    db: Session, graph: PretendMedia, file: File, kind: str = "image", **fields: Any
) -> tuple[SupportMessage, MediaFile]:
    """A message with a file, as the inbox puts it into the thread."""
    media_id = f"118734092665{len(graph.files):04d}"
    graph.files[media_id] = file
    message = make_message(db, kind=kind, message="")
    given = {
        "message_id": message.id,
        "phone_number_id": "1001",
        "provider_media_id": media_id,
        "provider_media_at": utc_now(),
        "kind": kind,
        "mime_type": file.mime_type,
        "sha256": file.sha256,
    }
    row = MediaFile(**given | fields)
    with transaction(db):
        db.add(row)
    return message, row


def now(row: MediaFile) -> MediaFile:
    """The row as it stands."""
    with SessionLocal() as db:
        return db.get_one(MediaFile, row.id)


def wait_for(row: MediaFile, state: MediaState) -> MediaFile:
    wait_until(lambda: now(row).state == state)
    return now(row)


def pass_time(db: Session, row: MediaFile, hours: int = 0) -> None:
    """Whatever the row waits for has come; with hours, its tries are so long ago."""
    with transaction(db):
        tried = [str(each) for each in now(row).tried_at]
        if hours:
            tried = [(utc_now() - timedelta(hours=hours)).isoformat() for _ in tried]
        db.execute(
            update(MediaFile)
            .where(MediaFile.id == row.id)
            .values(next_attempt_at=utc_now() - timedelta(seconds=1), tried_at=tried)
        )


def stored(storage: MediaStorage, key: str | None) -> bytes:
    assert key is not None
    with tempfile.TemporaryFile() as file:
        storage.copy(key, file)
        return file.read()


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
