"""What leaves the desk, field by field as Meta's reference has it, and what is refused before it leaves."""

from typing import Any

import pytest

from whatsapp import outgoing
from whatsapp.unsendable import NotAllowed, NotDistinct, OutOfRange, PartMissing, PartTooLong, TooMany

YES_NO = [("resend", "Send again"), ("refund", "Refund")]
RETURNS = {"id": "topic:returns", "title": "Return an item", "description": "Label and drop-off"}


def menu(*rows: dict[str, str], title: str = "Orders") -> dict[str, Any]:
    return {"title": title, "rows": list(rows)}


def row(number: int, **fields: str) -> dict[str, str]:
    return {"id": f"row{number}", "title": f"Row {number}"} | fields


BODIES = [
    (
        outgoing.text("Your parcel is in Leipzig. https://nordlicht.example/t/AB-1042", preview_url=True),
        {
            "type": "text",
            "text": {
                "body": "Your parcel is in Leipzig. https://nordlicht.example/t/AB-1042",
                "preview_url": True,
            },
        },
    ),
    (
        outgoing.quoting(outgoing.text("Yes"), "wamid.HBgN"),
        {
            "type": "text",
            "text": {"body": "Yes", "preview_url": False},
            "context": {"message_id": "wamid.HBgN"},
        },
    ),
    (
        outgoing.media("image", 7, "Label"),
        {"type": "image", "image": {"media_file_id": 7, "caption": "Label"}},
    ),
    (
        outgoing.media("document", 7, "Print me", "label.pdf"),
        {
            "type": "document",
            "document": {"media_file_id": 7, "filename": "label.pdf", "caption": "Print me"},
        },
    ),
    (outgoing.media("voice", 7), {"type": "audio", "audio": {"media_file_id": 7, "voice": True}}),
    (outgoing.media("audio", 7), {"type": "audio", "audio": {"media_file_id": 7}}),
    (outgoing.media("video", 7, "…"), {"type": "video", "video": {"media_file_id": 7, "caption": "…"}}),
    (outgoing.media("sticker", 7), {"type": "sticker", "sticker": {"media_file_id": 7}}),
    (
        outgoing.location(52.52, 13.4, "Shop", "Lindenallee 7"),
        {
            "type": "location",
            "location": {"latitude": 52.52, "longitude": 13.4, "name": "Shop", "address": "Lindenallee 7"},
        },
    ),
    (
        outgoing.location(-90, 180),
        {"type": "location", "location": {"latitude": -90, "longitude": 180}},
    ),
    (
        outgoing.contacts([("Repair desk", "+493055510042")]),
        {
            "type": "contacts",
            "contacts": [
                {
                    "name": {"formatted_name": "Repair desk", "first_name": "Repair"},
                    "phones": [{"phone": "+493055510042", "type": "WORK"}],
                }
            ],
        },
    ),
    (
        outgoing.reaction("wamid.HBgN", "👍"),
        {"type": "reaction", "reaction": {"message_id": "wamid.HBgN", "emoji": "👍"}},
    ),
    (
        outgoing.reaction("wamid.HBgN", ""),
        {"type": "reaction", "reaction": {"message_id": "wamid.HBgN", "emoji": ""}},
    ),
    (
        outgoing.buttons("What shall we do?", YES_NO, "Parcel AB-1042", "Nordlicht"),
        {
            "type": "interactive",
            "interactive": {
                "type": "button",
                "header": {"type": "text", "text": "Parcel AB-1042"},
                "body": {"text": "What shall we do?"},
                "footer": {"text": "Nordlicht"},
                "action": {
                    "buttons": [
                        {"type": "reply", "reply": {"id": "resend", "title": "Send again"}},
                        {"type": "reply", "reply": {"id": "refund", "title": "Refund"}},
                    ]
                },
            },
        },
    ),
    (
        outgoing.list_menu("Topic?", "Choose", [menu(RETURNS)]),
        {
            "type": "interactive",
            "interactive": {
                "type": "list",
                "body": {"text": "Topic?"},
                "action": {"button": "Choose", "sections": [{"title": "Orders", "rows": [RETURNS]}]},
            },
        },
    ),
    (
        outgoing.list_menu("Topic?", "Choose", [menu(row(1, description=""), title="")]),
        {
            "type": "interactive",
            "interactive": {
                "type": "list",
                "body": {"text": "Topic?"},
                "action": {"button": "Choose", "sections": [{"rows": [{"id": "row1", "title": "Row 1"}]}]},
            },
        },
    ),
    (
        outgoing.template("hello_world", "en_US", []),
        {"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}},
    ),
]


@pytest.mark.parametrize(("made", "expected"), BODIES, ids=[str(body["type"]) for body, _ in BODIES])
def test_a_body_is_as_the_reference_has_it(made: dict[str, Any], expected: dict[str, Any]) -> None:
    assert made == expected
    assert list(made) == list(expected)


def buttons(body: str = "x", **fields: Any) -> None:
    outgoing.buttons(body, **{"choices": YES_NO} | fields)


def listing(body: str = "x", **fields: Any) -> None:
    outgoing.list_menu(body, **{"button": "Choose", "sections": [menu(row(1))]} | fields)


LIMITS = [
    ("text", 4096, outgoing.text),
    ("caption", 1024, lambda value: outgoing.media("image", 1, value)),
    ("button body", 1024, buttons),
    ("button header", 60, lambda value: buttons(header=value)),
    ("button footer", 60, lambda value: buttons(footer=value)),
    ("button id", 256, lambda value: buttons(choices=[(value, "x")])),
    ("button title", 20, lambda value: buttons(choices=[("x", value)])),
    ("list body", 4096, listing),
    ("list header", 60, lambda value: listing(header=value)),
    ("list footer", 60, lambda value: listing(footer=value)),
    ("list button", 20, lambda value: listing(button=value)),
    ("section title", 24, lambda value: listing(sections=[menu(row(1), title=value)])),
    ("row id", 200, lambda value: listing(sections=[menu(row(1, id=value))])),
    ("row title", 24, lambda value: listing(sections=[menu(row(1, title=value))])),
    ("row description", 72, lambda value: listing(sections=[menu(row(1, description=value))])),
    ("place name", 1000, lambda value: outgoing.location(0, 0, value)),
    ("place address", 1000, lambda value: outgoing.location(0, 0, "", value)),
    ("card name", 255, lambda value: outgoing.contacts([(value, "+1")])),
]


@pytest.mark.parametrize("letter", ["a", "ẹ", "😀"])
@pytest.mark.parametrize(("longest", "make"), [limit[1:] for limit in LIMITS], ids=[n for n, *_ in LIMITS])
def test_a_part_may_be_as_long_as_its_limit_and_no_longer(longest: int, make: Any, letter: str) -> None:
    make(letter * longest)
    with pytest.raises(PartTooLong, match=f"{longest + 1:,} characters; {longest:,} are"):
        make(letter * (longest + 1))


@pytest.mark.parametrize(
    "make",
    [
        lambda: outgoing.text(" \n"),
        lambda: outgoing.contacts([]),
        lambda: outgoing.contacts([(" ", "+1")]),
        lambda: buttons(" "),
        lambda: buttons(choices=[]),
        lambda: buttons(choices=[("", "x")]),
        lambda: buttons(choices=[("x", " ")]),
        lambda: listing(""),
        lambda: listing(button=""),
        lambda: listing(sections=[]),
        lambda: listing(sections=[menu()]),
        lambda: listing(sections=[menu(row(1)), menu()]),
        lambda: listing(sections=[menu(row(1), title=""), menu(row(2))]),
        lambda: listing(sections=[menu(row(1, id=""))]),
        lambda: listing(sections=[menu(row(1, title=""))]),
    ],
)
def test_what_must_be_there_is_missed(make: Any) -> None:
    with pytest.raises(PartMissing, match="fill it in"):
        make()


def test_there_is_a_most_of_everything() -> None:
    most_rows = [menu(*(row(number) for number in range(10)))]
    most_sections = [menu(row(number), title=f"Section {number}") for number in range(10)]
    fits: list[Any] = [
        lambda: outgoing.contacts([("Ada", "+1")] * 257),
        lambda: buttons(choices=[(str(number), str(number)) for number in range(3)]),
        lambda: listing(sections=most_rows),
        lambda: listing(sections=most_sections),
    ]
    too_many: list[Any] = [
        lambda: outgoing.contacts([("Ada", "+1")] * 258),
        lambda: buttons(choices=[(str(number), str(number)) for number in range(4)]),
        lambda: listing(sections=[menu(*(row(number) for number in range(11)))]),
        lambda: listing(sections=[*most_rows, menu(row(11), title="More")]),
        lambda: listing(sections=[*most_sections, menu(row(11))]),
    ]
    for make in fits:
        make()
    for make in too_many:
        with pytest.raises(TooMany, match="at most"):
            make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: buttons(choices=[("1", "Yes"), ("1", "No")]),
        lambda: buttons(choices=[("1", "Yes"), ("2", "Yes")]),
        lambda: listing(sections=[menu(row(1), row(2, id="row1"))]),
        lambda: listing(sections=[menu(row(1)), menu(row(2, title="Row 1"), title="Other")]),
    ],
)
def test_choices_can_be_told_apart(make: Any) -> None:
    with pytest.raises(NotDistinct, match="give each its own"):
        make()


@pytest.mark.parametrize(("latitude", "longitude"), [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1)])
def test_a_place_is_on_the_earth(latitude: float, longitude: float) -> None:
    with pytest.raises(OutOfRange, match="degrees"):
        outgoing.location(latitude, longitude)


@pytest.mark.parametrize("kind", ["audio", "voice", "sticker"])
def test_sounds_and_stickers_have_no_caption(kind: str) -> None:
    with pytest.raises(NotAllowed, match="by themselves"):
        outgoing.media(kind, 1, "Listen")


@pytest.mark.parametrize("emoji", ["👍", "❤️", "👨‍👩‍👧‍👦", "👍🏾", "🇳🇬", "1️⃣", "‼️", "©️", "☺", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
def test_an_emoji_is_a_reaction(emoji: str) -> None:
    assert outgoing.reaction("wamid.1", emoji)["reaction"]["emoji"] == emoji


@pytest.mark.parametrize("text", ["x", "ok", "1", "👍 ", "👍a", "é", "中", "!", "+", "\n", "👍" * 33, "…a"])
def test_words_are_no_reaction(text: str) -> None:
    with pytest.raises(NotAllowed, match="one emoji"):
        outgoing.reaction("wamid.1", text)
