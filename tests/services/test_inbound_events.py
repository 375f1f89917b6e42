"""The inbox: kept once, worked off in order, and what fails harms nobody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from config.database import database_now, transaction
from models import InboundEvent, OutboundMessage, SupportMessage
from models.inbound_event import InboundState
from realtime.bus import INBOX
from services import inbound_event_service
from services.customer_message_service import receive
from services.inbound_event_service import MAX_ATTEMPTS, SHARDS, work_off
from services.outbound_message_service import enqueue
from services.quarantine_service import quarantined, replay
from tests.desk import count
from tests.factories import make_contact
from tests.together import together
from tests.webhooks import (
    body_of,
    deliver,
    end_waiting,
    message,
    messages_body,
    settle,
    status,
    statuses_body,
    work_off_all,
)
from whatsapp.incoming import IncomingMessage

POISON = "wamid.POISON"


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No message is known that cannot be received; this one is made so, until `undo`."""

    def fail_for_one(db: Session, messages: list[IncomingMessage]) -> None:
        receive(db, messages)
        if any(each.wamid == POISON for each in messages):
            raise RuntimeError("what the customer wrote")

    monkeypatch.setattr(inbound_event_service, "receive", fail_for_one)
    with capture_logs():  # a traceback for each failure, with all its variables, takes its time
        yield monkeypatch


def states(db: Session) -> list[str]:
    """In the order in which they came."""
    db.rollback()
    return list(db.scalars(select(InboundEvent.state).order_by(InboundEvent.id)))


def texts(db: Session, phone: str | None = None) -> list[str]:
    query = select(SupportMessage.message).where(SupportMessage.sender_type == "user")
    if phone is not None:
        query = query.where(SupportMessage.sender_name == f"+{phone}")
    return list(db.scalars(query.order_by(SupportMessage.id)))


def event_of(db: Session, number: int) -> InboundEvent:
    query = select(InboundEvent).order_by(InboundEvent.id).offset(number).limit(1)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def test_what_is_stored_waits_and_wakes_the_worker_after_the_commit(db: Session, woken: list[str]) -> None:
    with transaction(db):
        deliver(db, messages_body(message("One"), message("Two")))
        assert woken == []
    assert woken == [INBOX]
    assert states(db) == [InboundState.PENDING] * 2


def test_a_delivery_that_comes_again_adds_nothing(db: Session) -> None:
    body = messages_body(message("One"), message("Two"))
    deliver(db, body)
    deliver(db, body, body)
    assert count(InboundEvent) == 2
    settle(db)
    deliver(db, body)
    settle(db)
    assert texts(db) == ["One", "Two"]
    assert states(db) == [InboundState.DONE] * 2


def test_ids_that_differ_by_case_are_two(db: Session) -> None:
    deliver(db, messages_body(message("One", id="wamid.A"), message("Two", id="wamid.a")))
    settle(db)
    assert texts(db) == ["One", "Two"]


def test_the_same_delivery_many_times_at_once_is_one(db: Session) -> None:
    for number in range(5):
        body = messages_body(message(f"Number {number}"))

        def store_it(session: Session, _: int, body: bytes = body) -> None:
            deliver(session, body)

        assert together(20, store_it) == [None] * 20
        assert count(InboundEvent) == number + 1
    settle(db)
    assert texts(db) == [f"Number {number}" for number in range(5)]


def test_an_act_that_fails_stores_nothing_and_wakes_nobody(db: Session, woken: list[str]) -> None:
    with pytest.raises(RuntimeError), transaction(db):  # noqa: PT012 - what has to fail is the whole act
        deliver(db, messages_body(message()))
        raise RuntimeError
    assert count(InboundEvent) == 0
    assert woken == []


def test_a_poison_row_harms_no_other_is_tried_five_times_and_can_be_replayed(
    db: Session, poison: pytest.MonkeyPatch
) -> None:
    ada, bola = "2348030000001", "2348030000002"
    deliver(
        db,
        messages_body(
            message("Ada 1", **{"from": ada}),
            message("Ada 2", **{"from": ada}, id=POISON),
            message("Bola 1", **{"from": bola}),
            message("Ada 3", **{"from": ada}),
            message("Bola 2", **{"from": bola}),
        ),
    )
    waits = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        before = database_now(db)
        db.rollback()
        work_off_all(db)
        assert (texts(db, ada), texts(db, bola)) == (["Ada 1"], ["Bola 1", "Bola 2"])
        row = event_of(db, 1)
        assert (row.attempts, row.error is not None) == (attempt, True)
        assert "customer" not in str(row.error)
        if attempt < MAX_ATTEMPTS:
            assert row.state == InboundState.PENDING
            assert row.next_attempt_at is not None
            waits.append(row.next_attempt_at - before)
            db.rollback()
            assert work_off_all(db) == 0
            end_waiting(db)
    assert event_of(db, 1).state == InboundState.QUARANTINED
    assert all(wait >= timedelta(seconds=2**n) for n, wait in enumerate(waits))
    assert waits[-1] < timedelta(minutes=1)
    work_off_all(db)
    assert texts(db, ada) == ["Ada 1", "Ada 3"]
    assert states(db).count(InboundState.DONE) == 4

    poison.undo()
    assert replay(db) == 1
    settle(db)
    assert states(db) == [InboundState.DONE] * 5
    assert texts(db, ada) == ["Ada 1", "Ada 3", "Ada 2"]
    assert replay(db) == 0


def test_poison_in_every_shard_is_counted(db: Session, poison: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    poison.setattr(inbound_event_service, "receive", fail)
    deliver(db, *(messages_body(message(**{"from": f"23480300{number:05}"})) for number in range(60)))
    assert len(set(db.scalars(select(InboundEvent.shard)))) == SHARDS
    db.rollback()
    for _ in range(4):
        work_off(db, range(SHARDS), "tests")
    db.rollback()
    assert 0 not in db.scalars(select(InboundEvent.attempts)).all()


def test_a_poison_row_of_one_turn_costs_the_others_no_attempt(
    db: Session, poison: pytest.MonkeyPatch
) -> None:
    bodies = [messages_body(message(**{"from": f"23480300{number:05}"})) for number in range(20)]
    deliver(db, messages_body(message(id=POISON, **{"from": "2348039999999"})), *bodies)
    for _ in range(4):
        work_off(db, range(SHARDS), "tests")
    assert states(db) == [InboundState.PENDING] + [InboundState.DONE] * 20
    tried, *others = db.scalars(select(InboundEvent.attempts).order_by(InboundEvent.id))
    assert (tried > 0, others) == (True, [0] * 20)


def test_what_cannot_be_understood_is_quarantined_at_once_and_shown(db: Session) -> None:
    nobody = message(**{"from": None})
    deliver(db, b"{", messages_body(nobody), body_of({}, field="a_field_of_the_future"))
    work_off_all(db)
    assert states(db) == [InboundState.QUARANTINED] * 3
    rows, total = quarantined(db, None, 2)
    assert total == 3
    assert [row.kind for row in rows] == ["unknown", "message"]
    assert "no sender" in str(rows[1].error)
    rest, total = quarantined(db, rows[-1].id, 2)
    assert ([row.kind for row in rest], total) == (["unreadable"], 3)
    assert quarantined(db, rest[-1].id, 2) == ([], 3)


def test_what_still_cannot_be_understood_is_quarantined_again_with_its_reason(db: Session) -> None:
    deliver(db, b"{", b'{"entry": [null]}', body_of({}, field="a_field_of_the_future"))
    before = [row.error for row in quarantined(db, None, 9)[0]]
    assert replay(db) == 3
    work_off_all(db)
    assert states(db) == [InboundState.QUARANTINED] * 3
    assert [row.error is not None for row in quarantined(db, None, 9)[0]] == [True] * 3
    assert [row.error for row in quarantined(db, None, 9)[0]] == before


def test_an_event_of_the_account_is_done_and_makes_no_row_of_a_thread(db: Session) -> None:
    deliver(db, body_of({"event": "PHONE_NUMBER_ADDED"}, field="account_alerts"))
    work_off_all(db)
    assert states(db) == [InboundState.DONE]
    assert count(SupportMessage) == 0


def send(db: Session, wamid: str | None) -> int:
    """A message of ours in the outbox, sent if it has its id already; its own id."""
    contact = make_contact(db)
    with transaction(db):
        outbound = enqueue(db, contact.id, "1001", {"type": "text", "text": {"body": "Hello"}})
        outbound.state, outbound.wamid = "sending", wamid
    return outbound.id


def test_a_status_that_is_quicker_than_the_answer_to_our_send_finds_it_later(db: Session) -> None:
    outbound_id = send(db, None)
    deliver(db, statuses_body(status("wamid.Ours", "sent"), status("wamid.Ours", "delivered")))
    work_off_all(db)
    assert states(db) == [InboundState.PENDING] * 2
    with transaction(db):
        db.get_one(OutboundMessage, outbound_id).wamid = "wamid.Ours"
    assert work_off_all(db) == 0
    end_waiting(db)
    assert work_off_all(db) == 2
    assert states(db) == [InboundState.DONE] * 2
    db.expire_all()
    assert db.get_one(OutboundMessage, outbound_id).state == "delivered"


def test_a_status_of_what_others_sent_is_done_after_some_tries_and_holds_nobody_up(db: Session) -> None:
    deliver(db, statuses_body(status("wamid.Theirs")), messages_body(message("Hello")))
    for _ in range(MAX_ATTEMPTS - 1):
        work_off_all(db)
        assert states(db) == [InboundState.PENDING, InboundState.DONE]
        end_waiting(db)
    work_off_all(db)
    assert states(db) == [InboundState.DONE] * 2


def test_a_batch_holds_more_than_one_turn_takes(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbound_event_service, "BATCH", 7)
    deliver(db, messages_body(*(message(f"{number:02}") for number in range(30))))
    turns = 0
    while work_off_all(db):
        turns += 1
    assert turns == 5
    assert texts(db) == [f"{number:02}" for number in range(30)]


def test_workers_side_by_side_keep_each_customers_order_and_do_nothing_twice(db: Session) -> None:
    customers = [f"2348030000{number:03}" for number in range(40)]
    for number in range(8):
        deliver(
            db,
            messages_body(*(message(f"{number}", **{"from": phone}) for phone in customers)),
            messages_body(*(message(f"{number}+", **{"from": phone}) for phone in reversed(customers))),
        )

    def work(session: Session, number: int) -> int:
        worked, idle = 0, 0
        while idle < 20:
            taken = work_off(session, range(SHARDS), f"worker-{number}")
            idle = 0 if taken else idle + 1
            worked += taken
        return worked

    found = together(3, work)
    assert [each for each in found if isinstance(each, Exception)] == []
    assert sum(each for each in found if isinstance(each, int)) == 640
    assert set(states(db)) == {InboundState.DONE}
    expected = [f"{number}{second}" for number in range(8) for second in ("", "+")]
    for phone in customers:
        assert texts(db, phone) == expected
    assert db.scalar(select(func.count(func.distinct(SupportMessage.wamid)))) == 640


def test_a_worker_leaves_to_another_what_that_one_has(db: Session) -> None:
    """On MariaDB; on SQLite there is one writer at a time anyway."""
    if db.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    deliver(db, messages_body(message("Hello")))
    shard = db.scalars(select(InboundEvent.shard)).one()
    with transaction(db):
        assert len(inbound_event_service._claim(db, [shard], "first")) == 1
        assert together(1, lambda session, _: work_off(session, range(SHARDS), "second")) == [0]
    assert together(1, lambda session, _: work_off(session, range(SHARDS), "second")) == [1]
