"""Whatever Meta signs goes through the inbox and ends there."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction
from models import AccountEvent, Contact, InboundEvent, SupportMessage
from models.inbound_event import InboundState
from services.inbound_event_service import MESSAGES, STATUSES
from tests.webhooks import deliver, message, messages_body, settle, work_off_all
from tests.whatsapp.examples import EXAMPLES
from tests.whatsapp.mutations import mutated_bodies
from whatsapp.incoming import CHANGES
from whatsapp.payloads import UNREADABLE, items
from whatsapp.values import clean_text


def states(db: Session) -> list[tuple[str, str | None]]:
    return [(state, error) for state, error in db.execute(select(InboundEvent.state, InboundEvent.error))]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_ends_as_done(db: Session, name: str) -> None:
    deliver(db, EXAMPLES[name])
    settle(db)
    assert {state for state, _ in states(db)} == {InboundState.DONE}


def test_all_examples_at_once_and_again(db: Session) -> None:
    expected = {each.key for body in EXAMPLES.values() for each in items(body)}
    for _ in range(2):
        deliver(db, *EXAMPLES.values(), *EXAMPLES.values())
        settle(db)
        assert len(states(db)) == len(expected)
        wamids = list(db.scalars(select(SupportMessage.wamid).where(SupportMessage.wamid.is_not(None))))
        assert len(wamids) == len(set(wamids)) == 43


def unaccounted(db: Session) -> list[str]:
    """What is done and has left no trace: no row, no change to one, no event of the account."""
    rows = set(db.scalars(select(SupportMessage.wamid)))
    news = set(db.scalars(select(AccountEvent.inbound_event_id)))
    lost = []
    for event in db.scalars(select(InboundEvent).where(InboundEvent.state == InboundState.DONE)):
        if event.kind in MESSAGES:
            message = json.loads(event.payload)["message"]
            if clean_text(message["id"]) not in rows and message.get("type") not in CHANGES:
                lost.append(event.payload)
        elif event.kind not in STATUSES and event.kind != UNREADABLE and event.id not in news:
            lost.append(event.payload)
    return lost


@pytest.mark.promise("P3")
@settings(max_examples=60, deadline=None)
@given(st.lists(mutated_bodies(), min_size=1, max_size=8))
def test_every_item_ends_and_none_has_to_be_tried_in_vain(bodies: list[bytes]) -> None:
    """Done, or quarantined with a reason of our own: an exception would be tried five times."""
    with SessionLocal() as db:
        with transaction(db):
            db.execute(delete(InboundEvent))
            db.execute(delete(AccountEvent))
        deliver(db, *bodies)
        stored = len(states(db))
        assert stored == len({each.key for body in bodies for each in items(body)})
        settle(db)
        found = states(db)
        assert unaccounted(db) == []
    assert len(found) == stored
    assert {state for state, _ in found} <= {InboundState.DONE, InboundState.QUARANTINED}
    assert [error for state, error in found if state == InboundState.QUARANTINED and not error] == []
    assert [error for _, error in found if error and "Error" in error and "JSON" not in error] == []


@pytest.mark.promise("P31")
def test_the_longest_things_that_may_be_said_are_kept_whole(db: Session) -> None:
    words = "💥" * 65_536
    contact = {"user_id": "NG.1", "profile": {"name": "N" * 300, "username": "u" * 300}}
    written = message(words, **{"from": None, "from_user_id": "NG.1"}, context={"id": "w" * 255})
    deliver(db, messages_body(written, contacts=[contact]))
    assert work_off_all(db) == 1
    row = db.scalars(select(SupportMessage).where(SupportMessage.wamid == written["id"])).one()
    assert row.message == words
    assert row.sender_name == "N" * 255


def test_a_user_name_as_long_as_can_be_is_a_name(db: Session) -> None:
    contact = {"user_id": "NG.1", "profile": {"username": "u" * 300}}
    deliver(db, messages_body(message(**{"from": None, "from_user_id": "NG.1"}), contacts=[contact]))
    assert work_off_all(db) == 1
    assert states(db) == [(InboundState.DONE, None)]
    assert db.scalars(select(Contact.username)).one() == "u" * 255
    assert db.scalars(select(SupportMessage.sender_name)).first() == "@" + "u" * 254
