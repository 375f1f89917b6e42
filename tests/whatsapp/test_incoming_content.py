"""Odd contents of every kind, and what others sent in the business's name."""

import json
from typing import Any

import pytest

from tests.webhooks import body_of, message, messages_body, tap
from tests.whatsapp.reading import parsed
from whatsapp.incoming import IncomingMessage
from whatsapp.incoming_changes import Revoke
from whatsapp.incoming_content import LONGEST_MIME_TYPE, READERS, Content, MediaReference
from whatsapp.payloads import items

ODD_OBJECTS: list[Any] = [
    None, "", 7, [], {}, [None], {"id": None}, {"id": {}}, {"id": "x" * 256}
]  # fmt: skip
ON_THE_PHONE = "cannot be shown. Look at it on the phone."


def content(**fields: Any) -> Content:
    return parsed(messages_body(message(None) | fields)).content


@pytest.mark.parametrize("kind", ["reaction", "edit", "revoke"])
@pytest.mark.parametrize("odd", [None, "", 7, [], {"message_id": ""}, {"original_message_id": "w" * 256}])
def test_a_change_of_nothing_is_a_row(kind: str, odd: Any) -> None:
    found = parsed(messages_body(message(None, type=kind, **{kind: odd})))
    assert found.change is None
    assert found.content.kind == "other"
    assert found.content.text


def test_an_edit_that_cannot_be_read_says_so() -> None:
    edit = {"original_message_id": "wamid.A", "message": {"type": "location", "location": {}}}
    assert content(type="edit", edit=edit).text.startswith("Changed a message, but the new words cannot")
    unsupported = content(type="unsupported", unsupported={"type": "edit"})
    assert unsupported.text == f"This kind of message (edit) {ON_THE_PHONE}"


@pytest.mark.parametrize(
    ("kind", "odd"),
    [(kind, odd) for kind in READERS if kind not in ("call", "request_welcome") for odd in ODD_OBJECTS],
    ids=str,
)
def test_a_content_that_is_none_is_a_row_that_says_so(kind: str, odd: Any) -> None:
    found = content(type=kind, **{kind: odd})
    assert found.text or found.kind in ("sticker", "contacts")
    assert found.media is None


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        (
            {"type": "image", "image": {"caption": "Torn"}},
            "other",
            "A photo came, but WhatsApp does not say where it is. Torn",
        ),
        ({"type": "audio", "audio": {"voice": True, "id": "1"}}, "voice", ""),
        ({"type": "audio", "audio": {"voice": "true", "id": "1"}}, "audio", ""),
        ({"type": "location", "location": {"latitude": "52.5", "longitude": 13}}, "location", "52.5, 13"),
        (
            {"type": "location", "location": {"latitude": 91, "longitude": 13, "name": "Shop"}},
            "other",
            "A place came without its position: Shop",
        ),
        (
            {"type": "location", "location": {"latitude": True, "longitude": 1}},
            "other",
            "A message of the kind location came without its content.",
        ),
        (
            {"type": "contacts", "contacts": [{"name": {"first_name": "Ada", "last_name": "Obi"}}]},
            "contacts",
            "Ada Obi",
        ),
        (
            {"type": "order", "order": {"product_items": [{"product_retailer_id": "A", "quantity": 3}]}},
            "order",
            "3 x A",
        ),
        (
            {"type": "order", "order": {"text": 7, "product_items": None, "catalog_id": "1"}},
            "order",
            "An order",
        ),
        ({"type": "button", "button": {"payload": "YES"}}, "interactive", "YES"),
        (
            {
                "type": "interactive",
                "interactive": {"type": "button_reply", "list_reply": {"id": "a", "title": "A"}},
            },
            "interactive",
            "A",
        ),
        (
            {"type": "interactive", "interactive": {"nfm_reply": {"response_json": "[1]"}}},
            "interactive",
            "Form",
        ),
        (
            {"type": "interactive", "interactive": {"nfm_reply": {"response_json": "{", "body": "Sent"}}},
            "interactive",
            "Form: response_json: {",
        ),
        (
            {"type": "interactive", "interactive": {"nfm_reply": {"response_json": '{"a": NaN}'}}},
            "interactive",
            "Form: a: None",
        ),
        (
            {"type": "interactive", "interactive": {"call_permission_reply": {"response": "reject"}}},
            "interactive",
            "The customer does not allow calls.",
        ),
        ({"type": 7}, "other", f"This kind of message {ON_THE_PHONE}"),
        ({"type": "x" * 90}, "other", f"This kind of message ({'x' * 40}) {ON_THE_PHONE}"),
        (
            {"type": "unsupported", "errors": [{"code": 131052, "title": "Media download error"}]},
            "other",
            "The customer sent a file that WhatsApp could not pass on. Ask them to send it again.",
        ),
    ],
    ids=str,
)
def test_an_odd_shape(fields: dict[str, Any], kind: str, text: str) -> None:
    found = content(**fields)
    assert (found.kind, found.text) == (kind, text)


def test_a_form_of_any_depth_can_be_stored() -> None:
    deep: Any = "end"
    for _ in range(200):
        deep = {"a": [deep]}
    answer = json.dumps({"deep": deep, "many": list(range(5000)), "x" * 500: "\x00", "huge": 2**70})
    found = content(type="interactive", interactive={"nfm_reply": {"name": "flow", "response_json": answer}})
    stored = json.dumps(found.payload, allow_nan=False)
    assert max(stored.count("{"), stored.count("[")) < 30
    assert "\\u0000" not in stored
    assert len(found.payload["reply"]["values"]["many"]) == 200


def test_a_tap_gives_its_id_and_its_words() -> None:
    found = parsed(messages_body(tap("reopen:7"))).content
    assert (found.choice, found.text, found.payload) == ("reopen:7", "A row", {"choice": "reopen:7"})


def test_a_call_is_something_that_the_customer_did() -> None:
    call = {"id": "wacid.A", "from": "2348031234567", "event": "connect", "timestamp": "1795000000"}
    found = parsed(body_of({"calls": [call]}, field="calls"))
    assert (found.content.kind, found.speaks) == ("other", True)
    assert "called" in found.content.text
    for others in ({"event": "terminate"}, {"direction": "BUSINESS_INITIATED"}):
        [noted] = items(body_of({"calls": [call | others]}, field="calls"))
        assert noted.kind == "calls"


def echo(**fields: Any) -> IncomingMessage:
    sent = {"from": "1", "to": "2348031234567", "id": "wamid.E", "timestamp": "1795000000"} | fields
    return parsed(body_of({"message_echoes": [sent]}, field="smb_message_echoes"))


def test_no_type_of_a_file_is_longer_than_its_column() -> None:
    image = {"id": "77", "mime_type": "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}" * 100}
    found = content(type="image", image=image).media
    assert found is not None
    assert 0 < len(found.mime_type) <= LONGEST_MIME_TYPE


def test_an_echo_is_to_its_customer_whatever_its_kind() -> None:
    image = {"id": "77", "mime_type": "image/png", "caption": "Look"}
    found = echo(type="image", image=image)
    assert found.person.phone_number == "2348031234567"
    assert found.content.media == MediaReference("77", "image/png", None, None)
    assert echo(type="text", text={"body": "Hi"}, to=None, to_user_id="NG.1").person.user_id == "NG.1"
    revoke = echo(type="revoke", revoke={"original_message_id": "wamid.A"})
    assert revoke.change == Revoke("wamid.A")
    menu = {"type": "button", "body": {"text": "Which?"}}
    shown = echo(type="interactive", interactive=menu).content
    assert (shown.kind, shown.text, shown.payload) == ("interactive", "Which?", {"interactive": menu})


def test_an_echo_on_standby_is_the_request_as_it_was_sent() -> None:
    request = {
        "recipient": "NG.1",
        "type": "template",
        "template": {"name": "parcel_delay", "language": {"code": "en_US"}, "components": []},
    }
    value = {
        "standby": {"message_echoes": [{"id": "wamid.E", "timestamp": "1795000000", "message": request}]}
    }
    found = parsed(body_of(value, field="standby"))
    assert (found.person.user_id, found.content.kind) == ("NG.1", "template")
    assert found.content.payload["template"] == {
        "name": "parcel_delay",
        "language": "en_US",
        "components": [],
    }


OWN_CARD = {"phones": [{"phone": "+234 803 123 4567", "wa_id": "2348031234567"}]}


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"contacts": [OWN_CARD | {"origin": "contact_request"}]}, "2348031234567"),
        ({"contacts": [OWN_CARD], "origin": "contact_request"}, "2348031234567"),
        ({"contacts": [OWN_CARD | {"origin": "other"}]}, None),
        ({"contacts": [OWN_CARD]}, None),
        ({"contacts": [OWN_CARD | {"origin": "contact_request"}, OWN_CARD]}, None),
        ({"contacts": [OWN_CARD | {"origin": "contact_request"}], "from": "2348030000009"}, "2348030000009"),
    ],
)
def test_only_a_card_that_was_asked_for_gives_its_sender_a_number(
    fields: dict[str, Any], number: str | None
) -> None:
    written = message(None, type="contacts", **{"from": None, "from_user_id": "NG.1"} | fields)
    assert parsed(messages_body(written)).person.phone_number == number


def test_as_many_cards_as_whatsapp_lets_one_send_are_all_kept() -> None:
    cards = [
        {"name": {"formatted_name": f"Friend {n}"}, "phones": [{"phone": f"+23480{n}"}]} for n in range(257)
    ]
    found = parsed(messages_body(message(None, type="contacts", contacts=cards)))
    assert [card["name"] for card in found.content.payload["contacts"]] == [f"Friend {n}" for n in range(257)]
    assert found.content.text.endswith("Friend 256")
