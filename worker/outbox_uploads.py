"""Files are brought to WhatsApp before the message that names them is claimed.

So an upload that breaks off, or a process that dies during one, leaves a message that surely has not gone out
and simply waits.
"""

import asyncio
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import database_now, transaction
from models.media_file import MediaFile, MediaState
from models.outbound_message import DeliveryState, OutboundMessage
from services.media_storage import FileMissing, get_media_storage
from services.media_types import safe_name
from services.outbound_message_service import lock, tell_desk
from whatsapp.client import Refused, Unreached
from whatsapp.errors import ErrorClass
from whatsapp.media import MediaClient
from worker.outbox_retry import Step, after

PLACEHOLDER = "media_file_id"
"""Stands in a payload where Graph wants the `id` of an uploaded file."""

KEPT_BY_WHATSAPP = timedelta(days=29)
"""Meta keeps an upload for thirty days; the last one is left to messages on their way."""

FILE_GONE = "The desk no longer has the file. Add it again and send it once more."
NOT_BROUGHT = "The file could not be brought to WhatsApp."

log = structlog.get_logger()


@dataclass(frozen=True)
class Upload:
    """A file that a message waits for."""

    outbound_id: int
    contact_id: int
    media_id: int
    storage_key: str
    mime_type: str
    filename: str


@dataclass(frozen=True)
class Sorted:
    """What may be sent now, with Graph's ids in it; what waits for an upload; what lost its file."""

    payloads: dict[int, dict[str, Any]] = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)


def sort_out(db: Session, rows: Collection[OutboundMessage]) -> Sorted:
    """Look which messages name files that WhatsApp does not have (any more)."""
    named = {row.id: set(_named(row.payload)) for row in rows}
    wanted = {media_id for media_ids in named.values() for media_id in media_ids}
    files: dict[int, MediaFile] = {}
    if wanted:
        found = select(MediaFile).where(MediaFile.id.in_(wanted)).execution_options(populate_existing=True)
        files = {file.id: file for file in db.scalars(found)}
    now = database_now(db) if wanted else None
    result = Sorted()
    for row in rows:
        own = [files.get(media_id) for media_id in sorted(named[row.id])]
        present = [file for file in own if file is not None and _is_sendable(file)]
        missing = [file for file in present if now is not None and not _is_there(file, row, now)]
        if len(present) < len(own):
            result.gone.add(row.id)
        elif missing:
            result.uploads.append(_upload_of(row, missing[0]))
        else:
            ids = {file.id: str(file.provider_media_id) for file in present}
            result.payloads[row.id] = _resolved(row.payload, ids)
    return result


async def bring(client: MediaClient, upload: Upload, number: str) -> str | Refused | Unreached:
    """Copy the file from the store to WhatsApp; gives its id there."""
    with tempfile.TemporaryFile() as file:
        try:
            await asyncio.to_thread(get_media_storage().copy, upload.storage_key, file)
        except FileMissing:
            log.error("outbox.file_missing", media_id=upload.media_id)
            return Refused(ErrorClass.PERMANENT, None, FILE_GONE, 0.0)
        return await client.upload(number, file, upload.mime_type, upload.filename)


def keep(db: Session, upload: Upload, number: str, provider_media_id: str) -> None:
    """Note under which id WhatsApp has the file; only this number can use it."""
    with transaction(db):
        file = db.get(MediaFile, upload.media_id, with_for_update=True, populate_existing=True)
        if file is not None:
            file.phone_number_id = number
            file.provider_media_id, file.provider_media_at = provider_media_id, database_now(db)


def fail(db: Session, upload: Upload, result: Refused | Unreached, retry_unit: float) -> None:
    """Note why the message still waits, or that it was given up. It has not gone out."""
    with transaction(db):
        for row in lock(db, [upload.outbound_id]):
            if row.state != DeliveryState.QUEUED:
                continue
            step = _step(result, row.attempts + 1, retry_unit)
            row.attempts += step.counts
            row.state, row.error_code, row.error_detail = step.state, step.error_code, step.error_detail
            row.next_attempt_at = database_now(db) + timedelta(seconds=step.wait) if step.wait else None
            tell_desk(db, [row.id])


def _step(result: Refused | Unreached, attempts: int, retry_unit: float) -> Step:
    step = after(result, attempts, retry_unit)
    if isinstance(result, Unreached) or result.code is not None:
        return step
    if result.kind is ErrorClass.PERMANENT:
        return replace(step, error_detail=result.detail)
    if result.kind is not ErrorClass.RETRY:
        return step
    again = "It is tried again by itself." if step.state is DeliveryState.QUEUED else "Send it again later."
    return replace(step, error_detail=f"{NOT_BROUGHT} {again}")


def _named(value: Any) -> Iterator[int]:
    if isinstance(value, Mapping):
        if isinstance(value.get(PLACEHOLDER), int):
            yield value[PLACEHOLDER]
        for each in value.values():
            yield from _named(each)
    elif isinstance(value, list):
        for each in value:
            yield from _named(each)


def _resolved(value: Any, ids: Mapping[int, str]) -> Any:
    if isinstance(value, list):
        return [_resolved(each, ids) for each in value]
    if not isinstance(value, Mapping):
        return value
    named = value.get(PLACEHOLDER)
    own = {"id": ids[named]} if isinstance(named, int) else {}
    return own | {name: _resolved(each, ids) for name, each in value.items() if name != PLACEHOLDER}


def _is_sendable(file: MediaFile) -> bool:
    return file.uploaded_by is not None and file.state == MediaState.STORED and file.storage_key is not None


def _is_there(file: MediaFile, row: OutboundMessage, now: datetime) -> bool:
    if file.provider_media_id is None or file.provider_media_at is None:
        return False
    if file.phone_number_id != row.phone_number_id or file.provider_media_at < now - KEPT_BY_WHATSAPP:
        return False
    # the attempt before may have failed for the upload's sake
    return row.retry_of_id is None or file.provider_media_at > row.created_at


def _upload_of(row: OutboundMessage, file: MediaFile) -> Upload:
    assert file.storage_key is not None  # it is sendable
    name = safe_name(None, file.mime_type, f"{file.kind}-{file.id}")  # the customer sees the payload's
    return Upload(row.id, row.contact_id, file.id, file.storage_key, file.mime_type, name)
