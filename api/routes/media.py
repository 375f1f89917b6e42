"""Files of messages: seen, heard, saved, fetched again, and brought to be sent."""

import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal
from urllib.parse import quote

import structlog
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from api import byte_range
from api.deps import CurrentAdmin, CurrentCaller, Database
from api.errors import ERROR_RESPONSES
from models.audit_entry import AuditAction
from models.media_file import MediaFile
from schemas.envelope import Success, success
from schemas.reply import Nothing
from schemas.support_message import Media
from services import media_fetch_service
from services.audit_service import audited
from services.media_access import FileOutOfReach, NoSuchFile, find_visible
from services.media_storage import STORE_ERRORS, FileMissing, get_media_storage
from services.media_types import safe_name
from services.media_upload_service import (
    LARGEST,
    FileTooLarge,
    keep_upload,
    number_of_ticket,
    told_of_no_room,
)

log = structlog.get_logger()

router = APIRouter(prefix="/api/support/media", tags=["media"], responses=ERROR_RESPONSES)

MediaId = Annotated[int, Path(description="The number of a file")]
Kind = Literal["image", "video", "audio", "voice", "document", "sticker"]

PLAYED_HERE = frozenset(
    "audio/aac audio/amr audio/mpeg audio/mp4 audio/ogg audio/wav audio/webm "
    "video/mp4 video/3gpp video/quicktime video/webm".split()
)
"""What the desk has looked into and a browser plays. All else is saved and never opened as a page."""

FROM_STORE = CapacityLimiter(20)
"""Threads that wait for the store of files: a silent bucket must not hold those of all other calls."""

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",  # the next person at this computer, and what was deleted meanwhile
    "Accept-Ranges": "bytes",
}
ANY_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
A_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "The part that `Range` asks for"},
}


@router.post("", openapi_extra=ANY_BODY)
async def upload(
    request: Request,
    db: Database,
    caller: CurrentCaller,
    ticket_id: Annotated[int, Query(description="The ticket that it is for")],
    kind: Kind,
    filename: Annotated[str, Query(max_length=255)] = "",
) -> Success[Media]:
    """Bring a file, as the raw body, to send it with a message afterwards. It is kept for a day.

    A photo is made smaller where WhatsApp needs that, a voice note becomes what WhatsApp plays as one.
    """
    number = await run_in_threadpool(number_of_ticket, db, ticket_id)
    await run_in_threadpool(db.close)  # no connection waits for a slow line
    limit = LARGEST[kind]
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > limit:
        raise FileTooLarge(limit)
    with told_of_no_room(), tempfile.TemporaryFile() as file:
        size = 0
        async for piece in request.stream():
            size += len(piece)
            if size > limit:
                raise FileTooLarge(limit)
            await to_thread.run_sync(file.write, piece)
        media = await run_in_threadpool(keep_upload, db, caller, number, kind, filename, file)
    return success(Media.of(media), "The file is ready to be sent.")


@router.get("/{media_id}", response_class=Response, responses=A_FILE)
async def original(media_id: MediaId, request: Request, db: Database, admin: CurrentAdmin) -> Response:
    """The file as it came. Sound and video of known types are played, all else is saved."""
    media = await run_in_threadpool(find_visible, db, media_id, admin.id)
    is_played = media.kind in ("audio", "voice", "video") and media.mime_type in PLAYED_HERE
    name = safe_name(media.filename, media.mime_type, f"{media.kind}-{media.id}")
    disposition = "inline" if is_played else _attachment(name)
    return await _answer(request, db, media.storage_key, media.mime_type, disposition)


@router.get("/{media_id}/thumbnail", response_class=Response, responses=A_FILE)
async def thumbnail(media_id: MediaId, request: Request, db: Database, admin: CurrentAdmin) -> Response:
    """A small picture of it, WebP."""
    media = await run_in_threadpool(find_visible, db, media_id, admin.id)
    return await _answer(request, db, media.thumbnail_key, "image/webp", "inline")


@router.get("/{media_id}/playable", response_class=Response, responses=A_FILE)
async def playable(media_id: MediaId, request: Request, db: Database, admin: CurrentAdmin) -> Response:
    """A voice note as MP3, for what does not play the original."""
    media = await run_in_threadpool(find_visible, db, media_id, admin.id)
    return await _answer(request, db, media.playable_key, "audio/mpeg", "inline")


@router.post("/{media_id}/fetch")
def fetch(media_id: MediaId, _body: Nothing, db: Database, caller: CurrentCaller) -> Success[Media]:
    """Try once more to get a file from WhatsApp."""
    media: MediaFile = find_visible(db, media_id, caller.admin.id)
    with audited(db, caller, AuditAction.FILE_FETCH, "file", media_id):
        media_fetch_service.fetch_again(db, media)
    return success(Media.of(media), media.error or "The file is being fetched.")


async def _answer(
    request: Request, db: Session, key: str | None, mime_type: str, disposition: str
) -> Response:
    await run_in_threadpool(db.close)  # no connection waits for a slow line
    if key is None:
        raise NoSuchFile
    storage = get_media_storage()
    headers = HEADERS | {
        "Content-Disposition": disposition,
        "ETag": f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"',
    }
    has_changed = request.headers.get("if-range", headers["ETag"]) != headers["ETag"]
    try:
        size = await to_thread.run_sync(storage.size, key, limiter=FROM_STORE)
        part = None if has_changed else byte_range.wanted(request.headers.get("range"), size)
        start, end = part or (0, size)
        pieces = await to_thread.run_sync(storage.read, key, start, end, limiter=FROM_STORE)
    except FileMissing:
        raise NoSuchFile from None
    except STORE_ERRORS as error:
        log.error("media.out_of_reach", error=str(error))
        raise FileOutOfReach from error
    except byte_range.Unsatisfiable as error:
        return Response(status_code=416, headers=HEADERS | {"Content-Range": f"bytes */{error.size}"})
    headers["Content-Length"] = str(end - start)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return StreamingResponse(_in_turn(pieces), 206 if part else 200, headers, mime_type)


async def _in_turn(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while piece := await to_thread.run_sync(next, pieces, b"", limiter=FROM_STORE):
        yield piece


def _attachment(name: str) -> str:
    """RFC 6266: the name twice, the second time with all its letters."""
    plain = name.encode("ascii", "ignore").decode().replace("\\", "").replace('"', "").replace("%", "")
    return f"attachment; filename=\"{plain or 'file'}\"; filename*=UTF-8''{quote(name, safe='')}"
