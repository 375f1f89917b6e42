"""The database's clock was set back a day: what was put off or leased before is not held for that day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from config.database import database_now, transaction
from models import GraphTask, InboundEvent, Lease, MediaFile, OutboundMessage
from models.admin import LoginAttempt
from models.graph_task import GraphTaskKind
from services import graph_task_service, inbound_event_service, login_attempt_service
from services.errors import TooManyAttempts
from services.media_fetch_service import TRIES_AN_HOUR, next_free_try, note_try
from tests.factories import make_contact, make_message
from tests.webhooks import deliver, message, messages_body
from tests.worker.outbox_desk import NUMBER, put
from worker import graph_store, lease, media_store, outbox_store

pytestmark = pytest.mark.promise("P28")


def inbox(db: Session) -> tuple[Callable[[], object], timedelta]:
    deliver(db, messages_body(message()))
    shards = range(inbound_event_service.SHARDS)
    return (
        lambda: inbound_event_service.due_shards(db) and inbound_event_service.work_off(db, shards, "tests"),
        inbound_event_service.LONGEST_WAIT,
    )


def outbox(db: Session) -> tuple[Callable[[], object], timedelta]:
    put(db, make_contact(db))
    return lambda: outbox_store.due_heads(db, NUMBER, (), 10), outbox_store.LONGEST_WAIT


def files(db: Session) -> tuple[Callable[[], object], timedelta]:
    message_id = make_message(db, kind="image", message="").id
    with transaction(db):
        db.add(MediaFile(message_id=message_id, phone_number_id=NUMBER, kind="image", provider_media_id="1"))
    return lambda: media_store.claim(db, 10, retries=True), media_store.WAITS[-1]


def calls(db: Session) -> tuple[Callable[[], object], timedelta]:
    graph_task_service.queue(db, GraphTaskKind.SELF_TEST, NUMBER, {})
    return lambda: graph_store.claim(db), graph_store.LONGEST_WAIT


@pytest.mark.parametrize(
    ("queue", "table"),
    [(inbox, InboundEvent), (outbox, OutboundMessage), (files, MediaFile), (calls, GraphTask)],
)
def test_what_was_put_off_is_due(
    db: Session,
    queue: Callable[[Session], tuple[Callable[[], object], timedelta]],
    table: type[InboundEvent | OutboundMessage | MediaFile | GraphTask],
) -> None:
    take, longest = queue(db)
    for ahead, is_due in ((longest - timedelta(seconds=2), False), (longest + timedelta(days=1), True)):
        with transaction(db):
            db.execute(update(table).values(next_attempt_at=database_now(db) + ahead))
        assert bool(take()) == is_due


def test_a_lease_can_be_taken_over(db: Session) -> None:
    assert lease.acquire(db, "outbox:1001", "ada", 10)
    with transaction(db):
        db.execute(update(Lease).values(expires_at=database_now(db) + timedelta(days=1)))
    assert lease.acquire(db, "outbox:1001", "bola", 10)
    assert not lease.acquire(db, "outbox:1001", "ada", 10)


def test_sends_of_the_future_do_not_count_for_the_rate(db: Session) -> None:
    put(db, make_contact(db))
    for ahead, counted in ((timedelta(days=1), 0), (-timedelta(seconds=5), 1)):
        with transaction(db):
            db.execute(update(OutboundMessage).values(claimed_at=database_now(db) + ahead))
        assert len(outbox_store.recent_sends(db, NUMBER)) == counted


def test_tries_of_the_future_do_not_hold_up_a_file(db: Session) -> None:
    now = database_now(db)
    row = MediaFile()
    for _ in range(TRIES_AN_HOUR):
        note_try(row, now)
    assert next_free_try(row, now + timedelta(minutes=1)) == now + timedelta(hours=1)
    assert next_free_try(row, now - timedelta(days=1)) is None


def test_what_is_to_be_asked_daily_is_asked(db: Session) -> None:
    with transaction(db):
        graph_store.note_done(db, GraphTaskKind.CHECK_NUMBER)
    now = database_now(db)
    assert not graph_store._is_due(db, GraphTaskKind.CHECK_NUMBER, now)
    assert graph_store._is_due(db, GraphTaskKind.CHECK_NUMBER, now - timedelta(days=1))


def test_nobody_is_kept_from_signing_in(db: Session) -> None:
    def fail() -> None:
        with (
            pytest.raises(ZeroDivisionError),
            login_attempt_service.counted(db, "ada@example.com", "192.0.2.1"),
        ):
            raise ZeroDivisionError

    for _ in range(login_attempt_service.PER_ACCOUNT_AND_ADDRESS):
        fail()
    with pytest.raises(TooManyAttempts), login_attempt_service.counted(db, "ada@example.com", "192.0.2.1"):
        pass
    with transaction(db):
        db.execute(update(LoginAttempt).values(created_at=database_now(db) + timedelta(days=1)))
    fail()
