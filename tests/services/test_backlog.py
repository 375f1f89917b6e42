"""A batch reads what it takes: not what waits behind it, what came before, nor what all others say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Executable, event, insert, text
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models import InboundEvent, SupportMessage, SupportTicket
from models.inbound_event import InboundState
from models.support_ticket import MessageKind, SenderType, TicketStatus
from services.inbound_event_service import BATCH, SHARDS, due_shards, work_off
from tests.factories import make_contact
from tests.webhooks import NUMBER, deliver, message, messages_body, status, statuses_body

MANY = 12_000
OPENS, UNKNOWN = {"sqlite": 1_400}, {"sqlite": 300}
MOST_ROWS = 30
"""For each event: a message that opens a ticket, or news of a message that is not ours. Where a table is
read by the wrong index, it is 250 more steps of SQLite, or thousands of rows elsewhere."""


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


@pytest.fixture
def crowd(db: Session) -> None:
    """Much that came before, much that others said, and many of their tickets, which have ended."""
    other = make_contact(db)
    now = utc_now()
    fill(db, insert(InboundEvent), events(MANY, InboundState.DONE))
    fill(db, insert(SupportMessage), talk(other.id, MANY, now - timedelta(minutes=5)))
    ended = {
        "contact_id": other.id,
        "phone_number_id": NUMBER,
        "sender_name": "Ada",
        "issue_description": "My parcel",
        "status": TicketStatus.CLOSED,
        "resolved_at": now,
        "last_message_at": now,
        "last_message_preview": "",
    }
    fill(db, insert(SupportTicket), [ended] * MANY)


def looked_at(engine: Engine, db: Session) -> float:
    """For each event of a batch behind which much waits."""
    fill(db, insert(InboundEvent), events(MANY, InboundState.PENDING))
    db.rollback()
    worked: list[int] = []
    done = work(engine, db, lambda: worked.append(work_off(db, due_shards(db), "tests")))
    assert worked == [BATCH]
    return done / BATCH


@pytest.mark.usefixtures("crowd")
def test_a_batch_looks_at_what_it_takes(db: Session, engine: Engine) -> None:
    at = f"{utc_now().timestamp():.0f}"
    wishes = [
        message("Chat Support", **{"from": f"234803{number:07d}", "timestamp": at}) for number in range(BATCH)
    ]
    deliver(db, messages_body(*wishes))
    assert looked_at(engine, db) < OPENS.get(engine.dialect.name, MOST_ROWS)


@pytest.mark.usefixtures("crowd")
def test_news_of_messages_that_are_not_ours_looks_at_what_it_takes(db: Session, engine: Engine) -> None:
    deliver(db, statuses_body(*(status(f"wamid.unknown-{number}") for number in range(BATCH))))
    assert looked_at(engine, db) < UNKNOWN.get(engine.dialect.name, MOST_ROWS)
