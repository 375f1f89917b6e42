"""Canned replies and notes through the doors."""

import uuid

from tests.api.test_support import TICKETS, refusal
from tests.running_desk import RunningDesk, outbox_states

PATH = "/api/support/canned-replies"
HELLO = {"shortcut": "hello", "title": "Greeting", "text": "Hello {{contact.first_name}}"}


def test_a_canned_reply_from_its_making_to_its_end(desk: RunningDesk) -> None:
    made = desk.data("POST", PATH, json=HELLO)
    assert set(made) == {"id", "shortcut", "title", "text", "version", "updated_at"}
    listed = desk.data("GET", PATH)
    assert listed["canned_replies"] == [made]
    assert "contact.first_name" in listed["variables"]
    one = f"{PATH}/{made['id']}"
    changed = desk.data("PUT", one, json=HELLO | {"text": "Hi", "version": 1})
    assert (changed["text"], changed["version"]) == ("Hi", 2)
    assert refusal(desk, "PUT", one, 409, json=HELLO | {"version": 1}) == "canned_reply_changed"
    assert desk.data("DELETE", one) is None
    assert refusal(desk, "DELETE", one, 404) == "canned_reply_not_found"


def test_what_is_wrong_is_said_at_its_field(desk: RunningDesk) -> None:
    desk.data("POST", PATH, json=HELLO)
    for change, status, code, field in (
        ({"text": "Hello {{contact.surname}}", "shortcut": "a"}, 400, "unknown_variable", "text"),
        ({"text": "Hello {{contact.name", "shortcut": "a"}, 400, "wrong_canned_reply", "text"),
        ({"shortcut": "two words"}, 400, "wrong_canned_reply", "shortcut"),
        ({}, 409, "shortcut_taken", "shortcut"),
    ):
        response = desk.api.post(PATH, json=HELLO | change)
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert [each["field"] for each in response.json()["details"]] == [field]
    assert refusal(desk, "POST", PATH, 400, json=HELLO | {"id": 5}) == "malformed_request"


def test_a_note_is_in_the_thread_and_goes_nowhere(desk: RunningDesk) -> None:
    path = f"{TICKETS}/{desk.open_ticket()['id']}"
    note = {"message": "She called twice", "client_id": str(uuid.uuid4())}
    made = desk.data("POST", f"{path}/notes", json=note)
    assert (made["kind"], made["delivery"], made["client_id"]) == ("note", None, note["client_id"])
    assert desk.data("POST", f"{path}/notes", json=note)["id"] == made["id"]
    assert [row["id"] for row in desk.data("GET", path)["messages"]] == [made["id"]]
    assert outbox_states() == []
    assert desk.meta.requests() == []
    for change in ({"media_id": 1}, {"reply_to_id": 1}, {"last_seen_message_id": 1}):
        assert refusal(desk, "POST", f"{path}/notes", 400, json=note | change) == "malformed_request"


def test_a_long_thread_comes_in_parts(desk: RunningDesk) -> None:
    path = f"{TICKETS}/{desk.open_ticket()['id']}"
    ids = [desk.data("POST", f"{path}/notes", json={"message": f"{n}"})["id"] for n in range(5)]
    newest = desk.data("GET", path, params={"limit": 2})
    assert [row["id"] for row in newest["messages"]] == ids[3:]
    earlier = {"before": newest["earlier_cursor"], "limit": 2}
    part = desk.data("GET", f"{path}/messages", params=earlier)
    assert [row["id"] for row in part["messages"]] == ids[1:3]
    part = desk.data("GET", f"{path}/messages", params={"before": part["earlier_cursor"]})
    assert ([row["id"] for row in part["messages"]], part["earlier_cursor"]) == (ids[:1], None)
    assert refusal(desk, "GET", f"{path}/messages", 400, params={"before": "x"}) == "unknown_cursor"
