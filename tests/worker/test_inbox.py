import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from config.database import SessionLocal
from models import InboundEvent, Lease, SupportMessage
from models.inbound_event import InboundState
from realtime.bus import INBOX, bus
from services import inbound_event_service
from services.customer_message_service import receive
from tests.together import wait_until
from tests.webhooks import deliver, message, messages_body
from whatsapp.incoming import IncomingMessage
from worker import inbox as inbox_module
from worker.inbox import Inbox


@contextmanager
def running(*inboxes: Inbox) -> Iterator[None]:
    for inbox in inboxes:
        inbox.start()
    try:
        yield
    finally:
        for inbox in inboxes:
            inbox.stop()


def left() -> int:
    """How much is not done yet."""
    with SessionLocal() as db:
        query = select(func.count()).select_from(InboundEvent)
        return db.scalar(query.where(InboundEvent.state != InboundState.DONE)) or 0


def all_done() -> bool:
    return left() == 0


@pytest.fixture
def never_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """What gets done is done because the inbox was woken."""
    monkeypatch.setattr(inbox_module, "POLL_SECONDS", 3600)


@pytest.mark.usefixtures("never_polls")
def test_it_is_woken_by_each_delivery(db: Session) -> None:
    with running(Inbox()):
        for number in range(5):
            deliver(db, messages_body(message(f"Number {number}")))
            wait_until(all_done)
    assert db.scalar(select(func.count(SupportMessage.wamid))) == 5


@pytest.mark.usefixtures("never_polls")
def test_what_was_there_before_it_began_is_worked_off(db: Session) -> None:
    deliver(db, *(messages_body(message(**{"from": f"23480300{number:05}"})) for number in range(50)))
    with running(Inbox()):
        wait_until(all_done)


def test_a_wake_up_that_was_lost_is_made_up_for(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(bus, "wake", lambda _topic: None)
    with running(Inbox()):
        deliver(db, messages_body(message()))
        wait_until(all_done)


@pytest.mark.usefixtures("never_polls")
def test_what_comes_while_it_works_is_not_overlooked(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, go_on = threading.Event(), threading.Event()
    work = Inbox._work

    def slow(self: Inbox, db: Session) -> int:
        worked = work(self, db)
        at_work.set()
        assert go_on.wait(timeout=30)
        return worked

    monkeypatch.setattr(Inbox, "_work", slow)
    with running(Inbox()):
        assert at_work.wait(timeout=30)  # it has found nothing, and is about to go to sleep
        deliver(db, messages_body(message()))
        go_on.set()
        wait_until(all_done)


@pytest.mark.usefixtures("never_polls")
def test_it_outlives_a_database_that_is_away(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "PAUSE_AFTER_TROUBLE_SECONDS", 0.01)
    away = threading.Event()
    away.set()

    def open_session() -> Session:
        if away.is_set():
            raise OperationalError("SELECT 1", {}, Exception("gone away"))
        return SessionLocal()

    inbox = Inbox(open_session)
    with capture_logs() as logs, running(inbox):
        deliver(db, messages_body(message()))
        wait_until(lambda: len(logs) > 2)
        assert inbox.alive()
        assert left() == 1
        away.clear()
        wait_until(all_done)
    for entry in logs:
        assert (entry["event"], entry["error"]) == ("inbox.trouble", "OperationalError")
        assert isinstance(entry["exc_info"], OperationalError)
    with SessionLocal() as other:
        assert other.scalars(select(InboundEvent.attempts)).all() == [0]


@pytest.mark.usefixtures("never_polls")
def test_trouble_of_the_database_amid_the_work_counts_against_no_event(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "PAUSE_AFTER_TROUBLE_SECONDS", 0.01)
    trouble = iter(range(7))

    def receive_at_last(session: Session, messages: list[IncomingMessage]) -> None:
        receive(session, messages)
        if next(trouble, None) is not None:
            raise OperationalError("COMMIT", {}, Exception(2013, "Lost connection"))

    monkeypatch.setattr(inbound_event_service, "receive", receive_at_last)
    with capture_logs(), running(Inbox()):
        deliver(db, messages_body(message("Hello")))
        wait_until(all_done)
    assert next(trouble, None) is None
    assert db.scalars(select(InboundEvent.attempts)).all() == [0]
    assert db.scalar(select(func.count(SupportMessage.wamid))) == 1


@pytest.mark.usefixtures("never_polls")
def test_it_stops_after_the_batch_at_hand_and_hears_no_more(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, go_on = threading.Event(), threading.Event()

    def slow(session: Session, messages: list[IncomingMessage]) -> None:
        at_work.set()
        assert go_on.wait(timeout=30)
        receive(session, messages)

    monkeypatch.setattr(inbound_event_service, "receive", slow)
    listeners = len(bus._listeners[INBOX])
    inbox = Inbox()
    inbox.start()
    deliver(db, messages_body(message()))
    assert at_work.wait(timeout=30)
    stopping = threading.Thread(target=inbox.stop)
    stopping.start()
    assert inbox.alive()
    go_on.set()
    stopping.join(timeout=30)
    assert not inbox.alive()
    assert all_done()
    assert len(bus._listeners[INBOX]) == listeners
    deliver(db, messages_body(message()))
    assert left() == 1


def test_where_nothing_is_due_nothing_is_claimed(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    claims: list[object] = []
    monkeypatch.setattr(inbox_module, "work_off", lambda *given: claims.append(given))
    assert Inbox()._work(db) == 0
    assert claims == []


def test_nobody_waits_for_its_end_longer_than_they_want_to(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(Inbox, "_work", lambda _inbox, _db: go_on.wait(timeout=30))
    inbox = Inbox()
    inbox.start()
    inbox.stop(timeout=0.01)
    assert inbox.alive()
    go_on.set()
    wait_until(lambda: not inbox.alive())


@pytest.mark.usefixtures("never_polls")
def test_its_thread_and_its_leases_say_whose_they_are(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "long" * 20)
    deliver(db, messages_body(message()))
    with running(Inbox()):
        wait_until(all_done)
        [thread] = [each for each in threading.enumerate() if each.name == "inbox"]
        assert thread.daemon, "a desk that fails at its start must not hang on it"
    owners = set(db.scalars(select(Lease.owner).where(Lease.name.like("inbox:%"), Lease.owner != "")))
    [owner] = owners
    assert re.fullmatch("long" * 5 + f"-{os.getpid()}-[0-9a-f]{{8}}", owner or "")


@pytest.mark.usefixtures("never_polls")
def test_it_stops_while_it_waits() -> None:
    inbox = Inbox()
    inbox.start()
    inbox.stop()
    assert not inbox.alive()


def test_two_of_them_do_everything_once_and_in_order(db: Session) -> None:
    customers = [f"2348030000{number:03}" for number in range(15)]
    with running(Inbox(), Inbox()):
        for number in range(10):
            deliver(db, messages_body(*(message(f"{number}", **{"from": phone}) for phone in customers)))
        wait_until(all_done)
    for phone in customers:
        query = select(SupportMessage.message).where(SupportMessage.sender_name == f"+{phone}")
        found = db.scalars(
            query.where(SupportMessage.sender_type == "user").order_by(SupportMessage.id)
        ).all()
        assert found == [f"{number}" for number in range(10)]


@pytest.mark.usefixtures("never_polls")
def test_webhooks_that_wait_for_their_answer_go_first(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "LONGEST_PAUSE_SECONDS", 3600)
    answers = iter([True] * 5)
    looks = []

    def is_pressed() -> bool:
        looks.append(left())
        return next(answers, False)

    deliver(db, messages_body(message()))
    with running(Inbox(is_pressed=is_pressed)):
        wait_until(all_done)
    assert looks[:6] == [1] * 6


@pytest.mark.usefixtures("never_polls")
def test_webhooks_do_not_hold_it_up_for_good(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "LONGEST_PAUSE_SECONDS", 0.05)
    deliver(db, messages_body(message()))
    with running(Inbox(is_pressed=lambda: True)):
        wait_until(all_done)


@pytest.mark.usefixtures("never_polls")
@pytest.mark.parametrize(("batch", "rests"), [(3, 0), (4, 1)], ids=["full", "small"])
def test_it_rests_after_a_small_batch_alone(
    db: Session, monkeypatch: pytest.MonkeyPatch, batch: int, rests: int
) -> None:
    rested = []
    works = []
    work = Inbox._work

    def rest(began: float) -> float:
        rested.append(began)
        return 0.0

    def counted(self: Inbox, db: Session) -> int:
        works.append(work(self, db))
        return works[-1]

    monkeypatch.setattr(inbox_module, "rest", rest)
    monkeypatch.setattr(inbox_module, "BATCH", batch)
    monkeypatch.setattr(Inbox, "_work", counted)
    deliver(db, *(messages_body(message(**{"from": f"23480300{number:05}"})) for number in range(3)))
    with running(Inbox()):
        wait_until(lambda: len(works) == 2)
    assert (works[:2], len(rested)) == ([3, 0], rests)
