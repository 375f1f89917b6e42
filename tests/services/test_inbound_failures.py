"""What fails in the inbox: counted, named and logged where an event is at fault, left alone elsewhere."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from config.database import SessionLocal, transaction, utc_now
from config.settings import get_settings
from models import InboundEvent, SupportMessage
from models.inbound_event import InboundState
from services import inbound_event_service as inbox
from services import quarantine_service, retention_service
from services.customer_message_service import receive
from services.inbound_event_service import work_off
from tests.services.test_inbound_acts import all_shards, change, rows
from tests.webhooks import deliver, message, messages_body, settle

OTHER = "2348030000009"


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(db: Session, messages: Any) -> None:
        if any("poison" in each.wamid for each in messages):
            raise RuntimeError("what the customer wrote")
        receive(db, messages)

    monkeypatch.setattr(inbox, "receive", fail)


def test_what_stands_behind_a_failure_waits_also_when_that_is_due_again(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others of the batch may take longer than the second that it waits."""

    def fail(db: Session, messages: Any) -> None:
        if any("poison" in each.wamid for each in messages):
            raise RuntimeError
        receive(db, messages)
        db.execute(update(InboundEvent).values(next_attempt_at=None))

    monkeypatch.setattr(inbox, "receive", fail)
    deliver(db, messages_body(message("x", id="poison"), message("z", **{"from": OTHER}), message("y")))
    with transaction(db):
        db.execute(update(InboundEvent).values(shard=3))
    with capture_logs():
        assert work_off(db, [3], "me") == 3
    assert [(event.state, event.attempts) for event in rows(db)] == [
        ("pending", 1),
        ("done", 0),
        ("pending", 0),
    ]


@pytest.mark.usefixtures("poison")
def test_a_failure_is_counted_named_and_logged(db: Session) -> None:
    deliver(
        db, messages_body(message("x", id="poison"), message("y"), message("z", **{"from": "2348030000009"}))
    )
    [poison, behind, beside] = [event.id for event in rows(db)]
    with transaction(db):
        db.execute(update(InboundEvent).values(shard=3))
    with capture_logs() as logs:
        assert work_off(db, [3], "me") == 3
    first, second, third = rows(db)
    assert (first.state, first.attempts, first.error) == ("pending", 1, "RuntimeError")
    assert first.next_attempt_at is not None
    assert (second.id, second.state, second.attempts) == (behind, "pending", 0)
    assert (third.id, third.state) == (beside, "done")
    [batch, single] = logs
    assert batch == {"event": "inbox.batch_failed", "log_level": "warning", "error": "RuntimeError"}
    assert (single["event"], single["log_level"]) == ("inbox.event_failed", "error")
    assert single["event_id"] == poison
    assert isinstance(single["exc_info"], RuntimeError)
    for attempt in range(2, 6):
        change(db, poison, next_attempt_at=None)
        with capture_logs():
            work_off(db, [3], "me")
        assert rows(db)[0].attempts == attempt
    first, *_ = rows(db)
    assert (first.state, first.error) == ("quarantined", "Failed 5 times: RuntimeError.")


def test_what_another_has_done_meanwhile_is_not_counted(db: Session) -> None:
    deliver(db, messages_body(message()))
    [event] = rows(db)
    with SessionLocal() as other:
        all_shards(other)
    assert event.state == "pending", "as this session saw it"
    with capture_logs() as logs:
        inbox._count_failure(db, event.id, RuntimeError())
    assert (rows(db)[0].attempts, logs) == (0, [])


@pytest.mark.parametrize("times", [1, 2])
def test_trouble_of_the_database_is_nobodys_fault(
    db: Session, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Whether it comes with the batch, or with one of them afterwards."""
    errors = [OperationalError("COMMIT", {}, Exception(2013, "Lost connection"))]
    if times == 2:
        errors.insert(0, RuntimeError())  # type: ignore[arg-type]

    def fail(_db: Session, _messages: Any) -> None:
        raise errors.pop(0)

    monkeypatch.setattr(inbox, "receive", fail)
    deliver(db, messages_body(message()))
    shard = rows(db)[0].shard
    with capture_logs(), pytest.raises(OperationalError):
        work_off(db, [shard], "me")
    assert (rows(db)[0].attempts, errors) == (0, [])


@pytest.mark.parametrize("code", [1142, 1044, 1227, 3, 1878, 1135, 1034, 1016, 1036, 1054, 1146, 1932, 3101])
def test_what_the_database_refuses_everybody_sets_no_message_aside(
    db: Session, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """As while a quota is exceeded, the server's own disk is full, or a dump is read into the database."""
    refusal = OperationalError("INSERT INTO support_messages", {}, Exception(code, "denied"))

    def fail(_db: Session, _messages: Any) -> None:
        raise refusal

    monkeypatch.setattr(inbox, "receive", fail)
    deliver(db, messages_body(message()))
    shard = rows(db)[0].shard
    with capture_logs(), pytest.raises(OperationalError):
        work_off(db, [shard], "me")
    assert (rows(db)[0].state, rows(db)[0].attempts) == ("pending", 0)


@pytest.mark.parametrize("kind", ["message", "unreadable"])
def test_what_is_understood_after_its_time_keeps_no_words(db: Session, kind: str) -> None:
    """What has been worked off is passed over once, when its time is over, and never looked at again."""
    deliver(db, messages_body(message("Hello")) if kind == "message" else b"no JSON: Hello")
    long_ago = utc_now() - timedelta(days=get_settings().keep_webhooks_days + 1)
    with transaction(db):
        quarantined = {"state": InboundState.QUARANTINED, "received_at": long_ago}
        db.execute(update(InboundEvent).values(**quarantined))
    retention_service.step(db, get_settings(), retention_service.webhooks)
    if kind == "unreadable":  # a later release can read it
        with transaction(db):
            body = messages_body(message("Hello")).decode()
            db.execute(update(InboundEvent).values(payload=body))
    assert quarantine_service.replay(db) == 1
    settle(db)
    retention_service.step(db, get_settings(), retention_service.webhooks)
    oldest = db.execute(select(InboundEvent.state, InboundEvent.payload).order_by(InboundEvent.id)).first()
    assert oldest == (InboundState.DONE, "")
    assert db.scalars(select(SupportMessage.message)).first() == "Hello"
