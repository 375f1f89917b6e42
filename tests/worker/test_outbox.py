import random
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from config.database import SessionLocal, transaction
from models import ContactIdentity, DeskEvent
from models.contact import IdentityKind
from services.outbound_message_service import apply_status, find_for_statuses
from tests.factories import make_contact, make_message, make_ticket
from tests.pretend_graph import HANG_UP, Answer, Body, PretendGraph, refusal
from tests.worker.outbox_desk import arrived, put, row, running, states, wait_until
from worker.outbox_number import Pace
from worker.pair_rate import THROUGHPUT


@pytest.fixture
def graph() -> Iterator[PretendGraph]:
    with PretendGraph() as graph:
        yield graph


def test_a_message_is_sent_and_the_desk_is_told(db: Session, graph: PretendGraph) -> None:
    contact = make_contact(db)
    message = put(db, contact)
    reply = make_message(db, make_ticket(db, contact), outbound_id=message.id)
    with running(graph.url):
        wait_until(lambda: states() == ["sent"])
    sent = row(message)
    assert (sent.wamid, sent.attempts, sent.error_detail) == ("wamid.1", 1, None)
    assert sent.sent_at
    assert sent.claimed_at
    assert graph.posts[0]["biz_opaque_callback_data"] == message.callback_id
    db.expire_all()
    assert reply.wamid == "wamid.1"
    changes = [(event.kind, event.ticket_id, event.message_id) for event in db.scalars(select(DeskEvent))]
    assert changes == [("message.updated", reply.ticket_id, reply.id)] * 2  # sending, sent


def test_it_sends_when_it_is_woken(db: Session, graph: PretendGraph) -> None:
    contact = make_contact(db)
    with running(graph.url, Pace(poll=3600)):
        for count in (1, 2, 3):
            put(db, contact)
            wait_until(lambda count=count: states() == ["sent"] * count)  # type: ignore[misc]


def test_without_a_wake_it_polls(db: Session, graph: PretendGraph) -> None:
    contact = make_contact(db)
    with running(graph.url) as outbox:
        outbox.wake = lambda: None  # type: ignore[method-assign]
        put(db, contact)
        wait_until(lambda: states() == ["sent"])


@pytest.mark.promise("P15")
def test_each_customers_messages_arrive_in_order(db: Session, graph: PretendGraph) -> None:
    chance = random.Random(4)  # noqa: S311
    accepted: list[Body] = []

    def answer(number: int, body: Body) -> Answer:
        if chance.random() < 0.1:
            return refusal(chance.choice([429, 503]), 130429)
        accepted.append(body)
        return Answer(delay=chance.uniform(0, 0.02))

    graph.answer = answer
    customers = [make_contact(db) for _ in range(6)]
    with running(graph.url):
        with transaction(db):
            for number in range(12):
                for customer in customers:
                    put(db, customer, str(number))
        wait_until(lambda: states() == ["sent"] * 72)
    for customer in customers:
        bodies = [body["text"]["body"] for body in accepted if body["to"] == f"+{customer.phone_number}"]
        assert bodies == [str(number) for number in range(12)]
    assert graph.most_at_once == 1
    assert len(graph.posts) > 72  # some were refused and tried again


@pytest.mark.promise("P15")
def test_a_customer_who_must_wait_holds_up_nobody_else(db: Session, graph: PretendGraph) -> None:
    slow, quick = make_contact(db), make_contact(db)
    graph.answer = lambda number, body: (
        refusal(400, 131056) if body["to"] == f"+{slow.phone_number}" else Answer()
    )
    first = put(db, slow, "first")
    with running(graph.url, Pace(poll=0.02, retry_unit=600)):
        wait_until(lambda: row(first).next_attempt_at is not None)
        with transaction(db):
            put(db, slow, "second")
            put(db, quick)
        wait_until(lambda: states() == ["queued", "queued", "sent"])
    assert arrived(graph, slow) == ["first"]
    assert (row(first).error_code, row(first).attempts) == (131056, 1)


def test_an_answer_that_gets_lost_is_unknown_and_settled_by_a_status(
    db: Session, graph: PretendGraph
) -> None:
    graph.answer = lambda number, body: HANG_UP if number == 1 else Answer()
    contact = make_contact(db)
    lost, following = put(db, contact, "lost"), put(db, contact, "following")
    with running(graph.url):
        wait_until(lambda: states() == ["unknown", "sent"])
        assert "may have been sent" in str(row(lost).error_detail)
        [found] = find_for_statuses(db, [("wamid.Late", lost.callback_id)])
        assert found is not None
        apply_status(db, found, "delivered", following.created_at, wamid="wamid.Late")
        wait_until(lambda: states() == ["delivered", "sent"])
    assert (row(lost).wamid, row(lost).error_detail) == ("wamid.Late", None)
    assert arrived(graph) == ["lost", "following"]


@pytest.mark.promise("P14")
@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (400, 131047, "24 hours"),
        (400, 131026, "may not be on WhatsApp"),
        (400, 100, "found a mistake"),
        (400, 131051, "plain text"),
        (400, 131048, "tomorrow"),
        (401, 190, "WHATSAPP_ACCESS_TOKEN"),
    ],
)
def test_what_cannot_succeed_fails_at_once(
    db: Session, graph: PretendGraph, status: int, code: int, words: str
) -> None:
    graph.answer = lambda number, body: refusal(status, code)
    message = put(db, make_contact(db))
    with capture_logs() as logs, running(graph.url):
        wait_until(lambda: states() == ["failed"])
    assert row(message).error_code == code
    assert words in str(row(message).error_detail)
    assert len(graph.posts) == 1
    assert any(log["log_level"] == "error" for log in logs) == (code == 190)


def test_a_customer_without_a_phone_number_is_reached_by_user_id(db: Session, graph: PretendGraph) -> None:
    known, parent, nobody = (make_contact(db, phone_number=None) for _ in range(3))
    with transaction(db):
        for contact, kind, value in (
            (known, IdentityKind.PARENT_USER_ID, "NG.ENT.1"),
            (known, IdentityKind.USER_ID, "NG.1"),
            (parent, IdentityKind.PARENT_USER_ID, "NG.ENT.2"),
        ):
            db.add(ContactIdentity(contact_id=contact.id, kind=kind, value=value))
        last = [put(db, contact) for contact in (known, parent, nobody)][-1]
    with running(graph.url):
        wait_until(lambda: states() == ["sent", "sent", "failed"])
    assert sorted(post["recipient"] for post in graph.posts) == ["NG.1", "NG.ENT.2"]
    assert "neither a phone number nor a user id" in str(row(last).error_detail)


def test_stop_waits_for_the_answers(db: Session, graph: PretendGraph) -> None:
    graph.answer = lambda number, body: Answer(delay=0.3)
    contact = make_contact(db)
    put(db, contact), put(db, contact)
    with running(graph.url) as outbox:
        wait_until(lambda: len(graph.posts) == 1)
        outbox.stop()
        assert states() == ["sent", "queued"]
        assert not outbox.alive()


def test_what_has_no_answer_when_the_stop_runs_out_is_unknown(db: Session, graph: PretendGraph) -> None:
    graph.answer = lambda number, body: Answer(delay=30)
    put(db, make_contact(db))
    with running(graph.url) as outbox:
        wait_until(lambda: len(graph.posts) == 1)
        outbox.stop(timeout=0.1)
        assert states() == ["unknown"]


def test_a_status_that_comes_before_the_answer_is_not_taken_back(db: Session, graph: PretendGraph) -> None:
    def answer(number: int, body: Body) -> Answer:
        with SessionLocal() as early:
            [found] = find_for_statuses(early, [("wamid.1", body["biz_opaque_callback_data"])])
            assert found is not None
            apply_status(early, found, "read", found.created_at, wamid="wamid.1")
        return Answer()

    graph.answer = answer
    contact = make_contact(db)
    message = put(db, contact)
    with running(graph.url):
        wait_until(lambda: row(message).sent_at is not None)
    assert (row(message).state, row(message).wamid) == ("read", "wamid.1")


def test_an_id_that_whatsapp_gives_twice_holds_up_nothing(db: Session, graph: PretendGraph) -> None:
    twice = {"messages": [{"id": "wamid.Twice"}]}
    graph.answer = lambda number, body: Answer(200, twice) if number <= 2 else Answer()
    contact = make_contact(db)
    for _ in range(3):
        put(db, contact)
    with running(graph.url):
        wait_until(lambda: states() == ["sent", "unknown", "sent"])
    assert len(graph.posts) == 3


def test_a_second_takes_no_more_than_the_throughput(
    db: Session, graph: PretendGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.pair_rate.THROUGHPUT_WINDOW", 3600.0)
    with transaction(db):
        customers = [make_contact(db) for _ in range(THROUGHPUT + 1)]
        db.flush()
        for customer in customers:
            put(db, customer)
    with running(graph.url):
        wait_until(lambda: states().count("sent") == THROUGHPUT)
        time.sleep(0.2)  # ten polls, in which the last one must not leave
    assert states().count("queued") == 1


def test_it_can_be_started_again(db: Session, graph: PretendGraph) -> None:
    contact = make_contact(db)
    with running(graph.url) as outbox:
        assert outbox.alive()
        outbox.stop()
        put(db, contact)
        outbox.start()
        wait_until(lambda: states() == ["sent"])
