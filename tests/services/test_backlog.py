"""A batch reads what it takes: not what waits behind it, what came before, nor what all others say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Executable, event, insert, text
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models import InboundEvent, SupportMessage
from models.inbound_event import InboundState
from models.support_ticket import MessageKind, SenderType
from services.inbound_event_service import BATCH, SHARDS, due_shards, work_off
from tests.factories import make_contact
from tests.webhooks import deliver, message, messages_body

MANY = 6_000
MOST_ROWS = 30
MOST = {"sqlite": 3_000}
"""For each message that opens a ticket. Without the indexes it is more than `MANY` rows, and 30,000 steps."""


def events(count: int, state: InboundState) -> list[dict[str, Any]]:
    return [
        {
            "dedupe_key": f"{state}-{number}",
            "kind": "message",
            "lane": f"{state}-{number}",
            "shard": number % SHARDS,
            "payload": "{}" * 200,
            "state": state,
            "attempts": 0,
            "received_at": utc_now(),
        }
        for number in range(count)
    ]


def talk(contact_id: int, count: int, at: datetime) -> list[dict[str, Any]]:
    """What somebody else said to the bot."""
    return [
        {
            "contact_id": contact_id,
            "sender_type": SenderType.USER,
            "sender_name": "Ada",
            "message": "Look",
            "kind": MessageKind.IMAGE,
            "occurred_at": at,
            "wamid": f"wamid.theirs-{number}",
        }
        for number in range(count)
    ]


def work(engine: Engine, db: Session, act: Callable[[], object]) -> int:
    """How much the database looked at: steps of its machine on SQLite, elsewhere rows, also of indexes."""
    if engine.dialect.name != "sqlite":
        before = handler_reads(db)
        act()
        return handler_reads(db) - before
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    def count(_connection: Any, cursor: Any, *_: Any) -> None:
        cursor.connection.set_progress_handler(step, 1)

    event.listen(engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", count)
        db.connection().connection.dbapi_connection.set_progress_handler(None, 1)  # type: ignore[union-attr]
    return steps


def handler_reads(db: Session) -> int:
    rows = db.execute(text("SHOW SESSION STATUS LIKE 'Handler_read%'")).all()
    db.rollback()
    return sum(int(value) for _, value in rows)


def fill(db: Session, statement: Executable, rows: list[dict[str, Any]]) -> None:
    with transaction(db):
        db.execute(statement, rows)


def test_a_batch_looks_at_what_it_takes(db: Session, engine: Engine) -> None:
    now = utc_now()
    wishes = [
        message("Chat Support", **{"from": f"234803{number:07d}"}, timestamp=f"{now.timestamp():.0f}")
        for number in range(BATCH)
    ]
    other = make_contact(db)
    fill(db, insert(InboundEvent), events(MANY, InboundState.DONE))
    deliver(db, messages_body(*wishes))
    fill(db, insert(InboundEvent), events(MANY, InboundState.PENDING))
    fill(db, insert(SupportMessage), talk(other.id, MANY, now - timedelta(minutes=5)))
    db.rollback()
    worked = []
    looked_at = work(engine, db, lambda: worked.append(work_off(db, due_shards(db), "tests")))
    assert worked == [BATCH]
    assert looked_at / BATCH < MOST.get(engine.dialect.name, MOST_ROWS)
