from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction
from models import DeskEvent, OutboundMessage, SupportMessage
from models.outbound_message import DeliveryState
from realtime.bus import OUTBOX, bus
from services.outbound_message_service import (
    STATUSES,
    apply_status,
    climb,
    enqueue,
    find_for_statuses,
)
from tests.factories import make_contact, make_message, make_ticket

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEXT = {"type": "text", "text": {"body": "Good morning"}}
WORDS = ("sent", "delivered", "read", "failed")


def make_outbound(db: Session, state: str = DeliveryState.SENT, wamid: str | None = None) -> OutboundMessage:
    contact = make_contact(db)
    with transaction(db):
        outbound = enqueue(db, contact.id, "1001", TEXT)
        outbound.state, outbound.wamid = state, wamid
    return outbound


def make_reply(db: Session, outbound: OutboundMessage) -> SupportMessage:
    ticket = make_ticket(db)
    return make_message(db, ticket, outbound_id=outbound.id)


def told(db: Session) -> list[tuple[str, int | None, int | None]]:
    db.expire_all()
    return [(row.kind, row.ticket_id, row.message_id) for row in db.scalars(select(DeskEvent))]


def expected_state(words: Iterable[str]) -> str:
    seen = set(words)
    return next(word for word in ("read", "delivered", "failed", "sent") if word in seen)


@pytest.mark.promise("P13")
@pytest.mark.parametrize("start", [DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.SENT])
def test_the_order_of_statuses_does_not_matter(start: DeliveryState) -> None:
    orderings = [words for length in range(1, 6) for words in product(WORDS, repeat=length)]
    assert len(orderings) == 1364
    for words in orderings:
        outbound = OutboundMessage(state=start)
        for minute, word in enumerate(words):
            climb(outbound, STATUSES[word], NOON + timedelta(minutes=minute))
        assert outbound.state == expected_state(words), words
        for word in ("sent", "delivered", "read"):
            first = NOON + timedelta(minutes=words.index(word)) if word in words else None
            assert getattr(outbound, f"{word}_at") == first, words


def test_the_same_status_again_changes_nothing() -> None:
    for word in WORDS:
        outbound = OutboundMessage(state=DeliveryState.SENT)
        climb(outbound, STATUSES[word], NOON)
        assert not climb(outbound, STATUSES[word], NOON + timedelta(hours=1))


def test_evidence_takes_an_error_and_a_due_retry_away() -> None:
    outbound = OutboundMessage(
        state=DeliveryState.UNKNOWN, error_code=131000, error_detail="words", next_attempt_at=NOON
    )
    climb(outbound, DeliveryState.DELIVERED, NOON)
    assert (outbound.error_code, outbound.error_detail, outbound.next_attempt_at) == (None, None, None)


def test_enqueue_is_durable_when_it_returns_and_wakes_the_outbox(db: Session) -> None:
    woken: list[int] = []
    deaf = bus.listen(OUTBOX, lambda: woken.append(1))
    contact = make_contact(db)
    outbound = enqueue(db, contact.id, "1001", TEXT)
    deaf()
    assert woken == [1]
    with SessionLocal() as other:
        row = other.get_one(OutboundMessage, outbound.id)
    assert (row.state, row.payload, row.contact_id, row.attempts) == ("queued", TEXT, contact.id, 0)
    assert row.callback_id != enqueue(db, contact.id, "1001", TEXT).callback_id


def test_enqueue_joins_the_callers_act_and_wakes_once_after_it(db: Session) -> None:
    woken: list[int] = []
    deaf = bus.listen(OUTBOX, lambda: woken.append(1))
    contact = make_contact(db)
    with transaction(db):
        rows = [enqueue(db, contact.id, "1001", TEXT) for _ in range(3)]
        assert not woken
    deaf()
    assert woken == [1]
    assert [row.id for row in rows] == sorted(row.id for row in rows)


def test_an_act_that_fails_sends_nothing(db: Session) -> None:
    contact = make_contact(db)

    def fail() -> None:
        with transaction(db):
            enqueue(db, contact.id, "1001", TEXT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert db.scalars(select(OutboundMessage)).all() == []


def test_a_status_tells_the_desk(db: Session) -> None:
    outbound = make_outbound(db)
    message = make_reply(db, outbound)
    assert apply_status(db, outbound, "delivered", NOON)
    assert told(db) == [("message.updated", message.ticket_id, message.id)]
    assert not apply_status(db, outbound, "delivered", NOON)
    assert len(told(db)) == 1


def test_a_status_of_what_is_in_no_ticket_tells_nobody(db: Session) -> None:
    outbound = make_outbound(db)
    make_message(db, make_ticket(db), ticket_id=None, outbound_id=outbound.id)
    assert apply_status(db, outbound, "read", NOON)
    assert told(db) == []


def test_a_voice_note_that_was_played_was_read(db: Session) -> None:
    outbound = make_outbound(db)
    apply_status(db, outbound, "played", NOON)
    assert (outbound.state, outbound.read_at) == ("read", NOON)


def test_a_word_that_whatsapp_may_add_changes_nothing(db: Session) -> None:
    outbound = make_outbound(db)
    assert not apply_status(db, outbound, "warning", NOON)
    assert outbound.state == "sent"


def test_a_failure_is_told_in_plain_words(db: Session) -> None:
    outbound = make_outbound(db)
    apply_status(db, outbound, "failed", NOON, 131026, "Message Undeliverable.")
    assert (outbound.state, outbound.error_code) == ("failed", 131026)
    assert "may not be on WhatsApp" in str(outbound.error_detail)


def test_a_failure_after_the_delivery_is_none(db: Session) -> None:
    outbound = make_outbound(db, DeliveryState.DELIVERED)
    assert not apply_status(db, outbound, "failed", NOON, 131026, "Message Undeliverable.")
    assert (outbound.state, outbound.error_code) == ("delivered", None)


def test_a_status_with_our_callback_id_settles_what_was_unknown(db: Session) -> None:
    outbound = make_outbound(db, DeliveryState.UNKNOWN)
    message = make_reply(db, outbound)
    [found] = find_for_statuses(db, [("wamid.Late", outbound.callback_id)])
    assert found is not None
    apply_status(db, found, "sent", NOON, wamid="wamid.Late")
    db.expire_all()
    assert (outbound.state, outbound.wamid, outbound.sent_at) == ("sent", "wamid.Late", NOON)
    assert message.wamid == "wamid.Late"


def test_statuses_find_their_rows_together(db: Session) -> None:
    by_wamid, by_callback, other = (
        make_outbound(db, wamid="wamid.A"),
        make_outbound(db, DeliveryState.SENDING),
        make_outbound(db, wamid="wamid.B"),
    )
    asked = [
        ("wamid.A", None),
        ("wamid.New", by_callback.callback_id),
        ("wamid.a", None),
        ("wamid.B", "a callback id of somebody else"),
        ("wamid.A", None),
    ]
    assert find_for_statuses(db, asked) == [by_wamid, by_callback, None, other, by_wamid]
    assert find_for_statuses(db, []) == []
