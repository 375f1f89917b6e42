"""News of the account: kept in words, newest of its subject, seen to or not."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models import AccountEvent, DeskEvent, InboundEvent, MessageTemplate
from services.account_event_service import (
    AccountEventNotFound,
    current,
    dismiss,
    stops_delivery,
)
from tests.webhooks import body_of, deliver, settle
from tests.whatsapp.examples import EXAMPLES, example
from whatsapp.payloads import NOTED_FIELDS, items

NOTED = sorted(name[:2] for name, body in EXAMPLES.items() if items(body)[0].kind in NOTED_FIELDS)
PAUSED = {
    "message_template_name": "parcel_delay_v2",
    "message_template_language": "en_US",
    "event": "PAUSED",
}
RESTRICTED = {"event": "ACCOUNT_RESTRICTION"}


def tell(db: Session, field: str, value: dict[str, Any]) -> None:
    deliver(db, body_of(value, field=field))
    settle(db)


def make_template(db: Session, **fields: Any) -> MessageTemplate:
    given = {"name": "parcel_delay_v2", "language": "en_US", "status": "PENDING", "components": []}
    template = MessageTemplate(**given | fields, synced_at=utc_now())
    with transaction(db):
        db.add(template)
    return template


def template_of(db: Session) -> MessageTemplate:
    return db.scalars(select(MessageTemplate).execution_options(populate_existing=True)).one()


@pytest.mark.parametrize("number", NOTED)
def test_each_example_is_kept_in_words_and_told(db: Session, number: str) -> None:
    deliver(db, example(number))
    settle(db)
    [event] = db.scalars(select(AccountEvent))
    inbound = db.scalars(select(InboundEvent)).one()
    assert (inbound.state, event.inbound_event_id) == ("done", inbound.id)
    assert event.field
    assert event.subject
    assert event.summary.endswith(".")
    assert db.scalars(select(DeskEvent.kind)).all() == ["account.updated"]


@pytest.mark.parametrize("field", sorted(NOTED_FIELDS))
@pytest.mark.parametrize("value", [{}, {"event": 7}, {"event": "SOMETHING_NEW", "x": [None]}], ids=str)
def test_whatever_comes_under_a_known_field_is_kept(db: Session, field: str, value: dict[str, Any]) -> None:
    tell(db, field, value)
    assert db.scalars(select(InboundEvent.state)).all() == ["done"]
    assert len(db.scalars(select(AccountEvent.summary)).all()) == 1


@pytest.mark.parametrize("by_id", [True, False])
def test_a_known_template_follows_what_is_told_of_it(db: Session, by_id: bool) -> None:
    make_template(db, **({"provider_template_id": "1550094421187203", "name": "other"} if by_id else {}))
    for number, expected in (
        ("64", ("APPROVED", None, "UTILITY")),
        ("66", ("APPROVED", "YELLOW", "UTILITY")),
        ("67", ("APPROVED", "YELLOW", "UTILITY")),
    ):
        deliver(db, example(number))
        settle(db)
        template = template_of(db)
        assert (template.status, template.quality, template.category) == expected


@pytest.mark.parametrize(
    ("event", "status"),
    [("PAUSED", "PAUSED"), ("REINSTATED", "APPROVED"), ("FLAGGED", "APPROVED"), (None, "APPROVED")],
)
def test_what_an_event_makes_of_a_template(db: Session, event: str | None, status: str) -> None:
    make_template(db, status="APPROVED")
    value = {"message_template_name": "parcel_delay_v2", "message_template_language": "en-US", "event": event}
    tell(db, "message_template_status_update", value | {"reason": "Too many complaints"})
    template = template_of(db)
    assert template.status == status
    assert template.reason == ("Too many complaints" if event else None)


def test_what_is_told_of_an_unknown_template_makes_none(db: Session) -> None:
    deliver(db, example("65"))
    settle(db)
    assert db.scalars(select(MessageTemplate)).all() == []


def test_what_stops_messages_is_said_until_it_is_over_or_seen_to(db: Session) -> None:
    assert not stops_delivery(db)
    tell(db, "account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}})
    assert stops_delivery(db)
    tell(db, "account_update", {"event": "PARTNER_ADDED"})
    assert stops_delivery(db)
    tell(db, "account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}})
    assert not stops_delivery(db)
    tell(db, "account_update", RESTRICTED)
    assert stops_delivery(db)
    [restriction] = [event for event in current(db) if "restricted" in event.summary]
    db.rollback()
    dismiss(db, restriction.id)
    assert not stops_delivery(db)
    assert restriction.id not in {event.id for event in current(db)}
    dismiss(db, restriction.id)
    tell(db, "account_update", RESTRICTED | {"again": 1})
    assert stops_delivery(db)


def test_the_newest_of_each_subject_is_shown_newest_first(db: Session) -> None:
    for number in ("64", "66", "68", "64", "69"):
        deliver(db, example(number))
    tell(db, "message_template_status_update", PAUSED)
    shown = [event.summary for event in current(db)]
    assert len(shown) == 4
    assert ["is paused" in summary for summary in shown] == [True, False, False, False]
    assert not any("is approved" in summary for summary in shown)


def test_what_happened_first_and_comes_last_does_not_take_the_place_of_what_followed(db: Session) -> None:
    for state, time in (("REINSTATE", 1795000200), ("DISABLE", 1795000100)):
        body = json.loads(example("62"))
        body["entry"][0]["time"] = time
        body["entry"][0]["changes"][0]["value"]["ban_info"]["waba_ban_state"] = state
        deliver(db, json.dumps(body).encode())
        settle(db)
    assert not stops_delivery(db)


def test_what_is_dismissed_does_not_bring_an_older_one_back(db: Session) -> None:
    tell(db, "account_update", RESTRICTED)
    tell(db, "account_update", RESTRICTED | {"again": 1})
    [event] = current(db)
    db.rollback()
    dismiss(db, event.id)
    assert current(db) == []


@pytest.mark.parametrize("event_id", [0, -1, 999_999, 2**31, 2**63])
def test_an_event_that_is_not_there_cannot_be_dismissed(db: Session, event_id: int) -> None:
    with pytest.raises(AccountEventNotFound):
        dismiss(db, event_id)


def test_errors_beside_statuses_are_news_too(db: Session) -> None:
    errors = [{"code": 131031, "title": "Account locked"}]
    tell(db, "messages", {"metadata": {"phone_number_id": "1001"}, "errors": errors, "statuses": []})
    [event] = current(db)
    assert (event.severity, event.subject) == ("critical", "1001 error 131031")
    assert stops_delivery(db)
