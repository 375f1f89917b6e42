"""Statuses: what they cost, whose they are, and words that are not known."""

import json
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from models import InboundEvent, OutboundMessage
from models.outbound_message import DeliveryState
from services.outbound_message_service import enqueue
from tests.factories import make_contact, make_message, make_ticket
from tests.webhooks import deliver, settle, status, statuses_body
from tests.whatsapp.examples import example_json

PRICING = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}
ESTIMATE = PRICING | {"billable": False}


def send(db: Session, wamid: str = "wamid.Ours") -> int:
    contact = make_contact(db)
    with transaction(db):
        outbound = enqueue(db, contact.id, "1001", {"type": "text", "text": {"body": "Hello"}})
        outbound.state, outbound.wamid = DeliveryState.SENT, wamid
    make_message(db, make_ticket(db, contact), outbound_id=outbound.id, wamid=wamid, sender_type="admin")
    return outbound.id


def outbound_of(db: Session, outbound_id: int) -> OutboundMessage:
    return db.get_one(OutboundMessage, outbound_id, populate_existing=True)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_price_of_the_delivery_counts_in_every_order(db: Session, order: tuple[int, ...]) -> None:
    sent = send(db)
    told = [
        status("wamid.Ours", "sent", pricing=ESTIMATE),
        status("wamid.Ours", "delivered", pricing=PRICING),
        status("wamid.Ours", "read"),
    ]
    for number in order:
        deliver(db, statuses_body(told[number]))
        settle(db)
    assert outbound_of(db, sent).pricing == PRICING
    assert outbound_of(db, sent).state == DeliveryState.READ


@pytest.mark.parametrize("pricing", [None, [], "free", 7, {}])
def test_an_odd_price_is_none(db: Session, pricing: Any) -> None:
    sent = send(db)
    deliver(db, statuses_body(status("wamid.Ours", pricing=pricing)))
    settle(db)
    assert outbound_of(db, sent).pricing is None
    assert outbound_of(db, sent).state == DeliveryState.DELIVERED


@pytest.mark.parametrize("word", ["warning", "deleted", "a word of the future", "x" * 300])
def test_an_unknown_word_changes_nothing(db: Session, word: str) -> None:
    sent = send(db)
    deliver(db, statuses_body(status("wamid.Ours", word), status("wamid.Ours", "played")))
    settle(db)
    assert outbound_of(db, sent).state == DeliveryState.READ
    assert set(db.scalars(select(InboundEvent.state))) == {"done"}


def test_a_status_of_a_group_moves_nobodys_ticks(db: Session) -> None:
    sent = send(db)
    body = example_json("52")
    for each in body["entry"][0]["changes"][0]["value"]["statuses"]:
        each["id"] = "wamid.Ours"
    deliver(db, json.dumps(body).encode())
    deliver(db, statuses_body(status("wamid.Ours", "read", participant_recipient_id="2348030000001")))
    settle(db)
    assert outbound_of(db, sent).state == DeliveryState.SENT
    assert set(db.scalars(select(InboundEvent.state))) == {"done"}


def test_a_failure_is_told_in_plain_words(db: Session) -> None:
    sent = send(db)
    errors = [{"code": 131047, "title": "Re-engagement message"}]
    deliver(db, statuses_body(status("wamid.Ours", "failed", errors=errors)))
    settle(db)
    row = outbound_of(db, sent)
    assert (row.state, row.error_code) == (DeliveryState.FAILED, 131047)
    assert "more than 24 hours" in str(row.error_detail)
