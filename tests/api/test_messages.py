"""Answering through the doors: every kind of message, all the way to the phone."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import transaction
from models import Conversation, GraphTask, OutboundMessage
from models.outbound_message import DeliveryState
from tests.api.test_support import TICKETS, refusal
from tests.pretend_meta import wait_until
from tests.running_desk import RunningDesk, outbox_states
from tests.services.sending import make_template

LOCATION = {"location": {"latitude": 6.5, "longitude": 3.25, "name": "Shop"}}
CONTACTS = {"contacts": [{"name": "Ada Obi", "phone": "0803 555 0142"}]}
BUTTONS = {
    "message": "Well?",
    "interactive": {"type": "button", "footer": "Nordlicht", "buttons": [{"id": "y", "title": "Yes"}]},
}
LIST = {
    "message": "Topic?",
    "interactive": {
        "type": "list",
        "button": "Choose",
        "sections": [{"rows": [{"id": "1", "title": "One", "description": "First"}]}],
    },
}
HELLO = {"template": {"name": "hello_world", "language": "en_US"}}


@pytest.fixture
def ticket(desk: RunningDesk) -> str:
    """The path of the ticket of a customer who has just written."""
    desk.meta.write("Chat Support")
    wait_until(lambda: desk.data("GET", TICKETS)["total"] == 1, "the ticket")
    wait_until(lambda: set(outbox_states()) == {"delivered"}, "the bot's answer")
    return f"{TICKETS}/{desk.data('GET', TICKETS)['tickets'][0]['id']}"


def last(desk: RunningDesk, ticket: str) -> Any:
    return desk.data("GET", ticket)["messages"][-1]


def sent(desk: RunningDesk) -> dict[str, Any]:
    """The newest body that came to WhatsApp, without what every body has."""
    common = {"messaging_product", "recipient_type", "to", "biz_opaque_callback_data"}
    return {name: value for name, value in desk.meta.requests()[-1]["body"].items() if name not in common}


def close_window(db: Session) -> None:
    with transaction(db):
        long_ago = datetime.now(UTC) - timedelta(hours=25)
        db.execute(update(Conversation).values(last_customer_message_at=long_ago))


def look_again(db: Session) -> Session:
    """See what others have committed since."""
    db.rollback()
    db.expire_all()
    return db


def sync_templates(desk: RunningDesk) -> None:
    """Ask for the templates of the pretend account, and wait until they are there."""
    path = "/api/support/templates"
    assert desk.data("POST", f"{path}/sync", json={}) is None
    wait_until(lambda: desk.data("GET", path)["templates"], "the first list of templates")


@pytest.mark.parametrize("body", [LOCATION, CONTACTS, BUTTONS, LIST], ids="-".join)
def test_every_kind_comes_to_the_phone(desk: RunningDesk, ticket: str, body: dict[str, Any]) -> None:
    before = len(desk.meta.requests())
    quoted = desk.data("GET", ticket)["messages"][0]
    made = desk.data("POST", f"{ticket}/messages", json=body | {"reply_to_id": quoted["id"]})
    assert (made["kind"], made["reply_to_id"]) == (next(iter(set(body) - {"message"})), quoted["id"])
    wait_until(lambda: last(desk, ticket)["delivery"]["state"] == "delivered", "two ticks")
    wait_until(lambda: len(desk.meta.requests()) > before, "the request")
    wire = sent(desk)
    assert set(wire) == {"type", wire["type"], "context"}
    assert wire["type"] == made["kind"]


def test_what_makes_no_message_is_refused(desk: RunningDesk, ticket: str) -> None:
    path = f"{ticket}/messages"
    none: dict[str, Any] = {}
    for body in (
        none,
        {"client_id": str(uuid.uuid4())},
        LOCATION | CONTACTS,
        {"message": "x"} | LOCATION,
        {"message": "x"} | HELLO,
        {"location": {"latitude": "NaN", "longitude": 0}},
        {"interactive": {"type": "cta_url"}},
        {"interactive": {"type": "list", "button": "x"}},
        {"template": {"name": "x"}},
        {"media_id": 0},
        {"reply_to_id": -1, "message": "x"},
    ):
        assert refusal(desk, "POST", path, 400, json=body) == "malformed_request"
    for body, status, code in (
        ({"location": {"latitude": 91, "longitude": 0}}, 400, "out_of_range"),
        ({"contacts": []}, 400, "part_missing"),
        ({"contacts": [{"name": "Ada", "phone": "none"}]}, 400, "invalid_phone_number"),
        ({"message": "x", "interactive": {"type": "button", "buttons": []}}, 400, "part_missing"),
        (BUTTONS | {"message": "x" * 1025}, 400, "part_too_long"),
        ({"media_id": 999}, 404, "media_not_found"),
        ({"template": {"name": "hello", "language": "en_US"}}, 404, "template_not_found"),
        ({"message": "x", "reply_to_id": 999_999}, 409, "cannot_quote"),
    ):
        assert refusal(desk, "POST", path, status, json=body) == code
    for sender in ("user", "bot"):
        for body in (LOCATION, BUTTONS, {"message": "x", "reply_to_id": 1}):
            assert refusal(desk, "POST", f"{path}?sender_type={sender}", 400, json=body) == "only_words"


def test_outside_the_window_only_templates_go(desk: RunningDesk, db: Session, ticket: str) -> None:
    sync_templates(desk)
    close_window(db)
    for body in ({"message": "Hello"}, LOCATION, BUTTONS):
        assert refusal(desk, "POST", f"{ticket}/messages", 409, json=body) == "window_closed"
    row = desk.data("POST", f"{ticket}/messages", json=HELLO)
    assert (row["kind"], row["message"]) == ("template", "Hello! This is a test message from the business.")
    wait_until(lambda: desk.meta.requests()[-1]["body"]["type"] == "template", "the template")
    assert sent(desk)["template"] == {"name": "hello_world", "language": {"code": "en_US"}}


def test_sending_again_shows_both_attempts(desk: RunningDesk, db: Session, ticket: str) -> None:
    desk.meta.misbehave(sends={"error_code": 131026, "times": 1})
    message = desk.data("POST", f"{ticket}/messages", json={"message": "Hello"})
    wait_until(lambda: last(desk, ticket)["delivery"]["state"] == "failed", "the refusal")
    path = f"{ticket}/messages/{message['id']}/retry"
    desk.meta.misbehave()
    again = desk.data("POST", path, json={})
    assert [each["state"] for each in again["earlier_attempts"]] == ["failed"]
    wait_until(lambda: last(desk, ticket)["delivery"]["state"] == "delivered", "two ticks")
    assert last(desk, ticket)["earlier_attempts"][0]["error"]["code"] == 131026
    assert refusal(desk, "POST", path, 409, json={}) == "nothing_to_retry"
    assert refusal(desk, "POST", f"{ticket}/messages/999999/retry", 404, json={}) == "message_not_found"


def test_not_sending_again_is_kept(desk: RunningDesk, ticket: str) -> None:
    desk.meta.misbehave(sends={"http_status": 500, "times": 1})
    message = desk.data("POST", f"{ticket}/messages", json={"message": "Hello"})
    wait_until(lambda: last(desk, ticket)["delivery"]["state"] == "unknown", "that nobody knows")
    path = f"{ticket}/messages/{message['id']}"
    decided = [desk.data("POST", f"{path}/dismiss", json={}) for _ in range(2)]
    assert decided[0]["delivery"]["dismissed_at"]
    assert last(desk, ticket) == decided[0] == decided[1]
    assert refusal(desk, "POST", f"{path}/retry", 409, json={}) == "nothing_to_retry"
    said = desk.data("GET", ticket)["messages"][0]
    assert (
        refusal(desk, "POST", f"{ticket}/messages/{said['id']}/dismiss", 409, json={}) == "nothing_to_dismiss"
    )


def test_a_reaction_comes_to_the_phone_and_shows(desk: RunningDesk, ticket: str) -> None:
    said = desk.data("GET", ticket)["messages"][0]
    path = f"{ticket}/messages/{said['id']}/reaction"
    for emoji in ("👍", ""):
        shown = desk.data("PUT", path, json={"emoji": emoji})
        assert [each["emoji"] for each in shown["reactions"]] == [emoji] * bool(emoji)
        wait_until(lambda emoji=emoji: sent(desk).get("reaction", {}).get("emoji") == emoji, "it")  # type: ignore[misc]
    assert refusal(desk, "PUT", path, 400, json={"emoji": "ok"}) == "not_allowed"
    assert refusal(desk, "PUT", path, 400, json={"emoji": "x" * 65}) == "malformed_request"
    assert [row["kind"] for row in desk.data("GET", ticket)["messages"]].count("reaction") == 0


def test_reading_and_typing_are_shown_to_the_customer(desk: RunningDesk, db: Session, ticket: str) -> None:
    desk.data("POST", f"{ticket}/read", json={})
    assert desk.data("POST", f"{ticket}/typing", json={}) is None
    wait_until(lambda: desk.meta.messages()[0]["status"] == "read", "the blue ticks")
    wait_until(lambda: not look_again(db).scalars(select(GraphTask.id)).all(), "the calls")
    assert refusal(desk, "POST", f"{TICKETS}/999999/typing", 404, json={}) == "ticket_not_found"


def test_settings_are_changed_by_parts(desk: RunningDesk) -> None:
    path = "/api/support/settings"
    assert desk.data("GET", path) == {
        "read_marks": True,
        "merge_lines": False,
        "currency": "NGN",
        "rates": [],
    }
    rates = [{"category": "utility", "type": "regular", "rate": 10.5}]
    changed = desk.data("PATCH", path, json={"rates": rates, "merge_lines": True})
    assert (changed["rates"], changed["merge_lines"], changed["read_marks"]) == (rates, True, True)
    assert desk.data("PATCH", path, json={"read_marks": False}) == changed | {"read_marks": False}
    for body, code in (
        ({"currency": "naira"}, "wrong_setting"),
        ({"rates": rates * 2}, "wrong_setting"),
        ({"rates": [rates[0] | {"rate": -1}]}, "wrong_setting"),
        ({"rates": [rates[0] | {"rate": "x"}]}, "malformed_request"),
        ({"rates": {}}, "malformed_request"),
        ({"read_marks": "perhaps"}, "malformed_request"),
        ({"theme": "dark"}, "malformed_request"),
    ):
        assert refusal(desk, "PATCH", path, 400, json=body) == code
    assert desk.data("GET", path) == changed | {"read_marks": False}


def test_templates_are_listed_with_their_variables(desk: RunningDesk, db: Session) -> None:
    sync_templates(desk)
    make_template(db, name="a_parcel_delay", quality="GREEN")
    make_template(db, name="a_promo", status="REJECTED", reason="TAG_CONTENT", components=[])
    listed = desk.data("GET", "/api/support/templates")["templates"]
    delay = next(each for each in listed if each["name"] == "a_parcel_delay")
    assert delay["variables"] == [{"key": "body.order", "example": "", "optional": False}]
    assert (delay["status"], delay["quality"], delay["synced_at"][-1]) == ("APPROVED", "GREEN", "Z")
    rejected = desk.data("GET", "/api/support/templates?status=REJECTED")["templates"]
    assert "a_promo" in [each["name"] for each in rejected]
    assert "a_parcel_delay" not in [each["name"] for each in rejected]


def test_a_message_that_may_have_gone_is_settled_by_its_status(
    desk: RunningDesk, db: Session, ticket: str
) -> None:
    desk.meta.misbehave(sends={"drop_answer": True, "times": 1})
    desk.data("POST", f"{ticket}/messages", json={"message": "Hello"})
    wait_until(lambda: last(desk, ticket)["delivery"]["state"] == "delivered", "its status")
    assert db.scalars(select(OutboundMessage.state)).all()[-1] == DeliveryState.DELIVERED
