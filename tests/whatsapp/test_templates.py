import json
from typing import Any

import pytest

from whatsapp import outgoing
from whatsapp.templates import Variable, fill, parse, render, variables
from whatsapp.unsendable import PartTooLong, UnsupportedTemplate, WrongVariable

NAMED: list[dict[str, Any]] = [
    {
        "type": "BODY",
        "text": "Hello {{name}}, order {{order}} is late. Sorry, {{name}}!",
        "example": {
            "body_text_named_params": [
                {"param_name": "name", "example": "Mira"},
                {"param_name": "order", "example": "AB-1042"},
            ]
        },
    },
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "QUICK_REPLY", "text": "Send the label"},
            {
                "type": "URL",
                "text": "Track",
                "url": "https://nordlicht.example/t/{{1}}",
                "example": ["https://nordlicht.example/t/AB-1042"],
            },
            {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+493055510042"},
        ],
    },
]
POSITIONAL: list[dict[str, Any]] = [
    {"type": "HEADER", "format": "TEXT", "text": "News, {{1}}", "example": {"header_text": ["Mira"]}},
    {
        "type": "BODY",
        "text": "{{2}} before {{1}}",
        "example": {"body_text": [["first", "second"]]},
    },
    {"type": "FOOTER", "text": "Nordlicht"},
    {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "text": "Copy", "example": "CODE25"}]},
]
PLAIN: list[dict[str, Any]] = [{"type": "BODY", "text": "Hello!"}]


def test_the_wire_with_names_is_as_the_reference_has_it() -> None:
    values = {
        "body.name": "Mira",
        "body.order": "AB-1042",
        "button.0": "RETURN_LABEL_1042",
        "button.1": "AB-1042",
    }
    assert outgoing.template("parcel_delay_v2", "en_US", fill(NAMED, values)) == {
        "type": "template",
        "template": {
            "name": "parcel_delay_v2",
            "language": {"code": "en_US"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "parameter_name": "name", "text": "Mira"},
                        {"type": "text", "parameter_name": "order", "text": "AB-1042"},
                    ],
                },
                {
                    "type": "button",
                    "sub_type": "quick_reply",
                    "index": "0",
                    "parameters": [{"type": "payload", "payload": "RETURN_LABEL_1042"}],
                },
                {
                    "type": "button",
                    "sub_type": "url",
                    "index": "1",
                    "parameters": [{"type": "text", "text": "AB-1042"}],
                },
            ],
        },
    }


def test_the_wire_with_positions_has_no_names() -> None:
    values = {"header.1": "Mira", "body.1": "one", "body.2": "two", "button.0": "SAVE"}
    assert fill(POSITIONAL, values) == [
        {"type": "header", "parameters": [{"type": "text", "text": "Mira"}]},
        {"type": "body", "parameters": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]},
        {
            "type": "button",
            "sub_type": "copy_code",
            "index": "0",
            "parameters": [{"type": "coupon_code", "coupon_code": "SAVE"}],
        },
    ]
    assert render(POSITIONAL, values) == "News, Mira\ntwo before one\nNordlicht"


def test_what_has_no_variables_needs_no_components() -> None:
    assert fill(PLAIN, {}) == []
    assert render(PLAIN, {}) == "Hello!"


def test_every_variable_is_listed_with_its_example() -> None:
    assert variables(NAMED) == [
        Variable("body.name", "Mira"),
        Variable("body.order", "AB-1042"),
        Variable("button.0", "Send the label", is_optional=True),
        Variable("button.1", "AB-1042"),
    ]
    assert variables(POSITIONAL) == [
        Variable("header.1", "Mira"),
        Variable("body.2", "second"),
        Variable("body.1", "first"),
        Variable("button.0", "CODE25"),
    ]


def test_a_quick_reply_needs_no_value_and_everything_else_does() -> None:
    whole = {"body.name": "Mira", "body.order": "AB", "button.1": "AB"}
    assert [part["type"] for part in fill(NAMED, whole)] == ["body", "button"]
    for key in whole:
        for empty in ({}, {key: ""}, {key: "  "}):
            with pytest.raises(WrongVariable, match=f"{key} is empty"):
                fill(NAMED, {name: value for name, value in whole.items() if name != key} | empty)
    with pytest.raises(WrongVariable, match=r"no variable body\.colour"):
        fill(NAMED, whole | {"body.colour": "red"})


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\tb", "a     b"])
def test_a_value_keeps_to_one_line(value: str) -> None:
    with pytest.raises(WrongVariable, match="line break"):
        fill([{"type": "BODY", "text": "{{1}}"}], {"body.1": value})
    assert fill([{"type": "BODY", "text": "{{1}}"}], {"body.1": "a    b"})


@pytest.mark.parametrize(("kind", "longest"), [("HEADER", 60), ("BODY", 1024)])
def test_the_text_with_its_variables_has_a_limit(kind: str, longest: int) -> None:
    components = [{"type": kind, "text": "12345{{1}}"}]
    key = f"{kind.lower()}.1"
    fill(components, {key: "😀" * (longest - 5)})
    with pytest.raises(PartTooLong, match=f"{longest:,} are possible"):
        fill(components, {key: "😀" * (longest - 4)})


@pytest.mark.parametrize(
    "component",
    [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "HEADER", "format": "LOCATION"},
        {"type": "CAROUSEL", "cards": []},
        {"type": "LIMITED_TIME_OFFER"},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
    ],
)
def test_what_the_desk_cannot_fill_in_is_said(component: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedTemplate, match="cannot fill in"):
        fill([*PLAIN, component], {})


def test_a_listed_template() -> None:
    listed = parse(
        {
            "id": "1550094421187203",
            "name": "parcel_delay_v2",
            "language": "en-US",
            "status": "APPROVED",
            "category": "UTILITY",
            "quality_score": {"score": "GREEN", "date": 1795000000},
            "rejected_reason": "NONE",
            "components": [*PLAIN, "not an object"],
        }
    )
    assert listed is not None
    assert (listed.language, listed.quality, listed.reason) == ("en_US", "GREEN", None)
    assert listed.components == PLAIN


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "x",
        {},
        {"name": "a"},
        {"name": "a" * 256, "language": "en", "status": "APPROVED"},
        {"name": 1, "language": "en", "status": "A"},
    ],
)
def test_what_is_no_template_is_left_out(value: object) -> None:
    assert parse(value) is None


@pytest.mark.parametrize(
    "components",
    [
        [{}],
        [{"type": None, "text": 5}],
        [{"type": "BODY", "text": None, "example": []}],
        [{"type": "BODY", "text": "{{1}}", "example": {"body_text": [[None]]}}],
        [{"type": "BUTTONS", "buttons": None}, {"type": "BUTTONS", "buttons": [None, {}, {"type": "URL"}]}],
        [{"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://x/{{1}}", "example": {}}]}],
    ],
)
def test_odd_templates_can_be_listed(components: list[dict[str, Any]]) -> None:
    variables(components)
    render(components, {})


@pytest.mark.parametrize("odd", ['"cut in \\ud83d"', '"a NUL: \\u0000"', "1e400", "[" * 60 + "]" * 60])
def test_what_a_template_says_can_be_stored_and_told(odd: str) -> None:
    listed = json.loads(
        f'{{"id": {odd}, "name": "a", "language": "en", "status": "APPROVED", '
        f'"components": [{{"type": "BODY", "text": "Hello"}}, {{"type": "FOOTER", "text": {odd}}}]}}'
    )
    template = parse(listed)
    assert template is not None
    told = json.dumps(
        [template.components, template.provider_template_id], ensure_ascii=False, allow_nan=False
    )
    assert told.encode().count(b"[") < 32, "MariaDB takes no more levels"
    assert "\0" not in told
    assert render(template.components, {}).startswith("Hello")
