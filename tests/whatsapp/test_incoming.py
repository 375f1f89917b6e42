import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.webhooks import message, messages_body, status, statuses_body
from tests.whatsapp.examples import example
from tests.whatsapp.mutations import mutated_bodies
from tests.whatsapp.reading import RECEIVED, parsed
from whatsapp.incoming import (
    IncomingMessage,
    IncomingStatus,
    NotUnderstood,
    parse_echo,
    parse_message,
    parse_status,
)
from whatsapp.payloads import ECHO, MESSAGE, STANDBY_ECHO, STANDBY_MESSAGE, STANDBY_STATUS, STATUS, items
from whatsapp.values import clean_text

REENGAGEMENT = (
    "Message failed to send because more than 24 hours have passed since the customer last replied "
    "to this number."
)
STATUSES = {
    "43": ("sent", "outbox:7f3c", None, None),
    "44": ("sent", "outbox:7f3c", None, None),
    "45": ("delivered", "outbox:7f3c", None, None),
    "46": ("read", "outbox:7f3c", None, None),
    "47": ("played", None, None, None),
    "48": ("failed", "outbox:7f40", 131047, REENGAGEMENT),
    "49": ("failed", None, 131026, "Message Undeliverable."),
    "50": ("delivered", None, None, None),
}


def parsed_status(body: bytes) -> IncomingStatus:
    [found] = items(body)
    assert found.kind == STATUS
    return parse_status(json.loads(found.payload), RECEIVED)


@pytest.mark.parametrize("number", STATUSES)
def test_an_example_reports(number: str) -> None:
    found = parsed_status(example(number))
    assert (found.status, found.callback_id, found.error_code, found.error_detail) == STATUSES[number]
    assert found.wamid.startswith("wamid.")
    assert found.occurred_at < RECEIVED


@pytest.mark.parametrize(
    ("number", "person"),
    [
        ("01", ("4915550203344", "DE.70418825539916044127", None, "Mira Okafor", None)),
        ("12", ("4915550203344", "DE.70418825539916044127", None, "Mira Okafor", "mira.okafor")),
        ("23", ("4915550203344", "DE.70418825539916044127", None, "", None)),
        ("24", (None, "DE.70418825539916044127", None, "", None)),
        ("40", (None, "DE.70418825539916044127", None, "Mira Okafor", "mira.okafor")),
        (
            "41",
            (
                "4915550203344",
                "DE.70418825539916044127",
                "DE.ENT.55120938874401276633",
                "Mira Okafor",
                "mira.okafor",
            ),
        ),
        ("42", ("4915550203344", None, None, "Mira Okafor", None)),
    ],
)
def test_an_example_names_its_sender(number: str, person: tuple[str | None, ...]) -> None:
    found = parsed(example(number)).person
    assert (found.phone_number, found.user_id, found.parent_user_id, found.name, found.username) == person


def test_a_group_is_heard_and_not_answered() -> None:
    found = parsed(example("51"))
    assert (found.in_group, found.speaks, found.content.text) == (True, False, "Can we move the delivery?")
    assert found.content.payload == {"group": "Y2FwaV9ncm91cDpJTlZFTlRFRDAwMDE"}


def person_of(sender: dict[str, Any], contact: dict[str, Any] | None = None) -> tuple[str | None, ...]:
    found = parsed(messages_body(message(**{"from": None} | sender), contacts=[contact or {}])).person
    return found.phone_number, found.user_id, found.parent_user_id


@pytest.mark.parametrize(
    ("sender", "contact", "person"),
    [
        ({"from": "+234 803 123 4567"}, {}, ("2348031234567", None, None)),
        ({}, {"wa_id": "2348031234567"}, ("2348031234567", None, None)),
        ({"from": "NG.abc123"}, {}, (None, "NG.abc123", None)),
        ({}, {"wa_id": "NG.ENT.abc123"}, (None, "NG.ENT.abc123", None)),
        ({"from": "2348031234567", "from_user_id": "ng.abc"}, {}, ("2348031234567", None, None)),
        ({"from": "2348031234567", "from_user_id": "NG.abc\n"}, {}, ("2348031234567", None, None)),
        ({"from": "1" * 16, "from_user_id": "NG.abc"}, {}, (None, "NG.abc", None)),
        ({"from_parent_user_id": "NG.ENT.abc"}, {}, (None, None, "NG.ENT.abc")),
        ({"from": 2348031234567, "from_user_id": "NG.abc"}, {}, (None, "NG.abc", None)),
    ],
    ids=str,
)
def test_a_sender_is_read_from_whatever_names_him(
    sender: dict[str, Any], contact: dict[str, Any], person: tuple[str | None, ...]
) -> None:
    assert person_of(sender, contact) == person


@pytest.mark.parametrize("sender", [{}, {"from": ""}, {"from": "1234"}, {"from": "1" * 16}, {"from": "Ada"}])
def test_a_message_of_nobody_is_not_understood(sender: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood, match="names no sender"):
        person_of(sender)


@pytest.mark.parametrize(
    "timestamp",
    [
        None, "", "soon", "17950000001234", "9" * 400, -1, 0, True, 1e308, 2**70, [], {}, "NaN",
        str(int((RECEIVED + timedelta(minutes=11)).timestamp())),
        str(int(datetime(2008, 12, 31, tzinfo=UTC).timestamp())),
    ],
)  # fmt: skip
def test_an_absurd_time_gives_way_to_ours(timestamp: Any) -> None:
    assert parsed(messages_body(message() | {"timestamp": timestamp})).occurred_at == RECEIVED
    assert parsed_status(statuses_body(status("wamid.A", timestamp=timestamp))).occurred_at == RECEIVED


def test_a_clock_that_is_a_little_ahead_is_believed() -> None:
    ahead = RECEIVED + timedelta(minutes=9)
    found = parsed(messages_body(message(timestamp=str(int(ahead.timestamp())))))
    assert found.occurred_at == ahead


@pytest.mark.parametrize(("length", "quoted"), [(1, True), (255, True), (256, False), (0, False)], ids=str)
def test_a_quoted_id_that_is_none_is_left_out(length: int, quoted: bool) -> None:
    found = parsed(messages_body(message(context={"id": "w" * length})))
    assert (found.quoted_wamid is not None) == quoted


def test_an_id_that_no_column_holds_is_not_understood() -> None:
    assert parsed(messages_body(message(id="w" * 255))).wamid == "w" * 255
    for body in (
        messages_body(message(id="w" * 256)),
        messages_body(message(), metadata={"phone_number_id": "1" * 65}),
    ):
        with pytest.raises(NotUnderstood, match="An id of"):
            parsed(body)
    with pytest.raises(NotUnderstood, match="An id of"):
        parsed_status(statuses_body(status("w" * 256)))


@pytest.mark.parametrize(
    ("errors", "code", "detail"),
    [
        ([{"code": 1, "title": "Title", "error_data": {"details": "Details"}}], 1, "Details"),
        ([{"code": 1, "title": "Title", "details": "Old details"}], 1, "Old details"),
        ([{"code": 1, "title": "Title"}], 1, "Title"),
        ([{"code": 1}, {"code": 2}], 1, None),
        ([{"code": "1"}], None, None),
        ([{"code": 2**31}], None, None),
        ([None], None, None),
        ([], None, None),
        ({"code": 1}, None, None),
        ("errors", None, None),
    ],
)
def test_an_error_is_read_from_old_and_new_shapes(errors: Any, code: int | None, detail: str | None) -> None:
    found = parsed_status(statuses_body(status("wamid.A", "failed", errors=errors)))
    assert (found.error_code, found.error_detail) == (code, detail)


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("\x00\ud800\udfff")))
def test_a_clean_text_is_as_long_and_can_be_stored(text: str) -> None:
    clean = clean_text(text)
    assert len(clean) == len(text)
    assert "\x00" not in clean
    clean.encode()
    assert clean_text(clean) == clean


@pytest.mark.parametrize("value", [None, 7, True, [], {}, b"bytes"])
def test_what_is_no_text_is_an_empty_one(value: Any) -> None:
    assert clean_text(value) == ""


def texts_in(found: IncomingMessage | IncomingStatus) -> list[str]:
    if isinstance(found, IncomingStatus):
        every = [found.wamid, found.callback_id, found.status, found.error_detail]
    else:
        person = found.person
        every = [
            found.wamid,
            found.phone_number_id,
            found.type,
            found.content.text,
            found.content.choice,
            found.quoted_wamid,
        ]
        every += [found.content.kind, json.dumps(found.content.payload, allow_nan=False)]
        every += [person.phone_number, person.user_id, person.parent_user_id, person.name, person.username]
    return [text for text in every if text is not None]


@settings(max_examples=400, deadline=None)
@given(mutated_bodies())
def test_whatever_is_read_can_be_stored_and_what_is_not_says_why(body: bytes) -> None:
    for found in items(body):
        try:
            if found.kind in (ECHO, STANDBY_ECHO):
                texts = texts_in(parse_echo(json.loads(found.payload), RECEIVED))
            elif found.kind in (MESSAGE, STANDBY_MESSAGE):
                texts = texts_in(parse_message(json.loads(found.payload), RECEIVED))
            elif found.kind in (STATUS, STANDBY_STATUS):
                texts = texts_in(parse_status(json.loads(found.payload), RECEIVED))
            else:
                continue
        except NotUnderstood as reason:
            texts = [str(reason)]
        assert "\x00" not in "".join(texts).encode().decode()  # a lone surrogate could not be encoded


def test_an_endless_reason_of_a_failure_is_cut() -> None:
    """MariaDB would refuse it, and the message would seem to be on its way for ever."""
    failed = status("wamid.1", "failed", errors=[{"code": 987654, "title": "t" * 100_000}])
    [item] = items(statuses_body(failed))
    assert parse_status(json.loads(item.payload), RECEIVED).error_detail == "t" * 1000
