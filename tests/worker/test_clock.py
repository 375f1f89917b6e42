"""What is kept for a time goes when the time is over, not before, and holds nobody up."""

import io
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction, utc_now
from config.settings import get_settings
from models import (
    AccountEvent,
    AdminSession,
    Contact,
    DeskEvent,
    Erasure,
    GraphTask,
    InboundEvent,
    LoginAttempt,
    MediaFile,
    SupportMessage,
    SupportTicket,
)
from models.inbound_event import InboundState
from models.media_file import MediaState
from services import erasure_service, retention_service
from services.inbound_event_service import due_shards, work_off
from services.media_storage import FileMissing, get_media_storage
from tests.desk import count
from tests.factories import make_admin, make_contact, make_message, make_ticket
from tests.webhooks import NUMBER, deliver, message, messages_body, receive_text
from worker import clock, lease
from worker.clock import Clock


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(get_settings(), "data_dir", tmp_path)
    monkeypatch.setattr(clock, "PAUSE_SECONDS", 0.0)
    get_media_storage.cache_clear()
    yield
    get_media_storage.cache_clear()


def days(number: float) -> Any:
    return utc_now() - timedelta(days=number)


def a_round(db: Session) -> None:
    db.rollback()
    Clock().round(db)
    db.rollback()
    db.expire_all()


def add(db: Session, *rows: Any) -> None:
    with transaction(db):
        db.add_all(rows)


def event(state: str, age: float) -> InboundEvent:
    return InboundEvent(
        dedupe_key=f"{state}-{age}",
        kind="message",
        lane="a",
        shard=0,
        payload="{}",
        state=state,
        received_at=days(age),
    )


def test_bodies_of_webhooks_go_and_their_keys_stay(db: Session) -> None:
    states = ((InboundState.DONE, 31), (InboundState.DONE, 29), (InboundState.PENDING, 31))
    add(db, event(InboundState.DONE, 4000))
    add(
        db,
        *(event(*each) for each in (*states, (InboundState.QUARANTINED, 89), (InboundState.QUARANTINED, 91))),
    )
    a_round(db)
    rows = db.execute(sa.select(InboundEvent.dedupe_key, InboundEvent.payload, InboundEvent.state))
    assert {row.dedupe_key: (row.payload, row.state) for row in rows} == {
        "done-4000": ("", "done"),
        "done-31": ("", "done"),
        "done-29": ("{}", "done"),
        "pending-31": ("{}", "pending"),
        "quarantined-89": ("{}", "quarantined"),
        "quarantined-91": ("", "done"),
    }
    with transaction(db):
        db.execute(sa.update(InboundEvent).values(received_at=days(35)))
    a_round(db)
    assert db.scalars(sa.select(InboundEvent.payload).where(InboundEvent.state == "done")).all() == [""] * 4


def test_small_things_go(db: Session) -> None:
    admin = make_admin(db)
    for number, (age, expires) in enumerate(((0, -1), (8, 5), (0, 5))):
        add(
            db,
            AdminSession(
                token_hash=str(number), admin_id=admin.id, last_seen_at=days(age), expires_at=days(-expires)
            ),
        )
    for age in (0, 2):
        add(
            db,
            LoginAttempt(subject="x", created_at=days(age)),
            GraphTask(kind="x", phone_number_id="1", expires_at=days(age)),
        )
    for seq, age in ((1, 8), (2, 6)):
        add(db, DeskEvent(seq=seq, kind="ticket.updated", created_at=days(age)))
    for created, dismissed in ((400, 390), (400, None), (400, 10)):
        add(
            db,
            AccountEvent(
                field="x",
                summary="x",
                payload={},
                created_at=days(created),
                dismissed_at=days(dismissed) if dismissed else None,
            ),
        )
    a_round(db)
    assert db.scalars(sa.select(AdminSession.token_hash)).all() == ["2"]
    assert (count(LoginAttempt), count(GraphTask), count(AccountEvent)) == (1, 1, 2)
    assert db.scalars(sa.select(DeskEvent.seq)).all() == [2]


def a_file(db: Session, ticket: SupportTicket, age: float) -> int:
    row = MediaFile(message_id=make_message(db, ticket).id, phone_number_id=NUMBER, kind="image")
    with transaction(db):
        db.add(row)
        db.flush()
        row.storage_key = get_media_storage().put(row.id, io.BytesIO(b"a photo"))
        row.state, row.stored_at, row.filename = MediaState.STORED, days(age), "photo.jpg"
    return row.id


def test_files_of_ended_tickets_go_and_their_messages_stay(db: Session) -> None:
    live, ended = make_ticket(db), make_ticket(db, status="CLOSED", resolved_at=days(1))
    kept = [a_file(db, live, 800), a_file(db, ended, 700)]
    gone = a_file(db, ended, 731)
    key = db.get_one(MediaFile, gone).storage_key or ""
    a_round(db)
    assert db.scalars(sa.select(MediaFile.id).where(MediaFile.state == "stored")).all() == kept
    row = db.get_one(MediaFile, gone)
    assert (row.state, row.storage_key, row.filename) == ("failed", None, None)
    assert "730 days" in (row.error or "")
    with pytest.raises(FileMissing):
        get_media_storage().size(key)
    assert count(SupportMessage) == 3


def test_what_was_said_goes_and_then_the_customer(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = {"created_at": days(2200), "updated_at": days(2200)}
    live = make_ticket(db, **long_ago)
    ended = make_ticket(db, status="CLOSED", resolved_at=days(2195), **long_ago)
    recent = make_ticket(db, status="CLOSED", resolved_at=days(100))
    for ticket in (live, ended):
        make_message(db, ticket, created_at=days(2200))
    make_message(db, recent, created_at=days(100))
    with transaction(db):
        db.execute(sa.update(Contact).values(updated_at=days(2195)))
    monkeypatch.setattr(get_settings(), "keep_conversations_days", 0)
    a_round(db)
    assert count(SupportMessage) == 3, "0 keeps everything"
    monkeypatch.setattr(get_settings(), "keep_conversations_days", 2190)
    a_round(db)
    left = db.scalars(sa.select(SupportMessage.ticket_id).order_by(SupportMessage.ticket_id)).all()
    assert left == [live.id, recent.id]
    assert db.get_one(SupportTicket, ended.id).sender_name == "Erased customer"
    assert db.scalars(sa.select(Erasure.contact_id)).all() == [ended.contact_id]
    assert db.get_one(SupportTicket, live.id).issue_description


def test_an_erasure_whose_process_died_is_ended(db: Session) -> None:
    receive_text(db, "Erase me")
    [contact] = db.scalars(sa.select(Contact)).all()
    erasure = Erasure(contact_id=contact.id, requested_at=utc_now() - timedelta(minutes=5))
    add(db, erasure)
    a_round(db)
    assert len(erasure_service.unfinished(db)) == 1, "somebody may be at it"
    with transaction(db):
        db.execute(sa.update(Erasure).values(requested_at=utc_now() - timedelta(minutes=15)))
    a_round(db)
    assert erasure_service.unfinished(db) == []
    assert db.scalars(sa.select(SupportMessage).where(SupportMessage.contact_id == contact.id)).all() == []


def test_one_process_at_a_time(db: Session) -> None:
    add(db, LoginAttempt(subject="x", created_at=days(2)))
    assert lease.acquire(db, clock.NAME, "another", 60)
    a_round(db)
    assert count(LoginAttempt) == 1
    lease.release(db, clock.NAME, "another")
    a_round(db)
    assert count(LoginAttempt) == 0


def test_what_fails_holds_back_no_other_class(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> int:
        raise PermissionError

    monkeypatch.setattr(retention_service, "STEPS", (fail, *retention_service.STEPS))
    add(db, LoginAttempt(subject="x", created_at=days(2)))
    a_round(db)
    assert count(LoginAttempt) == 0


@pytest.mark.promise("P26")
def test_bulk_work_holds_up_nobody(db: Session) -> None:
    """Thousands of messages are erased, and many more old rows go, while another customer writes."""
    contact = make_contact(db, phone_number="2348090000001")
    ticket = make_ticket(db, contact)
    old = [{**row(ticket), "message": f"Message {number}"} for number in range(4000)]
    with transaction(db):
        db.execute(sa.insert(SupportMessage), old)
        db.execute(sa.insert(LoginAttempt), [{"subject": "x", "created_at": days(2)} for _ in range(4000)])
    slowest, stop = [0.0], threading.Event()

    def write() -> None:
        with SessionLocal() as session:
            while not stop.is_set():
                began = time.monotonic()
                deliver(session, messages_body(message("Hello?")))
                work_off(session, due_shards(session), "tests")
                slowest.append(time.monotonic() - began)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        erasure_service.erase(db, contact.id)
        a_round(db)
    finally:
        stop.set()
        writer.join()
    assert count(LoginAttempt) == 0
    assert db.scalar(sa.select(sa.func.count()).where(SupportMessage.contact_id == contact.id)) == 0
    assert len(slowest) > 3
    assert max(slowest) < 2.0


def row(ticket: SupportTicket) -> dict[str, Any]:
    return {
        "ticket_id": ticket.id,
        "contact_id": ticket.contact_id,
        "sender_type": "user",
        "sender_name": "x",
        "kind": "text",
    }


def test_the_thread_works_and_stops(db: Session) -> None:
    add(db, LoginAttempt(subject="x", created_at=days(2)))
    ticking = Clock(period=0.05)
    ticking.start()
    deadline = time.monotonic() + 30
    while count(LoginAttempt) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ticking.alive()
    ticking.stop()
    assert not ticking.alive()
    assert count(LoginAttempt) == 0
