"""Files that admins bring to be sent: checked against what WhatsApp takes before anything is sent."""

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Literal

import structlog
from sqlalchemy.orm import Session

from config.database import transaction
from models.audit_entry import AuditAction
from models.media_file import MediaFile, MediaState
from models.support_ticket import SupportTicket
from services.actor import Caller
from services.audit_service import record
from services.errors import DeskError, TicketNotFound
from services.media_conversion import Unreadable, convert
from services.media_forms import Forms, content_type, make_forms, note_stored, store_forms
from services.media_images import FORMATS, MOST_PIXELS, PHOTO_BYTES
from services.media_storage import STORE_ERRORS, get_media_storage
from services.media_types import ENDINGS, TEXT, UNKNOWN, ZIP, safe_name
from services.ticket_change_service import LARGEST_ID

MB = 1024 * 1024
LARGEST = {
    "image": 25 * MB,  # it is made smaller
    "video": 16 * MB,
    "audio": 16 * MB,
    "voice": 16 * MB,
    "document": 100 * MB,
    "sticker": 500 * 1024,
}
"""In bytes, as they come from the browser. Meta's limits for what is sent, but for photos."""

STILL_STICKER_BYTES = 100 * 1024
SOUNDS = ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")
VIDEOS = ("video/mp4", "video/3gpp")
PAPERS = tuple(
    kind for kind in ENDINGS if kind.startswith(("application/", "text/")) and kind not in (ZIP, UNKNOWN)
)

NOT_A_PHOTO = "WhatsApp takes photos as JPEG and PNG, and the desk makes them of WebP, GIF, BMP and AVIF too."
NOT_A_STICKER = "WhatsApp takes stickers as WebP."
NOT_A_SOUND = "WhatsApp takes sound as AAC, AMR, MP3, MP4 and OGG (Opus with one channel)."
NOT_A_VIDEO = "WhatsApp takes videos as MP4 and 3GPP, with H.264 pictures and at most one AAC sound track."
NOT_A_PAPER = "WhatsApp takes documents as PDF, text, Word, Excel and PowerPoint."
TOO_MANY_PIXELS = f"The photo has too many pixels; {MOST_PIXELS / 1e6:.1f} million are possible at most."


log = structlog.get_logger()


class FileTooLarge(DeskError):
    """Larger than the limit of its kind, which the message names."""

    code = "file_too_large"

    def __init__(self, limit: int) -> None:
        size = f"{limit // 1024} KB" if limit < MB else f"{limit // MB} MB"
        super().__init__(f"The file is too large; it may have {size} at most.")


class FileNotAllowed(DeskError):
    """WhatsApp would not take it; the message says what it takes."""

    code = "file_not_allowed"


class EmptyFile(DeskError):
    """There is nothing in it."""

    code = "empty_file"

    def __init__(self) -> None:
        super().__init__("The file is empty.")


class FileNotKept(DeskError):
    """The disk is full, or the bucket does not take it: another file would fare no better."""

    status = 507
    code = "file_not_kept"

    def __init__(self) -> None:
        super().__init__(
            "The desk could not keep the file; is there room for it? "
            "Whoever runs the desk finds the reason in its log."
        )


@contextlib.contextmanager
def told_of_no_room() -> Iterator[None]:
    """Raises FileNotKept for what the disk or the store of files refuses."""
    try:
        yield
    except STORE_ERRORS as error:
        log.error("media.not_kept", error=str(error))
        raise FileNotKept from error


def number_of_ticket(db: Session, ticket_id: int) -> str:
    """The business's number that the ticket's customer writes to. Raises TicketNotFound."""
    ticket = db.get(SupportTicket, ticket_id) if 0 < ticket_id <= LARGEST_ID else None
    if ticket is None:
        raise TicketNotFound(ticket_id)
    return ticket.phone_number_id


def keep_upload(
    db: Session, caller: Caller, phone_number_id: str, kind: str, name: str, file: IO[bytes]
) -> MediaFile:
    """Keep a file, made such that WhatsApp takes it, until a message is sent with it or a day has passed.

    The row is there before the file, so that what a process leaves that dies is found and cleared away.
    Raises EmptyFile, FileTooLarge or FileNotAllowed.
    """
    with _sendable(kind, name, file) as (made, forms):
        size, sha256 = _measured(made)
        stem = PurePosixPath(name).stem if made is not file else name
        row = MediaFile(
            uploaded_by=caller.admin.id,
            phone_number_id=phone_number_id,
            kind=kind,
            mime_type=forms.mime_type,
            filename=safe_name(stem, forms.mime_type, kind),
            state=MediaState.PENDING,
        )
        with transaction(db):
            db.add(row)
        stored = store_forms(get_media_storage(), row.id, made, forms)
        with transaction(db):
            note_stored(row, stored, size, sha256)
            db.add(row)
            record(db, caller, AuditAction.FILE_UPLOAD, "file", row.id)
    return row


@contextlib.contextmanager
def _sendable(kind: str, name: str, file: IO[bytes]) -> Iterator[tuple[IO[bytes], Forms]]:
    size = file.seek(0, 2)
    if size == 0:
        raise EmptyFile
    if size > LARGEST[kind]:
        raise FileTooLarge(LARGEST[kind])
    with contextlib.ExitStack() as temporary:
        made = file
        if kind == "voice" and not _is_voice_note(file):
            made = temporary.enter_context(tempfile.TemporaryFile())
            _converted("voice", content_type("voice", name, file), file, made, NOT_A_SOUND)
        forms = temporary.enter_context(contextlib.closing(make_forms(kind, name, made)))
        if kind == "image" and not _is_sendable_photo(forms, size):
            made = temporary.enter_context(tempfile.TemporaryFile())
            _converted("photo", forms.mime_type, file, made, NOT_A_PHOTO)
            forms = temporary.enter_context(contextlib.closing(make_forms(kind, name, made)))
        _check(kind, name, forms, made.seek(0, 2))
        if kind == "video" and forms.facts.has_place:
            made = temporary.enter_context(tempfile.TemporaryFile())
            _converted("video", forms.mime_type, file, made, NOT_A_VIDEO)
        yield made, forms


def _check(kind: str, name: str, forms: Forms, size: int) -> None:
    """Raises FileTooLarge or FileNotAllowed."""
    mime_type, facts = forms.mime_type, forms.facts
    opus = mime_type != "audio/ogg" or (facts.audio_codecs == ("opus",) and facts.channels == 1)
    if kind == "image":
        _allow(mime_type in ("image/jpeg", "image/png"), NOT_A_PHOTO)
    elif kind == "sticker":
        _allow(mime_type == "image/webp", NOT_A_STICKER)
        if not facts.is_animated and size > STILL_STICKER_BYTES:
            raise FileTooLarge(STILL_STICKER_BYTES)
    elif kind == "video":
        _allow(
            mime_type in VIDEOS and facts.video_codec == "h264" and facts.audio_codecs in ((), ("aac",)),
            NOT_A_VIDEO,
        )
    elif kind == "document":
        _allow(mime_type in PAPERS, NOT_A_PAPER)
        _allow(_ending_agrees(name, mime_type), "The ending of the file's name does not fit what is in it.")
    else:
        _allow(mime_type in SOUNDS and opus, NOT_A_SOUND)
        if size > LARGEST[kind]:
            raise FileTooLarge(LARGEST[kind])


def _ending_agrees(name: str, mime_type: str) -> bool:
    ending = PurePosixPath(name).suffix.lower()
    known = {each for endings in ENDINGS.values() for each in endings}
    return ending not in known or ending in ENDINGS[mime_type] or mime_type == TEXT


def _is_sendable_photo(forms: Forms, size: int) -> bool:
    if forms.mime_type not in FORMATS:
        raise FileNotAllowed(NOT_A_PHOTO)
    if forms.facts.problem is not None:
        raise FileNotAllowed(TOO_MANY_PIXELS)
    is_plain = forms.mime_type in ("image/jpeg", "image/png") and forms.facts.mode in ("RGB", "RGBA")
    return is_plain and size <= PHOTO_BYTES and not forms.facts.has_place


def _is_voice_note(file: IO[bytes]) -> bool:
    if content_type("voice", "", file) != "audio/ogg":
        return False
    try:
        facts = convert("facts", "audio/ogg", file)
    except Unreadable:
        return False
    return facts.audio_codecs == ("opus",) and facts.channels == 1


def _converted(
    task: Literal["voice", "photo", "video"], mime_type: str, file: IO[bytes], target: IO[bytes], words: str
) -> None:
    if mime_type == UNKNOWN:
        raise FileNotAllowed(words)
    try:
        facts = convert(task, mime_type, file, target)
    except Unreadable:
        raise FileNotAllowed(words) from None
    if not facts.is_made:
        raise FileNotAllowed(TOO_MANY_PIXELS if facts.problem == "pixels" else words)


def _allow(condition: bool, words: str) -> None:
    if not condition:
        raise FileNotAllowed(words)


def _measured(file: IO[bytes]) -> tuple[int, str]:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(MB):
        digest.update(piece)
    return file.tell(), digest.hexdigest()
