"""The media worker's steps in the database: each is one short act, and none does I/O to others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from config.conditions import is_due
from config.database import database_now, transaction
from models.media_file import MediaFile, MediaState
from services.media_fetch_service import EXPIRED, expires_at, next_free_try, note_try, tell_desk
from services.media_forms import StoredForms, note_stored
from whatsapp.media import Fetched, MediaTrouble, TroubleKind

CLAIM = timedelta(minutes=1)
"""Prolonged while the file is worked on; after a crash it is another's when this has run out."""

WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800))
"""From one try to the next. After as many tries and one more, a person must ask for another."""

UNREACHED_WAIT = timedelta(seconds=60)
DENIED_WAIT = timedelta(minutes=5)
UNSENT_PERIOD = timedelta(days=1)

BY_ITSELF = "It is fetched again by itself."
GIVEN_UP = f"It was tried {len(WAITS) + 1} times; fetch it again, or ask the customer to send it again."
ASK_AGAIN = "Ask the customer to send it another way."

log = structlog.get_logger()


@dataclass(frozen=True)
class Claim:
    """A file that is ours to fetch. `attempts` counts this try, the first being 1."""

    id: int
    attempts: int
    kind: str
    name: str
    provider_media_id: str
    phone_number_id: str
    announced_sha256: str | None


def claim(db: Session, limit: int, *, retries: bool) -> list[Claim]:
    """Take what is due, for as long as CLAIM; those never tried before come first.

    Says so where a file can no longer be had, or was tried too often within the hour.
    """
    if limit <= 0:
        return []
    due = select(MediaFile.id).where(
        MediaFile.state == MediaState.PENDING,
        is_due(MediaFile.next_attempt_at, WAITS[-1]),
        MediaFile.uploaded_by.is_(None),
        MediaFile.provider_media_id.is_not(None),
    )
    if not retries:
        due = due.where(MediaFile.attempts == 0)
    due = due.order_by(MediaFile.attempts, MediaFile.next_attempt_at, MediaFile.id).limit(limit)
    if db.scalar(due) is None:
        return []
    with transaction(db):
        now = database_now(db)
        ids = db.scalars(due.with_for_update(skip_locked=True)).all()
        rows = db.scalars(
            select(MediaFile).where(MediaFile.id.in_(ids)).execution_options(populate_existing=True)
        ).all()
        return [each for row in rows if (each := _claimed(db, row, now)) is not None]


def prolong(db: Session, claims: Iterable[Claim]) -> None:
    """Keep what is being worked on."""
    with transaction(db):
        until = database_now(db) + CLAIM
        for each in claims:
            db.execute(
                update(MediaFile)
                .where(
                    MediaFile.id == each.id,
                    MediaFile.attempts == each.attempts,
                    MediaFile.state == MediaState.PENDING,
                )
                .values(next_attempt_at=until)
            )


def complete(db: Session, claimed: Claim, stored: StoredForms, fetched: Fetched) -> bool:
    """Say that the file is there; False where nobody waits for it: another was faster, or it was erased."""
    with transaction(db):
        row = _locked(db, claimed.id)
        if row is None or row.state == MediaState.STORED:
            return False
        note_stored(row, stored, fetched.size, fetched.sha256)
        tell_desk(db, row)
        return True


def fail(db: Session, claimed: Claim, trouble: MediaTrouble) -> None:
    """Say what went wrong and when it is tried again, unless another has had the file since."""
    with transaction(db):
        row = _locked(db, claimed.id)
        if row is None or (row.state, row.attempts) != (MediaState.PENDING, claimed.attempts):
            return
        now = database_now(db)
        if trouble.kind is TroubleKind.UNREACHED:  # nothing was asked
            row.attempts -= 1
            row.tried_at = row.tried_at[:-1]
            _put_off(row, now + UNREACHED_WAIT, f"{trouble.words} {BY_ITSELF}")
        elif trouble.kind is TroubleKind.DENIED:  # not the file's fault, however long it takes to be mended
            row.attempts = max(1, row.attempts - 1)  # 0 would be a file that was never asked for
            _put_off(row, now + DENIED_WAIT, f"{trouble.words} {BY_ITSELF}")
        elif trouble.kind is TroubleKind.HOPELESS:
            _give_up(row, f"{trouble.words} {ASK_AGAIN}")
        elif claimed.attempts > len(WAITS):
            _give_up(row, f"{trouble.words} {GIVEN_UP}")
        else:
            _put_off(row, now + WAITS[claimed.attempts - 1], f"{trouble.words} {BY_ITSELF}")
        tell_desk(db, row)


def take_unsent(db: Session, limit: int = 100) -> Sequence[int]:
    """Files that were uploaded a day ago and never sent. From now on they cannot be."""
    old = (
        select(MediaFile)
        .where(
            MediaFile.uploaded_by.is_not(None),
            MediaFile.message_id.is_(None),
            MediaFile.created_at < database_now(db) - UNSENT_PERIOD,
        )
        .order_by(MediaFile.id)
        .limit(limit)
    )
    if db.scalar(old) is None:
        return []
    with transaction(db):
        rows = db.scalars(
            old.with_for_update(skip_locked=True).execution_options(populate_existing=True)
        ).all()
        for row in rows:
            row.state = MediaState.FAILED
        return [row.id for row in rows]


def forget(db: Session, media_ids: Iterable[int]) -> None:
    """Delete the rows of `take_unsent`, once their files are gone."""
    with transaction(db):
        db.execute(delete(MediaFile).where(MediaFile.id.in_(list(media_ids)), MediaFile.message_id.is_(None)))


def _claimed(db: Session, row: MediaFile, now: datetime) -> Claim | None:
    assert row.provider_media_id is not None  # the query asked for it
    if now >= expires_at(row):
        _give_up(row, EXPIRED)
        tell_desk(db, row)
        return None
    free = next_free_try(row, now)
    if free is not None:
        row.next_attempt_at = free
        return None
    row.attempts += 1
    row.next_attempt_at = now + CLAIM
    row.error = None  # while it is being tried
    note_try(row, now)
    return Claim(
        row.id,
        row.attempts,
        row.kind,
        row.filename or "",
        row.provider_media_id,
        row.phone_number_id,
        row.sha256,
    )


def _locked(db: Session, media_id: int) -> MediaFile | None:
    query = select(MediaFile).where(MediaFile.id == media_id).with_for_update()
    return db.scalar(query.execution_options(populate_existing=True))


def _put_off(row: MediaFile, until: datetime, words: str) -> None:
    row.next_attempt_at, row.error = until, words


def _give_up(row: MediaFile, words: str) -> None:
    row.state, row.next_attempt_at, row.error = MediaState.FAILED, None, words
    log.warning("media.given_up", media_id=row.id, attempts=row.attempts)
