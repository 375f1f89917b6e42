"""What each item of a webhook is called, whom it concerns, and what it keeps, to the letter.

The keys and lanes of what is stored already are compared with those of what comes: they must not change.
"""

import hashlib
import json
from typing import Any

import pytest

from tests.webhooks import body_of
from whatsapp.payloads import MOST_ITEMS, Item, items

NUMBER = {"metadata": {"phone_number_id": "1"}}
ADA = {"wa_id": "234801", "user_id": "NG.1", "profile": {"name": "Ada"}}


def found(value: dict[str, Any], field: str = "messages") -> list[Item]:
    return items(body_of(NUMBER | value, field=field))


def kept(item: Item) -> Any:
    return json.loads(item.payload)


def digest(payload: Any) -> str:
    return hashlib.sha256(json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


CALL = {
    "id": "wacid.A",
    "from": "234801",
    "event": "connect",
    "direction": "USER_INITIATED",
    "timestamp": "5",
}


def test_a_call_that_comes_in_is_a_message() -> None:
    [item] = found({"contacts": [ADA, "none"], "calls": [CALL]}, "calls")
    assert (item.kind, item.key, item.lane) == ("message", "message:1:wacid.A", "1:234801")
    assert item.problem is None
    assert kept(item) == {"number": "1", "contact": ADA, "message": CALL | {"type": "call"}}


@pytest.mark.parametrize(
    "other",
    [CALL | {"event": "terminate"}, CALL | {"direction": "BUSINESS_INITIATED"}, CALL | {"id": None}, "odd"],
    ids=str,
)
def test_what_becomes_of_a_call_is_noted_as_it_came(other: Any) -> None:
    value = {"contacts": [ADA], "calls": [other]}
    [item] = found(value, "calls")
    assert (item.kind, item.problem, kept(item)["value"]) == ("calls", None, NUMBER | value)
    both = found({"calls": [other, CALL]}, "calls")
    assert [each.kind for each in both] == ["message", "calls"]
    assert kept(both[1])["value"] == NUMBER | {"calls": [other]}


def test_what_comes_with_a_call_is_noted() -> None:
    [item, noted] = found({"calls": [CALL], "statuses": [{"id": "wacid.A", "status": "RINGING"}]}, "calls")
    assert (item.kind, noted.kind) == ("message", "calls")
    assert kept(noted)["value"] == NUMBER | {"statuses": [{"id": "wacid.A", "status": "RINGING"}]}


ECHO = {"id": "wamid.E", "from": "234700", "to": "234801", "type": "text", "text": {"body": "Hello"}}


@pytest.mark.parametrize(
    ("more", "lane", "contact"),
    [
        ({}, "1:234801", ADA),
        ({"to_user_id": "NG.1"}, "1:NG.1", ADA),
        ({"recipient": "NG.1"}, "1:NG.1", ADA),
        ({"to": None, "recipient": "NG.1"}, "1:NG.1", ADA),
        ({"to": "234809", "to_user_id": "NG.9", "recipient": "NG.1"}, "1:NG.9", {}),
        ({"to": "234801", "to_user_id": "NG.9"}, "1:NG.9", ADA),
        ({"to": None}, "1:", ADA),
        ({"message": {"to": "234802"}}, "1:234802", {}),
        ({"message": {"to": None, "to_user_id": "NG.7"}}, "1:NG.7", {}),
    ],
    ids=str,
)
def test_an_echo_concerns_whom_it_went_to(more: dict[str, Any], lane: str, contact: dict[str, Any]) -> None:
    [item] = found({"contacts": [ADA, 7], "message_echoes": [ECHO | more]}, "smb_message_echoes")
    assert (item.kind, item.key, item.lane) == ("echo", "echo:1:wamid.E", lane)
    assert kept(item) == {"number": "1", "contact": contact, "message": ECHO | more}


@pytest.mark.parametrize("field", ["messages", "smb_message_echoes", "message_echoes"])
def test_messages_echoes_and_statuses_may_come_together(field: str) -> None:
    value = {
        "messages": [{"id": "wamid.M", "from": "234801"}],
        "message_echoes": [ECHO],
        "statuses": [{"id": "wamid.S", "status": "read"}],
    }
    assert [item.kind for item in found(value, field)] == ["message", "echo", "status"]


@pytest.mark.parametrize("name", ["messages", "message_echoes", "statuses"])
@pytest.mark.parametrize("more", [{}, {"a_field_of_the_future": 1}])
def test_what_another_program_answers_is_told_apart(name: str, more: dict[str, Any]) -> None:
    said = {"messaging_product": "whatsapp", "contacts": [ADA], name: [ECHO | {"status": "sent"}]} | more
    found_ = found({"standby": said}, "standby")
    kinds = {"messages": "standby_message", "message_echoes": "standby_echo", "statuses": "standby_status"}
    assert [item.kind for item in found_] == [kinds[name]] + ["standby"] * len(more)
    if name != "statuses":
        assert kept(found_[0])["contact"] == (ADA if name == "message_echoes" else {})
    if more:
        left = {"messaging_product": "whatsapp", "contacts": [ADA]} | more
        assert kept(found_[1])["value"] == NUMBER | {"standby": left}


@pytest.mark.parametrize(
    ("message", "lane"),
    [
        ({"from": "234801"}, "1:234801"),
        ({"from": "234801", "from_user_id": "NG.1"}, "1:NG.1"),
        ({"from": "234801", "from_user_id": "NG.1", "system": {"wa_id": "234802"}}, "1:234802"),
        ({"from": "234801", "system": {"wa_id": "234802", "user_id": "NG.2"}}, "1:NG.2"),
        ({"from": 7, "system": []}, "1:"),
    ],
    ids=str,
)
def test_a_message_concerns_its_sender_by_their_newest_id(message: dict[str, Any], lane: str) -> None:
    [item] = found({"messages": [{"id": "wamid.A"} | message]})
    assert (item.key, item.lane) == ("message:1:wamid.A", lane)


def test_the_errors_beside_messages_belong_to_each_of_them() -> None:
    messages = [{"id": "wamid.A"}, {"id": "wamid.B"}]
    errors = [{"code": 131051}]
    both = found({"messages": messages, "errors": errors})
    assert [kept(item).get("errors") for item in both] == [errors, errors]
    assert "errors" not in kept(found({"messages": messages, "errors": "odd"})[0])
    [noted] = found({"errors": errors})
    assert (noted.kind, kept(noted)["value"]) == ("messages", NUMBER | {"errors": errors})


@pytest.mark.parametrize(
    "name", ["recipient_participant_user_id", "recipient_participant_id", "participant_recipient_id"]
)
def test_a_status_is_one_of_a_message_a_state_and_a_person(name: str) -> None:
    status = {"id": "wamid.A", "status": "read"}
    [alone, of_a_group] = found({"statuses": [status, status | {name: "NG.1"}]})
    assert (alone.key, alone.lane) == ("status:1:wamid.A:read:", "status:wamid.A")
    assert (of_a_group.key, of_a_group.lane) == ("status:1:wamid.A:read:NG.1", "status:wamid.A")
    assert kept(alone) == {"number": "1", "status": status}


@pytest.mark.parametrize(
    ("value", "problem", "payload"),
    [
        ({"messages": ["odd"]}, "A message without an id.", {"number": "1", "message": "odd"}),
        ({"messages": [{"id": 7}]}, "A message without an id.", {"number": "1", "message": {"id": 7}}),
        ({"message_echoes": ["odd"]}, "An echo without an id.", {"number": "1", "echo": "odd"}),
        ({"message_echoes": [{"id": ""}]}, "An echo without an id.", {"number": "1", "echo": {"id": ""}}),
        ({"statuses": ["odd"]}, "A status without an id or a state.", {"number": "1", "status": "odd"}),
        (
            {"statuses": [{"id": "wamid.A"}]},
            "A status without an id or a state.",
            {"number": "1", "status": {"id": "wamid.A"}},
        ),
        (
            {"statuses": [{"status": "read"}]},
            "A status without an id or a state.",
            {"number": "1", "status": {"status": "read"}},
        ),
    ],
    ids=str,
)
def test_a_malformed_item_says_what_it_lacks(value: dict[str, Any], problem: str, payload: Any) -> None:
    [item] = found(value)
    assert (item.kind, item.problem, kept(item)) == ("malformed", problem, payload)
    assert item.lane == digest(payload)
    assert item.key == f"malformed:{item.lane}"


def test_items_without_a_number_have_an_empty_one() -> None:
    for value in ({}, {"metadata": "odd"}, {"metadata": {"phone_number_id": 7}}):
        [message, echo, status] = items(
            body_of(
                value
                | {
                    "messages": [{"id": "wamid.A"}],
                    "message_echoes": [{"id": "wamid.E"}],
                    "statuses": [{"id": "wamid.S", "status": "read"}],
                }
            )
        )
        assert [message.key, echo.key] == ["message::wamid.A", "echo::wamid.E"]
        assert status.key == "status::wamid.S:read:"
    [call] = items(body_of({"calls": [CALL]}, field="calls"))
    assert call.key == "message::wacid.A"


def test_news_of_the_account_keep_their_order_and_their_envelope() -> None:
    [item] = found({"event": "PHONE_NUMBER_ADDED"}, "account_alerts")
    assert (item.kind, item.key) == ("account_alerts", f"account_alerts:{digest(kept(item))}")
    assert item.lane == "account:204815937760412"
    assert kept(item) == {
        "id": "204815937760412",
        "time": None,
        "field": "account_alerts",
        "value": NUMBER | {"event": "PHONE_NUMBER_ADDED"},
    }


def test_a_body_that_cannot_be_read_is_kept_byte_by_byte() -> None:
    body = b"\xffnot JSON"
    [item] = items(body)
    assert item.key == item.lane == f"unreadable:{hashlib.sha256(body).hexdigest()}"
    assert item.payload == "\\xffnot JSON"


def test_what_is_malformed_is_kept_and_what_follows_it_read() -> None:
    sound = {"field": "messages", "value": {"messages": [{"id": "wamid.A"}]}}
    odd = {"field": "messages", "value": 7}
    found_ = items(json.dumps({"entry": [7, {"changes": [odd, sound]}, {"changes": sound}]}).encode())
    assert [kept(item) for item in found_[:2]] == [7, odd]
    assert [item.kind for item in found_] == ["malformed", "malformed", "message", "message"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"[]", "The body is not a JSON object."),
        (b"{", "The body is not JSON: JSONDecodeError."),
        (b'{"entry": NaN}', "The body is not JSON: ValueError."),
        (b'{"entry": ' + b"[" * 100_000, "The body is nested too deep."),
        (b"{}", "The body holds no event."),
        (b'{"entry": [{"changes": null}]}', "An entry without changes."),
        (b'{"entry": [{"changes": [7]}]}', "A change without a value."),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_a_body_says_what_it_lacks(body: bytes, problem: str) -> None:
    assert [item.problem for item in items(body)] == [problem]


def test_the_name_of_an_unknown_event_is_cut_and_printable() -> None:
    [item] = found({"any": "thing"}, "x" * 41)
    assert (item.kind, item.problem) == ("unknown", f"Unknown kind of event: '{'x' * 40}'.")


def test_a_body_holds_so_many_events_and_not_one_more() -> None:
    def body(count: int) -> bytes:
        return body_of({"statuses": [{"id": str(n), "status": "read"} for n in range(count)]})

    assert len(items(body(MOST_ITEMS))) == MOST_ITEMS
    [item] = items(body(MOST_ITEMS + 1))
    assert (item.kind, item.problem) == ("unreadable", "The body holds more than 10000 events.")


def test_what_is_kept_is_written_in_one_way() -> None:
    [item] = found({"messages": [{"id": "wamid.A", "b": "\ud800é", "a": [1, 2]}]})
    written = '"message":{"a":[1,2],"b":"\\ud800\\u00e9","id":"wamid.A"}'
    assert item.payload == f'{{"contact":{{}},{written},"number":"1"}}'
