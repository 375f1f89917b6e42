from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from config.database import database_now, transaction
from models import Admin, OutboundMessage
from models.outbound_message import DeliveryState
from services import desk_setting_service, reply_content
from services.desk_setting_service import SettingsChange
from services.line_merging import HOLD, LONGEST_LINE, YOUNGEST
from services.outbound_message_service import enqueue
from services.retry_service import retry
from tests.desk import stored
from tests.factories import make_admin, make_message
from tests.services.sending import make_open_ticket, outbox, reply
from tests.together import together


@pytest.fixture(autouse=True)
def _merging(db: Session) -> None:
    desk_setting_service.change(db, SettingsChange(merge_lines=True))


@pytest.fixture
def admin(db: Session) -> Admin:
    return make_admin(db)


def bodies() -> list[str]:
    return [each.payload["text"]["body"] for each in outbox()]


def test_lines_that_follow_each_other_leave_as_one_message(db: Session, admin: Admin) -> None:
    ticket = make_open_ticket(db)
    for line in ("Hello", "I looked", "It is on its way"):
        reply(db, ticket, reply_content.text(line), admin)
    assert bodies() == ["Hello\nI looked\nIt is on its way"]
    [sent] = outbox()
    assert sent.next_attempt_at is not None
    assert timedelta(0) < sent.next_attempt_at - database_now(db) <= HOLD
    rows = stored(ticket.id).messages
    assert [row.message for row in rows] == ["Hello", "I looked", "It is on its way"]
    assert {row.outbound_id for row in rows} == {sent.id}


def test_by_default_every_line_is_a_message(db: Session, admin: Admin) -> None:
    desk_setting_service.change(db, SettingsChange(merge_lines=False))
    ticket = make_open_ticket(db)
    for line in ("Hello", "I looked"):
        reply(db, ticket, reply_content.text(line), admin)
    assert bodies() == ["Hello", "I looked"]
    assert {each.next_attempt_at for each in outbox()} == {None}


def test_what_is_more_than_a_short_line_stands_alone(db: Session, admin: Admin) -> None:
    ticket = make_open_ticket(db)
    said = make_message(db, ticket, wamid="wamid.Said")
    link = reply_content.text("https://nordlicht.example", preview_url=True)
    reply(db, ticket, reply_content.text("a" * LONGEST_LINE), admin)
    reply(db, ticket, reply_content.text("b" * (LONGEST_LINE + 1)), admin)
    reply(db, ticket, reply_content.text("c"), admin)
    reply(db, ticket, reply_content.text("d"), admin, reply_to_id=said.id)
    reply(db, ticket, reply_content.text("e"), admin)
    reply(db, ticket, link, admin)
    reply(db, ticket, reply_content.text("f"), admin)
    reply(db, ticket, reply_content.text("g"), make_admin(db))
    assert [body[0] for body in bodies()] == list("abcdehfg")


def test_a_line_joins_only_the_customers_last_message(db: Session, admin: Admin) -> None:
    ticket, other = make_open_ticket(db), make_open_ticket(db)
    reply(db, ticket, reply_content.text("one"), admin)
    reply(db, other, reply_content.text("theirs"), admin)
    reply(db, ticket, reply_content.text("two"), admin)
    with transaction(db):
        enqueue(db, ticket.contact_id, ticket.phone_number_id, {"type": "text", "text": {"body": "bot"}})
    reply(db, ticket, reply_content.text("three"), admin)
    assert bodies() == ["one\ntwo", "theirs", "bot", "three"]


@pytest.mark.parametrize(
    "change",
    [
        {"state": DeliveryState.SENDING},
        {"state": DeliveryState.SENT},
        {"state": DeliveryState.FAILED},
        {"attempts": 1},
        {"next_attempt_at": None},
    ],
)
def test_a_message_that_is_on_its_way_takes_no_more(
    db: Session, admin: Admin, change: dict[str, object]
) -> None:
    ticket = make_open_ticket(db)
    reply(db, ticket, reply_content.text("one"), admin)
    with transaction(db):
        row = db.get_one(OutboundMessage, outbox()[0].id)
        for name, value in change.items():
            setattr(row, name, value)
    reply(db, ticket, reply_content.text("two"), admin)
    assert bodies() == ["one", "two"]


def test_an_old_message_takes_no_more(db: Session, admin: Admin) -> None:
    ticket = make_open_ticket(db)
    reply(db, ticket, reply_content.text("one"), admin)
    with transaction(db):
        row = db.get_one(OutboundMessage, outbox()[0].id)
        row.created_at -= YOUNGEST + timedelta(milliseconds=1)
    reply(db, ticket, reply_content.text("two"), admin)
    assert bodies() == ["one", "two"]


def test_a_message_never_grows_beyond_whatsapps_limit(db: Session, admin: Admin) -> None:
    ticket = make_open_ticket(db)
    for _ in range(25):
        reply(db, ticket, reply_content.text("x" * LONGEST_LINE), admin)
    assert [len(body) for body in bodies()] == [20 * 201 - 1, 5 * 201 - 1]


def test_lines_typed_at_the_same_moment_all_leave_once(db: Session, admin: Admin) -> None:
    ticket = make_open_ticket(db)
    together(8, lambda other, number: reply(other, ticket, reply_content.text(f"line {number}"), admin).id)
    lines = [line for body in bodies() for line in body.split("\n")]
    assert sorted(lines) == [f"line {number}" for number in range(8)]
    assert [row.message for row in stored(ticket.id).messages] == lines


def test_lines_that_failed_together_go_together_again(db: Session, admin: Admin) -> None:
    ticket = make_open_ticket(db)
    for line in ("one", "two"):
        reply(db, ticket, reply_content.text(line), admin)
    with transaction(db):
        db.get_one(OutboundMessage, outbox()[0].id).state = DeliveryState.FAILED
    retry(db, ticket.id, stored(ticket.id).messages[1].id)
    assert bodies() == ["one\ntwo"] * 2
    assert {row.outbound_id for row in stored(ticket.id).messages} == {outbox()[1].id}
