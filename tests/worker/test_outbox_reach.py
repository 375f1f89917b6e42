from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models import OutboundMessage
from tests.factories import make_contact
from tests.ports import free_port
from tests.pretend_graph import HANG_UP, Answer, Body, PretendGraph
from tests.worker.outbox_desk import BRISK, arrived, put, row, running, states, wait_until
from worker.outbox_number import Pace
from worker.outbox_reach import SILENCE_SECONDS, Reachability


@pytest.fixture
def graph() -> Iterator[PretendGraph]:
    with PretendGraph() as graph:
        yield graph


def test_while_nothing_listens_messages_wait_and_then_leave_once(db: Session) -> None:
    port = free_port()
    customers = [make_contact(db) for _ in range(3)]
    messages = [put(db, customer, body) for body in ("first", "second") for customer in customers]
    with running(f"http://127.0.0.1:{port}"):
        wait_until(lambda: "cannot be reached" in str(row(messages[0]).error_detail))
        with PretendGraph(port=port) as graph:
            wait_until(lambda: states() == ["sent"] * 6)
            assert [arrived(graph, customer) for customer in customers] == [["first", "second"]] * 3
    assert {(row(message).attempts, row(message).error_detail) for message in messages} == {(1, None)}


def test_a_hole_swallows_one_message_and_not_the_queue(db: Session, graph: PretendGraph) -> None:
    def swallow(number: int, body: Body) -> Answer:
        graph.is_down = True
        return HANG_UP

    graph.answer = swallow
    contact = make_contact(db)
    put(db, contact, "swallowed"), put(db, contact, "second")
    with running(graph.url):
        wait_until(lambda: graph.probes > 2)
        put(db, make_contact(db), "third")
        wait_until(lambda: graph.probes > 4)
        assert states() == ["unknown", "queued", "queued"]
        graph.answer, graph.is_down = lambda number, body: Answer(), False
        wait_until(lambda: states() == ["unknown", "sent", "sent"])
    assert sorted(arrived(graph)) == ["second", "swallowed", "third"]


def test_a_network_that_wants_a_login_swallows_one_message_and_not_the_queue(
    db: Session, graph: PretendGraph
) -> None:
    graph.answer = lambda number, body: Answer(200, b"<html>Log in first</html>")
    graph.page = lambda path, query: Answer(200, {"log in": "first"})
    contact = make_contact(db)
    put(db, contact, "swallowed"), put(db, contact, "second")
    with running(graph.url):
        wait_until(lambda: len(graph.gets) > 2)
        assert states() == ["unknown", "queued"]
        graph.answer, graph.page = lambda number, body: Answer(), None
        wait_until(lambda: states() == ["unknown", "sent"])


def test_silence_is_noticed_before_the_timeout(
    db: Session, graph: PretendGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.outbox_reach.SILENCE_SECONDS", 0.1)

    def fall_silent(number: int, body: Body) -> Answer:
        graph.is_down = True
        return Answer(delay=30)

    graph.answer = fall_silent
    put(db, make_contact(db))
    with running(graph.url) as outbox:
        wait_until(lambda: graph.probes > 0)
        waiting = put(db, make_contact(db))
        wait_until(lambda: graph.probes > 2)
        assert row(waiting).state == "queued"
        outbox.stop(timeout=0)
    assert len(graph.posts) == 1


def test_one_slow_answer_holds_up_nobody(db: Session, graph: PretendGraph) -> None:
    graph.answer = lambda number, body: Answer(delay=30 if number == 1 else 0)
    put(db, make_contact(db))
    with running(graph.url, Pace(poll=0.02, retry_unit=600)) as outbox:
        wait_until(lambda: len(graph.posts) == 1)
        put(db, make_contact(db))
        wait_until(lambda: states() == ["sending", "sent"])
        outbox.stop(timeout=0)


def test_what_had_to_wait_for_a_day_is_given_up(db: Session) -> None:
    old, new = put(db, make_contact(db)), put(db, make_contact(db))
    with transaction(db):
        yesterday = utc_now() - timedelta(hours=24, minutes=1)
        db.execute(update(OutboundMessage).where(OutboundMessage.id == old.id).values(created_at=yesterday))
    with running(f"http://127.0.0.1:{free_port()}", BRISK):
        wait_until(lambda: states() == ["failed", "queued"])
    assert "24 hours" in str(row(old).error_detail)
    assert row(new).attempts == 0


def test_doubt_begins_with_a_failure_or_with_silence_and_ends_with_an_answer() -> None:
    reach = Reachability(1.0)
    assert not reach.is_in_doubt(1000.0)  # nothing was sent, nothing is expected
    reach.started(1000.0)
    reach.started(1003.0)
    assert not reach.is_in_doubt(1000.0 + SILENCE_SECONDS)
    assert reach.is_in_doubt(1000.1 + SILENCE_SECONDS)
    reach.ended(1006.0, answered=True)
    assert not reach.is_in_doubt(1006.1)
    reach.ended(1007.0, answered=False)
    assert reach.is_in_doubt(1007.0)
    reach.answers(1008.0)
    assert not reach.is_in_doubt(2000.0)


def test_pauses_grow_until_there_is_an_answer() -> None:
    reach = Reachability(1.0)
    assert reach.pause(0.0) == 0.0
    reach.fails(0.0)
    assert 0.8 <= reach.pause(0.0) <= 1.2
    reach.fails(0.0)
    assert 1.6 <= reach.pause(0.0) <= 2.4
    reach.answers(0.0)
    assert reach.pause(0.0) == 0.0
