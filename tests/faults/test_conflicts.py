"""What a database breaks off for the sake of others is done again as a whole, and never by half or twice."""

import asyncio
import contextlib
import pkgutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Connection, Engine, func, insert, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from api import routes
from api.whole_route import WholeRoute
from config import conflicts
from config.conflicts import in_whole, pause_before_retry
from config.database import SessionLocal, engine, transaction, utc_now
from models import AuditEntry, Contact, DeskEvent, InboundEvent, Lease, OutboundMessage, SupportTicket
from models.admin import LoginAttempt
from models.desk_event import EventSequence
from models.inbound_event import InboundState
from models.outbound_message import DeliveryState
from services.inbound_event_service import _as_row
from services.reply_content import text as text_of
from services.support_service import SupportService
from tests.factories import make_ticket
from tests.running_desk import RunningDesk, count_events, text_message, webhook
from tests.services.sending import make_open_ticket, reply
from tests.webhooks import deliver, message, messages_body
from whatsapp.client import Sent
from whatsapp.payloads import items
from worker.inbox import Inbox
from worker.outbox_database import DatabaseThread
from worker.outbox_store import write_results

mariadb_only = pytest.mark.skipif(
    engine.dialect.name == "sqlite", reason="SQLite has one writer at a time, and no deadlocks"
)
WEIGHT = 300
"""Rows that the adversary writes: of two in a deadlock, the database breaks off who has written less."""

BROKEN_OFF = OperationalError("UPDATE", {}, Exception(1213, "Deadlock found when trying to get lock"))


@contextlib.contextmanager
def adversary(engine: Engine) -> Iterator[Connection]:
    """Another program's transaction, that the database would rather not roll back."""
    with engine.connect() as connection:
        connection.execute(
            insert(LoginAttempt),
            [{"subject": f"{number:064}", "created_at": utc_now()} for number in range(WEIGHT)],
        )
        yield connection
        connection.rollback()


def waits_for_a_lock(engine: Engine, table: str) -> bool:
    time.sleep(0.11)  # the server makes this list anew ten times a second
    waiting = "FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE :words"
    with engine.connect() as connection:
        return bool(connection.scalar(text(f"SELECT COUNT(*) {waiting}"), {"words": f"%{table}%"}))


def in_deadlock(
    act: Callable[[], Any], first: Any, then: Any, table: str = EventSequence.__tablename__
) -> Any:
    """What the act gives although another locked `first`, in the table, and then wants `then`."""
    with ThreadPoolExecutor(1) as pool, adversary(engine) as other:
        other.execute(first)
        doing = pool.submit(act)
        deadline = time.monotonic() + 30
        while not waits_for_a_lock(engine, table):
            assert not doing.done(), doing.result()
            assert time.monotonic() < deadline, "the act never came to the lock"
        before = deadlocks(other)
        other.execute(then)
        assert deadlocks(other) > before, "there was no deadlock, and the test shows nothing"
        other.rollback()
        return doing.result(30)


def deadlocks(connection: Connection) -> int:
    metric = "SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'"
    return int(connection.execute(text(metric)).scalar_one())


SEQUENCE = select(EventSequence).with_for_update()


@mariadb_only
def test_a_call_broken_off_by_a_deadlock_is_done_again_once(desk: RunningDesk, db: Session) -> None:
    ticket = make_ticket(db)
    before = db.scalar(select(func.count()).select_from(AuditEntry)) or 0
    ticket_row = select(SupportTicket).where(SupportTicket.id == ticket.id).with_for_update()
    changed = in_deadlock(
        lambda: desk.data("PATCH", f"/api/support/tickets/{ticket.id}", json={"priority": "HIGH"}),
        SEQUENCE,
        ticket_row,
    )
    assert (changed["priority"], changed["version"]) == ("HIGH", 2)
    db.rollback()
    assert db.scalar(select(func.count()).select_from(AuditEntry)) == before + 1
    kinds = db.scalars(select(DeskEvent.kind).where(DeskEvent.ticket_id == ticket.id)).all()
    assert sorted(kinds) == ["message.created", "ticket.updated"]


@mariadb_only
def test_a_call_broken_off_within_a_savepoint_is_done_again(desk: RunningDesk, db: Session) -> None:
    """The savepoint goes with its act, and the driver complains of that alone."""
    first, second = make_ticket(db).id, make_ticket(db).id
    second_row, first_row = (
        select(SupportTicket).where(SupportTicket.id == each).with_for_update() for each in (second, first)
    )
    body = {"ticket_ids": [first, second], "changes": {"priority": "HIGH"}}
    done = in_deadlock(
        lambda: desk.data("POST", "/api/support/tickets/bulk", json=body),
        second_row,
        first_row,
        SupportTicket.__tablename__,
    )
    assert ([each["version"] for each in done["changed"]], done["refused"]) == ([2, 2], [])
    db.rollback()
    assert [(each.priority, each.version) for each in db.scalars(select(SupportTicket))] == [("HIGH", 2)] * 2


@mariadb_only
def test_a_webhook_broken_off_by_a_deadlock_is_stored(desk: RunningDesk) -> None:
    first, second = text_message("One"), text_message("Two")
    [second_row, first_row] = [
        insert(InboundEvent).values(**_as_row(items(webhook(each))[0], utc_now())) for each in (second, first)
    ]
    answer = in_deadlock(
        lambda: desk.deliver(webhook(first, second)), second_row, first_row, "inbound_events"
    )
    assert answer.status_code == 200
    desk.settle()
    assert count_events() == 2


@mariadb_only
def test_the_inbox_broken_off_by_a_deadlock_goes_on_at_once(db: Session) -> None:
    deliver(db, messages_body(message("I need support")))
    [shard] = db.scalars(select(InboundEvent.shard)).all()
    lease_row = select(Lease).where(Lease.name == f"inbox:{shard}").with_for_update()
    with capture_logs() as logs:
        assert in_deadlock(lambda: in_whole(SessionLocal, Inbox()._work), SEQUENCE, lease_row) == 1
    assert logs == []
    db.rollback()
    [event] = db.scalars(select(InboundEvent)).all()
    assert (event.state, event.attempts) == (InboundState.DONE, 0)
    assert db.scalar(select(func.count()).select_from(Contact)) == 1


@mariadb_only
def test_the_sender_broken_off_by_a_deadlock_writes_what_it_knows(db: Session) -> None:
    reply(db, make_open_ticket(db), text_of("Hello"))
    row = db.scalars(select(OutboundMessage)).one()
    with transaction(db):
        row.state = DeliveryState.SENDING
    own_row = select(OutboundMessage).where(OutboundMessage.id == row.id).with_for_update()

    def write() -> None:
        with contextlib.closing(DatabaseThread()) as database:
            asyncio.run(database.run(write_results, {row.id: Sent("wamid.sent", None)}, 1.0))

    in_deadlock(write, SEQUENCE, own_row)
    db.refresh(row)
    assert (row.state, row.wamid) == (DeliveryState.SENT, "wamid.sent")


def fails(times: int, error: Exception = BROKEN_OFF) -> Callable[[], None]:
    """Raises so often, and then no more."""
    left = iter(range(times))

    def fail() -> None:
        if next(left, None) is not None:
            raise error

    return fail


def test_what_was_begun_is_not_there_twice(db: Session) -> None:
    fail = fails(2)

    def open_ticket(session: Session) -> int:
        with transaction(session):
            ticket = SupportService.create_ticket(session, "08035550142", "Amara", "No charger")
            fail()
        return ticket.id

    ticket_id = in_whole(SessionLocal, open_ticket)
    assert list(db.scalars(select(SupportTicket.id))) == [ticket_id]
    assert db.scalar(select(func.count()).select_from(DeskEvent)) == 1


def test_what_is_half_on_disk_is_not_done_again(db: Session) -> None:
    done: list[int] = []

    def two_acts(session: Session) -> None:
        with transaction(session):
            done.append(SupportService.create_ticket(session, "08035550142", "Amara", "No charger").id)
        with transaction(session):
            raise BROKEN_OFF

    with pytest.raises(OperationalError):
        in_whole(SessionLocal, two_acts)
    assert list(db.scalars(select(SupportTicket.id))) == done
    assert len(done) == 1


def test_it_gives_up_after_some_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "FIRST_PAUSE_SECONDS", 0)
    tries: list[Session] = []

    def never(session: Session) -> None:
        tries.append(session)
        raise BROKEN_OFF

    with pytest.raises(OperationalError):
        in_whole(SessionLocal, never)
    assert len(set(tries)) == len(tries) == conflicts.TRIES


@pytest.mark.parametrize(
    ("code", "statement", "goes_again"),
    [
        (1213, "UPDATE", True),
        (1213, None, True),  # in a cluster the commit itself is refused
        (1205, "UPDATE", True),
        (1047, "SELECT", True),
        (1290, "UPDATE", True),
        (1047, None, False),  # nobody knows what became of that commit
        (2013, "UPDATE", False),
        (1062, "INSERT", False),
        (1114, "INSERT", False),
    ],
)
def test_only_what_is_surely_not_on_disk_goes_again(
    code: int, statement: str | None, goes_again: bool, db: Session
) -> None:
    error = OperationalError(statement, {}, Exception(code, "of the database"))
    assert (pause_before_retry(error, 1, db) is not None) is goes_again


def test_every_call_that_changes_something_is_answered_in_whole() -> None:
    modules = [import_module(f"api.routes.{found.name}") for found in pkgutil.iter_modules(routes.__path__)]
    changing = [
        route
        for module in modules
        for route in getattr(getattr(module, "router", None), "routes", [])
        if isinstance(route, APIRoute) and (route.methods or set()) - {"GET", "HEAD"}
    ]
    assert len(changing) > 30
    # the body of an upload is streamed and cannot be read again
    assert {route.path for route in changing if not isinstance(route, WholeRoute)} == {
        "/api/support/media",
        "/api/support/media/{media_id}/fetch",
    }
