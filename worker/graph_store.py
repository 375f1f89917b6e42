"""The steps of the calls beside messages in the database: each is one short act."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from config.conditions import is_due
from config.database import database_now, transaction, utc_now
from config.settings import get_settings
from models.contact import Contact, ContactIdentity, IdentityKind
from models.desk_setting import DeskSetting
from models.graph_task import GraphTask, GraphTaskKind
from realtime.events import EventKind, record
from services import graph_task_service
from worker import lease

BATCH = 20
CLAIM = timedelta(seconds=90)
"""A task whose worker dies is free again after that. Longer than a call may take."""

ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=2)
MOST_DOUBLINGS = 9
LONGEST_WAIT = max(CLAIM, FIRST_WAIT * 2**MOST_DOUBLINGS)

LASTING = frozenset({GraphTaskKind.FOLLOW_BLOCK})
"""Not given up after a few tries, nor for what an administrator mends: nobody would ask for it again, and
WhatsApp would keep back for ever what somebody writes whom the desk has long unblocked."""

SIDE_BY_SIDE = frozenset({GraphTaskKind.MARK_READ, GraphTaskKind.TYPING})
"""Where no order matters. Of any other kind none begins while an earlier one is under way."""

SCHEDULE_LEASE = "graph_tasks:schedule"
SCHEDULE_LEASE_SECONDS = 120.0

PERIODS = {
    GraphTaskKind.SYNC_TEMPLATES: timedelta(days=1),
    GraphTaskKind.CHECK_NUMBER: timedelta(hours=1),
}
PERIOD_AFTER_FAILURE = timedelta(hours=1)

HEALTH = "number_health"

log = structlog.get_logger()


@dataclass(frozen=True)
class Task:
    """A call that is ours to make."""

    id: int
    kind: str
    phone_number_id: str
    payload: dict[str, Any]
    attempts: int


@dataclass(frozen=True)
class Block:
    """Whether WhatsApp is to block this person: a phone number, or their user id."""

    user: str
    blocked: bool


def find_block(db: Session, contact_id: int) -> Block | None:
    """How the desk wants it now, which may be other than when the task was made; None for nobody."""
    contact = db.get(Contact, contact_id)
    if contact is None or contact.is_sample:
        return None
    user = f"+{contact.phone_number}" if contact.phone_number else None
    if user is None:
        ids = select(ContactIdentity.value).where(
            ContactIdentity.contact_id == contact_id, ContactIdentity.kind == IdentityKind.USER_ID
        )
        user = db.scalar(ids.order_by(ContactIdentity.id.desc()).limit(1))
    return Block(user, contact.blocked_at is not None) if user else None


def claim(db: Session, limit: int = BATCH, *, but_not: Collection[str] = ()) -> list[Task]:
    """Take what is due and not of these kinds, for as long as CLAIM; drop what has become pointless."""
    if limit <= 0:
        return []
    due = is_due(GraphTask.next_attempt_at, LONGEST_WAIT) & GraphTask.kind.not_in(but_not)
    if db.scalar(select(GraphTask.id).where(due).limit(1)) is None:
        return []
    with transaction(db):
        now = database_now(db)
        rows = db.scalars(
            select(GraphTask)
            .where(due)
            .order_by(GraphTask.next_attempt_at, GraphTask.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        late = [row.id for row in rows if row.expires_at <= now]
        if late:
            log.info("graph_tasks.too_late", tasks=len(late))
            db.execute(delete(GraphTask).where(GraphTask.id.in_(late)))
        taken = [row for row in rows if row.id not in late]
        for row in taken:
            row.attempts += 1
            row.next_attempt_at = now + CLAIM
        return [Task(row.id, row.kind, row.phone_number_id, row.payload, row.attempts) for row in taken]


def finish(db: Session, task_ids: Collection[int]) -> None:
    """These are done, or will never be."""
    with transaction(db):
        db.execute(delete(GraphTask).where(GraphTask.id.in_(task_ids)))


def put_off(db: Session, task: Task) -> None:
    """Try again later, each time twice as late; after a few times not any more, unless it is lasting."""
    if task.attempts >= ATTEMPTS and task.kind not in LASTING:
        finish(db, [task.id])
        return
    with transaction(db):
        again = database_now(db) + FIRST_WAIT * 2 ** min(task.attempts - 1, MOST_DOUBLINGS)
        db.execute(update(GraphTask).where(GraphTask.id == task.id).values(next_attempt_at=again))


def schedule(db: Session, owner: str) -> None:
    """Queue what is regularly to be asked; one process at a time sees to it."""
    if not lease.acquire(db, SCHEDULE_LEASE, owner, SCHEDULE_LEASE_SECONDS):
        return
    now = database_now(db)
    if get_settings().whatsapp_business_account_id and _is_due(db, GraphTaskKind.SYNC_TEMPLATES, now):
        with transaction(db):
            graph_task_service.ask_for_templates(db)
            _note(db, GraphTaskKind.SYNC_TEMPLATES, {"queued_at": now.isoformat()})
    if _is_due(db, GraphTaskKind.CHECK_NUMBER, now):
        with transaction(db):
            graph_task_service.ask_for_number_health(db)
            _note(db, GraphTaskKind.CHECK_NUMBER, {"queued_at": now.isoformat()})


def note_done(db: Session, kind: GraphTaskKind) -> None:
    """The next one is due after its whole period. To be called inside an act."""
    now = database_now(db).isoformat()
    _note(db, kind, {"queued_at": now, "done_at": now})


def store_health(db: Session, number: dict[str, Any], problems: list[str]) -> None:
    """Keep how a number is doing, beside the others; the desk is told."""
    with transaction(db):
        query = select(DeskSetting).where(DeskSetting.name == HEALTH).with_for_update()
        row = db.scalar(query.execution_options(populate_existing=True))
        stored: dict[str, Any] = row.value if row else {}
        others = [
            each for each in stored.get("numbers", []) if each["phone_number_id"] != number["phone_number_id"]
        ]
        health = {"numbers": [*others, number], "problems": problems}
        db.merge(DeskSetting(name=HEALTH, value=health, updated_at=utc_now()))
        note_done(db, GraphTaskKind.CHECK_NUMBER)
        record(db, EventKind.ACCOUNT_UPDATED)


def _is_due(db: Session, kind: GraphTaskKind, now: datetime) -> bool:
    last = db.scalar(select(DeskSetting.value).where(DeskSetting.name == _name(kind)))
    if last is None:
        return True
    period = PERIODS[kind] if "done_at" in last else PERIOD_AFTER_FAILURE
    return abs(now - datetime.fromisoformat(last["queued_at"])) >= period  # the clock may be set back


def _note(db: Session, kind: GraphTaskKind, value: dict[str, str]) -> None:
    db.merge(DeskSetting(name=_name(kind), value=value, updated_at=utc_now()))


def _name(kind: GraphTaskKind) -> str:
    return f"last_{kind}"
