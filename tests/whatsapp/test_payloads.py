import json
from typing import Any

import pytest
from hypothesis import example as given_example
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.webhooks import body_of, message, messages_body, status, statuses_body
from tests.whatsapp.examples import EXAMPLES, example, example_json
from tests.whatsapp.mutations import mutated_bodies
from whatsapp.payloads import (
    ECHO,
    MESSAGE,
    NOTED_FIELDS,
    STANDBY_ECHO,
    STANDBY_MESSAGE,
    STANDBY_STATUS,
    STATUS,
    UNREADABLE,
    items,
)

MESSAGES = [f"{number:02}" for number in (1, *range(3, 30), *range(31, 43), 51)]
STATUSES = [str(number) for number in range(43, 51)]
NOTED = {
    "30": "messages",
    "53": "group_participants_update",
    "58": "messaging_handovers",
    "59": "account_update",
    "60": "account_update",
    "61": "account_update",
    "62": "account_update",
    "63": "account_alerts",
    "64": "message_template_status_update",
    "65": "message_template_status_update",
    "66": "message_template_quality_update",
    "67": "template_category_update",
    "68": "phone_number_quality_update",
    "69": "business_capability_update",
    "70": "user_preferences",
    "71": "business_username_updates",
    "72": "security",
}
KINDS = {
    **{number: [MESSAGE] for number in MESSAGES},
    **{number: [STATUS] for number in STATUSES},
    **{number: [kind] for number, kind in NOTED.items()},
    "02": [MESSAGE, MESSAGE, STATUS],
    "52": [STATUS, STATUS],
    "54": [ECHO],
    "55": [STANDBY_MESSAGE],
    "56": [STANDBY_ECHO],
    "57": [STANDBY_STATUS],
}


def test_every_example_is_accounted_for() -> None:
    assert len(EXAMPLES) == 72
    assert sorted(KINDS) == [f"{number:02}" for number in range(1, 73)]


@pytest.mark.parametrize(("number", "kinds"), KINDS.items())
def test_an_example_gives_its_items(number: str, kinds: list[str]) -> None:
    found = items(example(number))
    assert [item.kind for item in found] == kinds
    assert [item.problem for item in found] == [None] * len(kinds)
    assert len({item.key for item in found}) == len(found)


def test_a_batch_keeps_its_order_and_puts_a_customer_in_one_lane() -> None:
    first, second, delivered = items(example("02"))
    texts = [json.loads(each.payload)["message"]["text"]["body"] for each in (first, second)]
    assert texts == ["first line", "second line, same second"]
    assert first.lane == second.lane != delivered.lane


def test_entries_and_changes_keep_their_order() -> None:
    bodies = [json.loads(messages_body(message(str(number)))) for number in range(4)]
    entries = [body["entry"][0] for body in bodies]
    entries[0]["changes"] += entries.pop(1)["changes"]
    found = items(json.dumps({"entry": entries}).encode())
    assert [json.loads(each.payload)["message"]["text"]["body"] for each in found] == ["0", "1", "2", "3"]


def test_what_meta_repeats_has_the_same_key() -> None:
    for name, body in EXAMPLES.items():
        respelt = json.dumps(json.loads(body), sort_keys=True, indent=1).encode()
        assert [each.key for each in items(body)] == [each.key for each in items(respelt)], name


def keys_of(*bodies: bytes) -> set[str]:
    return {each.key for body in bodies for each in items(body)}


def test_what_differs_has_different_keys() -> None:
    every = [each.key for body in EXAMPLES.values() for each in items(body)]
    assert len(every) == len(set(every)) + 1  # 43 and 44 are the same status in two versions of Graph
    assert keys_of(example("43")) == keys_of(example("44"))


def test_ids_are_told_apart_by_case_and_by_the_business_number() -> None:
    body = messages_body(message(id="wamid.A"))
    assert len(keys_of(body, messages_body(message(id="wamid.a")))) == 2
    other = messages_body(message(id="wamid.A"), metadata={"phone_number_id": "1"})
    assert len(keys_of(body, other)) == 2


def test_each_state_of_a_message_and_each_person_of_a_group_counts() -> None:
    words = [statuses_body(status("wamid.A", word)) for word in ("sent", "delivered", "read")]
    assert len(keys_of(*words, *words)) == 3
    group = example_json("52")
    [first, second] = group["entry"][0]["changes"][0]["value"]["statuses"]
    assert len(keys_of(statuses_body(first), statuses_body(second))) == 2


def test_the_contact_is_found_by_user_id_or_number_and_not_by_position() -> None:
    contacts = [
        {"profile": {"name": "Bola"}, "wa_id": "2348030000002", "user_id": "NG.2"},
        {"profile": {"name": "Ada"}, "wa_id": "2348030000001", "user_id": "NG.1"},
        {"profile": {"name": "Chi"}, "wa_id": "2348030000003"},
    ]
    written = [
        message(**{"from": "2348030000001", "from_user_id": "NG.1"}),
        message(**{"from": None, "from_user_id": "NG.2"}),
        message(**{"from": "2348030000003", "from_user_id": "NG.3"}),
        message(**{"from": "2348030000004"}),
        message(**{"from": None}),
    ]
    found = items(messages_body(*written, contacts=contacts))
    names = [json.loads(each.payload)["contact"].get("profile", {}).get("name") for each in found]
    assert names == ["Ada", "Bola", "Chi", None, None]


def test_the_only_contact_is_that_of_a_message_without_a_sender() -> None:
    contact = {"profile": {"name": "Ada"}, "user_id": "NG.1"}
    [found] = items(messages_body(message(**{"from": None}), contacts=[contact]))
    assert json.loads(found.payload)["contact"] == contact


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"{}",
        b'{"entry": null}',
        b'{"entry": []}',
        b"{",
        b"\xff\xfe",
        b'{"entry": "\xff"}',
        b'{"entry": NaN}',
        b'{"entry": -Infinity}',
        b'{"entry": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_an_unreadable_body_is_one_item_that_says_why(body: bytes) -> None:
    [found] = items(body)
    assert found.kind == UNREADABLE
    assert found.problem
    assert found.payload == body.decode(errors="backslashreplace")


@pytest.mark.parametrize("depth", [*range(880, 1010, 5), 2000, 20_000])
def test_no_depth_is_too_deep(depth: int) -> None:
    """Also not one that can be read, and then not be written again."""
    nested = b"[" * depth + b"]" * depth
    for body in (
        b'{"entry": [{"changes": [{"field": "messages", "value": {"messages": [' + nested + b"]}}]}]}",
        b'{"entry": [{"changes": [{"field": "flows", "value": {"a": ' + nested + b"}}]}]}",
        b'{"entry": ' + nested + b"}",
    ):
        assert len(items(body)) == 1


@pytest.mark.parametrize(
    "entry",
    [
        None,
        7,
        {},
        {"changes": None},
        {"changes": [None]},
        {"changes": [{"field": "messages"}]},
        {"changes": [{"field": "messages", "value": []}]},
        {"changes": [{"field": "messages", "value": {"messages": ["text"]}}]},
        {"changes": [{"field": "messages", "value": {"messages": {"id": 7}}}]},
        {"changes": [{"field": "messages", "value": {"messages": [{"id": ""}]}}]},
        {"changes": [{"field": "messages", "value": {"statuses": [{"id": "wamid.A"}]}}]},
        {"changes": [{"field": "messages", "value": {"statuses": [{"status": "sent"}]}}]},
    ],
    ids=str,
)
def test_a_malformed_part_is_kept_with_the_reason_and_harms_no_other(entry: Any) -> None:
    sound = json.loads(messages_body(message()))["entry"][0]
    found = items(json.dumps({"entry": [sound, entry, sound]}).encode())
    assert [each.kind for each in found] == [MESSAGE, "malformed", MESSAGE]
    assert found[1].problem


@pytest.mark.parametrize("field", ["a_field_of_the_future", None, 7, "x" * 300, "\ud800", "a\x00b"])
def test_an_unknown_kind_of_event_is_kept_with_the_reason(field: Any) -> None:
    [found] = items(body_of({"any": "thing"}, field=field))
    assert found.kind == "unknown"
    assert found.problem
    assert found.problem.isprintable()
    assert found.problem.startswith("Unknown kind of event")


def test_each_documented_field_is_known() -> None:
    for field in NOTED_FIELDS:
        [found] = items(body_of({"any": "thing"}, field=field))
        assert (found.kind, found.problem) == (field, None)


@settings(max_examples=400, deadline=None)
@given(mutated_bodies())
@given_example(b'{"entry": [{"changes": [{"field": "\\ud800", "value": {}}]}]}')
def test_whatever_is_signed_gives_items_that_a_database_takes(body: bytes) -> None:
    found = items(body)
    assert found
    assert items(body) == found
    for each in found:
        assert each.payload.isascii() or each.kind == UNREADABLE
        (each.kind + (each.problem or "") + each.payload).encode()
        assert len(each.kind) <= 40
        assert (each.kind in {UNREADABLE, "malformed", "unknown"}) == (each.problem is not None)


@settings(max_examples=200)
@given(st.binary())
def test_bytes_of_any_kind_give_an_item(body: bytes) -> None:
    assert items(body)
