"""When a file may be fetched from WhatsApp, and asking for it once more."""

from datetime import datetime, timedelta

from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from config.database import after_commit, database_now, transaction
from models.media_file import MediaFile, MediaState
from models.support_ticket import SupportMessage
from realtime.bus import MEDIA, bus
from realtime.events import EventKind, record
from services.errors import DeskError
from services.media_access import NoSuchFile

TRIES_AN_HOUR = 10
"""For one file. More would shut the whole account out of its files."""

HOUR = timedelta(hours=1)

KEPT_BY_WHATSAPP = timedelta(days=7)
"""How long WhatsApp gives a file that a customer sent, by Meta's documentation."""

EXPIRED = (
    "WhatsApp keeps a file for seven days, and this one was not fetched in that time. "
    "Ask the customer to send it again."
)


class MediaExpired(DeskError):
    """WhatsApp no longer has the file."""

    status = 409
    code = "media_expired"

    def __init__(self) -> None:
        super().__init__(EXPIRED)


def expires_at(row: MediaFile) -> datetime:
    """From when on WhatsApp no longer gives the file."""
    return (row.provider_media_at or row.created_at) + KEPT_BY_WHATSAPP


def next_free_try(row: MediaFile, now: datetime) -> datetime | None:
    """From when on another try keeps within TRIES_AN_HOUR; None if it does at once."""
    tries = row.tried_at or []
    if len(tries) < TRIES_AN_HOUR:
        return None
    free = datetime.fromisoformat(tries[-TRIES_AN_HOUR]) + HOUR
    return free if now < free <= now + HOUR else None  # later than that: the clock was set back


def note_try(row: MediaFile, now: datetime) -> None:
    """WhatsApp is about to be asked."""
    row.tried_at = [*(row.tried_at or []), now.isoformat()][-TRIES_AN_HOUR:]


def fetch_again(db: Session, row: MediaFile) -> None:
    """Try again, now or as soon as ten tries an hour allow.

    A file that is there, or that is being fetched, stays as it is, and so does one that the desk has let go:
    it no longer knows what to ask for. Raises MediaExpired or NoSuchFile.
    """
    with transaction(db):
        try:
            db.refresh(row, with_for_update=True)
        except InvalidRequestError:  # it was erased since the caller looked
            raise NoSuchFile from None
        is_under_way = row.state == MediaState.PENDING and row.error is None
        is_let_go = row.provider_media_id is None
        if row.state == MediaState.STORED or is_under_way or is_let_go or row.uploaded_by is not None:
            return
        now = database_now(db)
        if now >= expires_at(row):
            raise MediaExpired
        free = next_free_try(row, now)
        if row.state == MediaState.FAILED:
            row.attempts = 0  # all the waits again, should it fail again
        row.state = MediaState.PENDING
        row.next_attempt_at = free or now
        row.error = _wait_words(free, now) if free else None
        tell_desk(db, row)
        after_commit(db, lambda: bus.wake(MEDIA))


def tell_desk(db: Session, row: MediaFile) -> None:
    """The file of a message changed, in the act that is under way."""
    if row.message_id is None:
        return
    message = db.get(SupportMessage, row.message_id)
    if message is not None and message.ticket_id is not None:
        record(db, EventKind.MESSAGE_UPDATED, ticket_id=message.ticket_id, message_id=message.id)


def _wait_words(free: datetime, now: datetime) -> str:
    minutes = max(1, -(-int((free - now).total_seconds()) // 60))
    return (
        f"It was tried {TRIES_AN_HOUR} times within an hour, and WhatsApp wants no more. "
        f"It is fetched again in {minutes} minute{'s' if minutes > 1 else ''}."
    )
