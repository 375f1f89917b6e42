"""The inbox's acts to the letter: what is kept of an item, what is claimed, and what becomes of it."""

import hashlib
import zlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import database_now, transaction, utc_now
from config.settings import get_settings
from models import AccountEvent, InboundEvent, Lease, SupportMessage
from models.contact import IdentityKind
from models.inbound_event import InboundState
from realtime.bus import INBOX
from services import inbound_event_service as inbox
from services.erased_person_service import note
from services.inbound_event_service import SHARDS, digest, due_shards, work_off
from services.quarantine_service import quarantined, replay
from tests.desk import count
from tests.webhooks import (
    PHONE,
    body_of,
    deliver,
    message,
    messages_body,
    receive_text,
    status,
    statuses_body,
)
from whatsapp.payloads import Item


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def rows(db: Session) -> list[InboundEvent]:
    db.rollback()
    query = select(InboundEvent).order_by(InboundEvent.id).execution_options(populate_existing=True)
    return list(db.scalars(query))


def store(db: Session, *items: Item) -> list[InboundEvent]:
    with transaction(db):
        inbox.store(db, items)
    return rows(db)


def change(db: Session, event_id: int, **fields: Any) -> None:
    with transaction(db):
        db.execute(update(InboundEvent).where(InboundEvent.id == event_id).values(**fields))
    db.expire_all()


def all_shards(db: Session) -> int:
    """A turn of a worker for each half of the inbox."""
    return sum(work_off(db, part, "me") for part in (range(SHARDS // 2), range(SHARDS // 2, SHARDS)))


def test_an_item_becomes_a_row(db: Session) -> None:
    before = utc_now()
    [sound, odd] = store(
        db, Item("message", "a key", "a lane", "{}"), Item("unknown", "\ud800", "other", "{}", "Why not.")
    )
    assert (sound.dedupe_key, sound.lane) == (sha("a key"), sha("a lane"))
    assert sound.shard == zlib.crc32(sha("a lane").encode()) % 8
    assert (sound.kind, sound.payload, sound.state, sound.error) == ("message", "{}", "pending", None)
    assert (sound.attempts, sound.next_attempt_at, sound.processed_at) == (0, None, None)
    assert before <= sound.received_at <= utc_now()
    assert odd.dedupe_key == sha("\\ud800") == digest("\ud800"), "a lone surrogate has no bytes"
    assert (odd.state, odd.error) == ("quarantined", "Why not.")


def test_what_is_kept_already_stays_as_it_is(db: Session) -> None:
    store(db, Item("message", "a key", "a lane", "{}"))
    [kept] = store(db, Item("status", "a key", "another", "[]", "odd"))
    assert (kept.kind, kept.lane, kept.payload, kept.state) == ("message", sha("a lane"), "{}", "pending")


def test_only_what_is_due_names_its_part_of_the_inbox(db: Session) -> None:
    found = store(db, *(Item("message", str(n), str(n), "{}") for n in range(4)))
    now = database_now(db)
    waits = {0: now + timedelta(seconds=10), 1: now - timedelta(seconds=1), 2: now + timedelta(seconds=60)}
    for number, at in waits.items():
        change(db, found[number].id, next_attempt_at=at, shard=number)
    change(db, found[3].id, state=InboundState.DONE, shard=3)
    assert sorted(due_shards(db)) == [1, 2], "no wait is as long as a minute: that clock was set back"


def claimed(db: Session, shards: Any, owner: str = "me") -> list[int]:
    with transaction(db):
        return [event.id for event in inbox._claim(db, shards, owner)]


def test_who_works_alone_takes_all_parts_until_another_has_had_one(db: Session) -> None:
    found = store(db, *(Item("message", str(n), str(n), "{}") for n in range(SHARDS)))
    for number, event in enumerate(found):
        change(db, event.id, shard=number)
    for owner in ("me", "me"):
        assert len(claimed(db, range(SHARDS), owner)) == SHARDS
    assert len(claimed(db, range(SHARDS), "another")) == SHARDS // 2
    assert len(claimed(db, range(SHARDS))) == SHARDS // 2
    with transaction(db):
        gone = update(Lease).where(Lease.owner == "another")
        db.execute(gone.values(expires_at=database_now(db) - timedelta(seconds=1)))
    assert len(claimed(db, range(SHARDS))) == SHARDS


def test_a_claim_beside_another_worker_takes_the_parts_that_waited_longest(db: Session) -> None:
    with transaction(db):
        for shard in range(SHARDS):
            at = utc_now() + timedelta(seconds=10 if shard == SHARDS - 1 else shard - 100)
            db.execute(update(Lease).where(Lease.name == f"inbox:{shard}").values(owner="x", expires_at=at))
    found = store(db, *(Item("message", str(n), str(n), "{}") for n in range(SHARDS)))
    for number, event in enumerate(found):
        change(db, event.id, shard=SHARDS - 1 - number)
    before = database_now(db)
    assert claimed(db, range(SHARDS)) == [event.id for event in found[-4:]]
    held = {lease.name: lease for lease in db.scalars(select(Lease).where(Lease.owner == "me"))}
    assert sorted(held) == [f"inbox:{shard}" for shard in range(4)]
    for lease in held.values():
        assert timedelta(seconds=29) < lease.expires_at - before < timedelta(seconds=60)
    db.rollback()
    assert claimed(db, range(SHARDS)) == [event.id for event in found[:4]]
    assert claimed(db, [7]) == [found[0].id]
    assert claimed(db, []) == claimed(db, [99]) == []


def test_a_claim_leaves_a_customer_who_waits_and_takes_the_oldest(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    lanes = "abacbc"
    found = store(db, *(Item("message", str(n), lane, "{}") for n, lane in enumerate(lanes)))
    with transaction(db):
        db.execute(update(InboundEvent).values(shard=1))
    ids = [event.id for event in found]
    assert claimed(db, [1]) == ids
    change(db, ids[0], next_attempt_at=database_now(db) + timedelta(seconds=10))
    assert claimed(db, [1]) == [ids[1], ids[3], ids[4], ids[5]]
    change(db, ids[1], state=InboundState.DONE, next_attempt_at=database_now(db) + timedelta(seconds=10))
    assert claimed(db, [1]) == ids[3:], "what is done holds up nobody"
    monkeypatch.setattr(inbox, "BATCH", 2)
    assert claimed(db, [1]) == ids[3:5]


def test_each_kind_goes_its_way(db: Session) -> None:
    echo = {"id": "wamid.E", "to": PHONE, "type": "text", "text": {"body": "From the phone"}}
    standby = {"metadata": {"phone_number_id": "1001"}, "standby": {"messages": [message("Aside")]}}
    handover = {"metadata": {"phone_number_id": "1001"}, "sender": {"phone_number": PHONE}}
    deliver(
        db,
        messages_body(message("Hello")),
        body_of({"message_echoes": [echo | {"timestamp": "1795000000"}]}, field="smb_message_echoes"),
        body_of(standby, field="standby"),
        body_of({"event": "PHONE_NUMBER_ADDED"}, field="account_alerts"),
        body_of(handover, field="messaging_handovers"),
    )
    before = utc_now()
    assert all_shards(db) == 5
    for event in rows(db):
        assert (event.state, event.error, event.attempts) == ("done", None, 0), event.kind
        assert event.processed_at is not None
        assert before <= event.processed_at <= utc_now()
    texts = set(db.scalars(select(SupportMessage.message)))
    assert {"Hello", "From the phone", "Aside"} <= texts
    said = set(db.execute(select(AccountEvent.field, AccountEvent.subject)).all())
    assert ("standby", "1001") in {tuple(each) for each in said}
    assert all_shards(db) == 0


def test_only_a_handover_is_told_in_the_live_ticket_and_at_its_time(db: Session) -> None:
    receive_text(db, "Chat Support")
    value = {"metadata": {"phone_number_id": "1001"}, "sender": {"phone_number": PHONE}}
    yesterday = utc_now().replace(microsecond=0) - timedelta(days=1)
    told = select(SupportMessage.occurred_at).where(SupportMessage.kind == "activity")
    for field, times in (("account_alerts", []), ("messaging_handovers", [yesterday])):
        deliver(db, body_of(value, field=field))
        change(db, rows(db)[-1].id, received_at=yesterday)
        all_shards(db)
        assert db.scalars(told).all() == times, field


def test_a_standby_message_without_a_number_is_of_ours(db: Session) -> None:
    deliver(db, body_of({"standby": {"messages": [message("Aside")]}}, field="standby"))
    all_shards(db)
    subjects = db.scalars(select(AccountEvent.subject).where(AccountEvent.field == "standby")).all()
    assert subjects == [get_settings().whatsapp_phone_number_id]


@pytest.mark.parametrize(
    ("kind", "payload", "error", "reason"),
    [
        ("unknown", "{}", "Before.", "Before."),
        ("malformed", "{}", None, "Unknown kind of event."),
        ("unreadable", "{", None, "The body is not JSON: JSONDecodeError."),
        ("message", '{"message": {"id": "wamid.A"}}', None, None),
    ],
)
def test_what_cannot_be_understood_says_why(
    db: Session, kind: str, payload: str, error: str | None, reason: str | None
) -> None:
    [event] = store(db, Item(kind, "a", "a", payload))
    change(db, event.id, error=error)
    all_shards(db)
    [event] = rows(db)
    assert (event.state, event.attempts) == ("quarantined", 0)
    assert event.processed_at is not None
    assert event.error
    assert event.error == (reason or event.error)


def test_a_reason_is_cut_to_its_place(db: Session) -> None:
    [event] = store(db, Item("unknown", "a", "a", "{}"))
    change(db, event.id, error="x" * 1200)
    all_shards(db)
    assert rows(db)[0].error == "x" * 1000


def test_a_body_that_can_be_read_by_now_gives_its_items(db: Session) -> None:
    store(db, Item("unreadable", "a", "a", messages_body(message("At last")).decode()))
    assert all_shards(db) == 1
    assert [event.kind for event in rows(db)] == ["unreadable", "message"]
    all_shards(db)
    assert [event.state for event in rows(db)] == ["done", "done"]
    assert count(SupportMessage) > 0


def test_a_status_waits_twice_as_long_each_time_and_is_done_at_last(db: Session) -> None:
    deliver(db, statuses_body(status("wamid.Theirs")))
    for attempt in range(1, 5):
        before = database_now(db)
        assert all_shards(db) == 1
        [event] = rows(db)
        assert (event.state, event.attempts, event.error) == ("pending", attempt, None)
        assert event.next_attempt_at is not None
        wait = timedelta(seconds=2 ** (attempt - 1))
        assert before + wait <= event.next_attempt_at <= database_now(db) + wait
        change(db, event.id, next_attempt_at=None)
    all_shards(db)
    [event] = rows(db)
    assert (event.state, event.attempts) == ("done", 4)
    assert event.payload


def test_what_comes_after_a_status_in_the_same_batch_is_worked_off_with_it(db: Session) -> None:
    deliver(db, statuses_body(status("wamid.Theirs")), messages_body(message()))
    with transaction(db):
        db.execute(update(InboundEvent).values(shard=1, lane=InboundEvent.kind))
    assert work_off(db, [1], "me") == 2
    assert [(event.kind, event.state) for event in rows(db)] == [("status", "pending"), ("message", "done")]


def test_of_the_erased_nothing_is_kept_and_others_are_taken_in(db: Session) -> None:
    with transaction(db):
        note(db, [(IdentityKind.PHONE, PHONE)], utc_now())
    deliver(
        db,
        messages_body(message("Old", timestamp="1700000000"), message("Hello", **{"from": "2348030000009"})),
        statuses_body(status("wamid.Old"), status("wamid.Theirs", recipient_id="2348030000009")),
    )
    all_shards(db)
    old, hello, about_old, theirs = rows(db)
    for event in (old, about_old):
        assert (event.state, event.payload, event.lane) == ("done", "", "")
    assert (hello.state, theirs.state) == ("done", "pending")
    assert set(db.scalars(select(SupportMessage.message).where(SupportMessage.sender_type == "user"))) == {
        "Hello"
    }


def test_a_replay_begins_anew_and_wakes_the_worker(db: Session, woken: list[str]) -> None:
    first, second = store(db, Item("unknown", "a", "a", "{}", "Why."), Item("message", "b", "b", "{}"))
    change(db, first.id, attempts=5, next_attempt_at=utc_now())
    change(db, second.id, attempts=3)
    woken.clear()
    assert replay(db) == 1
    assert woken == [INBOX]
    first, second = rows(db)
    assert (first.state, first.attempts, first.next_attempt_at, first.error) == ("pending", 0, None, "Why.")
    assert second.attempts == 3
    assert replay(db) == 0


def test_the_quarantine_is_shown_from_its_newest(db: Session) -> None:
    assert quarantined(db, None, 2) == ([], 0)
    found = store(db, *(Item("unknown", str(n), str(n), "{}", "Why.") for n in range(4)))
    store(db, Item("message", "sound", "sound", "{}"))
    ids = [event.id for event in found]
    for before, limit, shown in ((None, 2, ids[:1:-1]), (ids[2], 9, ids[1::-1]), (ids[0], 9, [])):
        events, total = quarantined(db, before, limit)
        assert ([event.id for event in events], total) == (shown, 4)
