"""The outbox while its database is in trouble."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from config.database import transaction
from models import OutboundMessage
from tests.factories import make_contact
from tests.pretend_graph import Answer, Body, PretendGraph
from tests.worker.outbox_desk import BRISK, arrived, make_outbox, put, row, running, states, wait_until
from whatsapp.client import Refused, Result, Sent
from whatsapp.errors import ErrorClass
from worker import outbox_store
from worker.outbox_database import DatabaseThread
from worker.outbox_results import ResultWriter
from worker.outbox_store import write_results


class Trouble:
    """While `is_on`, every statement of the outbox's threads fails as if the server had gone away."""

    def __init__(self, engine: sa.Engine) -> None:
        self.is_on = False
        self.failed = 0
        self._engine = engine
        sa.event.listen(engine, "before_cursor_execute", self._execute)

    def end(self) -> None:
        sa.event.remove(self._engine, "before_cursor_execute", self._execute)

    def _execute(self, *given: Any) -> None:
        if self.is_on and threading.current_thread().name.startswith("outbox"):
            self.failed += 1
            raise OperationalError("the server has gone away", None, Exception())


@pytest.fixture
def trouble(engine: sa.Engine) -> Iterator[Trouble]:
    trouble = Trouble(engine)
    yield trouble
    trouble.end()


@pytest.fixture
def graph() -> Iterator[PretendGraph]:
    with PretendGraph() as graph:
        yield graph


def test_a_claim_whose_commit_got_no_answer_is_sent_once(
    db: Session, graph: PretendGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = outbox_store.claim
    lost: list[outbox_store.Claimed] = []

    def claim_and_lose_the_answer(*given: object) -> outbox_store.Claimed:
        claimed = claim(*given)  # type: ignore[arg-type]
        if not lost:
            lost.append(claimed)
            raise ConnectionResetError
        return claimed

    monkeypatch.setattr(outbox_store, "claim", claim_and_lose_the_answer)
    contact = make_contact(db)
    put(db, contact, "first"), put(db, contact, "second")
    with running(graph.url):
        wait_until(lambda: states() == ["sent", "sent"])
    assert lost
    assert arrived(graph) == ["first", "second"]


def test_what_is_queued_in_the_meantime_leaves_afterwards(
    db: Session, graph: PretendGraph, trouble: Trouble
) -> None:
    contact = make_contact(db)
    put(db, contact)
    with capture_logs() as logs, running(graph.url) as outbox:
        wait_until(lambda: states() == ["sent"])
        trouble.is_on = True
        put(db, contact)
        wait_until(lambda: trouble.failed > 5)
        trouble.is_on = False
        wait_until(lambda: states() == ["sent", "sent"])
        assert outbox.alive()
    assert {log["event"] for log in logs} == {"outbox.database_trouble"}
    assert not any("exc_info" in log for log in logs)  # a statement's parameters are customers' data


def test_a_start_without_a_database_succeeds_later(
    db: Session, graph: PretendGraph, trouble: Trouble
) -> None:
    put(db, make_contact(db))
    trouble.is_on = True
    with running(graph.url):
        wait_until(lambda: trouble.failed > 3)
        trouble.is_on = False
        wait_until(lambda: states() == ["sent"])


def test_an_answer_is_kept_until_it_can_be_written(
    db: Session, graph: PretendGraph, trouble: Trouble
) -> None:
    def answer(number: int, body: Body) -> Answer:
        trouble.is_on = number == 1
        return Answer()

    graph.answer = answer
    contact = make_contact(db)
    put(db, contact, "first"), put(db, contact, "second")
    with running(graph.url):
        wait_until(lambda: trouble.failed > 5)
        assert states() == ["sending", "queued"]
        trouble.is_on = False
        wait_until(lambda: states() == ["sent", "sent"])
    assert arrived(graph) == ["first", "second"]


def test_one_result_that_cannot_be_stored_does_not_hold_up_those_beside_it(db: Session) -> None:
    earlier, *messages = (put(db, make_contact(db)) for _ in range(4))
    with transaction(db):
        db.execute(update(OutboundMessage).values(state="sending", attempts=1))
    written: list[int] = []

    async def write() -> None:
        with closing(DatabaseThread()) as database:
            await database.run(write_results, {earlier.id: Sent("wamid.1", None)}, 1.0)
            results = ResultWriter(database, 0.01, 1.0, written.extend)
            for message, wamid in zip(messages, ("wamid.2", "wamid.1", "wamid.3"), strict=True):
                results.put(message.id, Sent(wamid, None))
            await results.close()

    asyncio.run(write())
    assert states() == ["sent", "sent", "unknown", "sent"]
    assert written == [message.id for message in messages]


@pytest.mark.parametrize(
    "result",
    [Sent("wamid.\ud800", None), Refused(ErrorClass.PERMANENT, 2**64, "", 0.0)],
    ids=["no text", "no number"],
)
def test_a_result_that_no_driver_takes_does_not_hold_up_those_beside_it(db: Session, result: Result) -> None:
    messages = [put(db, make_contact(db)) for _ in range(2)]
    with transaction(db):
        db.execute(update(OutboundMessage).values(state="sending", attempts=1))

    async def write() -> None:
        with closing(DatabaseThread()) as database:
            results = ResultWriter(database, 0.01, 1.0, lambda written: None)
            for message, each in zip(messages, (result, Sent("wamid.1", None)), strict=True):
                results.put(message.id, each)
            async with asyncio.timeout(20):
                await results.close()

    asyncio.run(write())
    assert states() == ["unknown", "sent"]


def test_stop_does_not_wait_for_a_database_that_is_away(
    db: Session, graph: PretendGraph, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(number: int, body: Body) -> Answer:
        trouble.is_on = True
        return Answer()

    monkeypatch.setattr("worker.outbox_number.LAST_WRITES_SECONDS", 0.2)
    graph.answer = answer
    message = put(db, make_contact(db))
    outbox = make_outbox(graph.url, BRISK)
    outbox.start()
    wait_until(lambda: trouble.failed > 0)
    outbox.stop()
    assert not outbox.alive()
    assert row(message).state == "sending"  # the next process calls it unknown


def test_the_thread_outlives_a_crash(
    db: Session, graph: PretendGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashes: list[int] = []

    def crash(db: Session) -> list[str]:
        crashes.append(1)
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("worker.outbox.numbers_with_work", crash)
        outbox = make_outbox(graph.url)
        outbox.start()
        wait_until(lambda: len(crashes) > 2)
    put(db, make_contact(db))
    wait_until(lambda: states() == ["sent"])
    outbox.stop()
