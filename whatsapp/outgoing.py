"""Graph's bodies for what a business may send, without the address. Pure.

Shapes and limits are those of Meta's reference for the messages endpoint. Limits count code points: Meta does
not say whether an emoji of several counts as one, and refuses what is too long by its own count.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from whatsapp.unsendable import NotAllowed, NotDistinct, OutOfRange, PartMissing, PartTooLong, TooMany

Json = dict[str, Any]

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_HEADER = 60
LONGEST_FOOTER = 60
LONGEST_PLACE = 1000
"""Of a place's name and of its address. Meta names no limit for these; longer is a mistake."""

MOST_CARDS = 257
MOST_BUTTONS = 3
MOST_SECTIONS = 10
MOST_ROWS = 10

MEDIA_TYPES = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "audio",
    "document": "document",
    "sticker": "sticker",
}
"""Our kinds of file, and Graph's types: a voice note is audio that says so."""

WITHOUT_CAPTION = frozenset({"audio", "voice", "sticker"})


def text(body: str, *, preview_url: bool = False) -> Json:
    """Raises PartMissing or PartTooLong."""
    part("The message", body, LONGEST_TEXT)
    return {"type": "text", "text": {"body": body, "preview_url": preview_url}}


def media(kind: str, media_file_id: int, caption: str = "", filename: str | None = None) -> Json:
    """A file that is uploaded before it is sent: `media_file_id` is ours, and gives way to Graph's `id`.

    Raises PartTooLong or NotAllowed.
    """
    content: Json = {"media_file_id": media_file_id}
    if caption:
        if kind in WITHOUT_CAPTION:
            raise NotAllowed(f"WhatsApp shows no words with a {kind} message; send them by themselves.")
        content["caption"] = part("The caption", caption, LONGEST_CAPTION)
    if kind == "document" and filename:
        content["filename"] = filename
    if kind == "voice":
        content["voice"] = True
    return {"type": MEDIA_TYPES[kind], MEDIA_TYPES[kind]: content}


def location(latitude: float, longitude: float, name: str = "", address: str = "") -> Json:
    """Degrees. Raises OutOfRange or PartTooLong."""
    if not -90 <= latitude <= 90:
        raise OutOfRange("The latitude must be between -90 and 90 degrees.")
    if not -180 <= longitude <= 180:
        raise OutOfRange("The longitude must be between -180 and 180 degrees.")
    content: Json = {"latitude": latitude, "longitude": longitude}
    if name:
        content["name"] = part("The place's name", name, LONGEST_PLACE)
    if address:
        content["address"] = part("The place's address", address, LONGEST_PLACE)
    return {"type": "location", "location": content}


def contacts(cards: Sequence[tuple[str, str]]) -> Json:
    """Cards of (name, phone number with +). Raises PartMissing, PartTooLong or TooMany."""
    at_most("contact cards", cards, MOST_CARDS)
    return {
        "type": "contacts",
        "contacts": [
            {
                # beside the formatted name Graph wants one more part of it
                "name": {"formatted_name": part("A card's name", name, 255), "first_name": name.split()[0]},
                "phones": [{"phone": phone, "type": "WORK"}],
            }
            for name, phone in cards
        ],
    }


def buttons(body: str, choices: Sequence[tuple[str, str]], header: str = "", footer: str = "") -> Json:
    """Up to three buttons of (id, title). Raises PartMissing, PartTooLong, TooMany or NotDistinct."""
    at_most("buttons", choices, MOST_BUTTONS)
    for choice_id, title in choices:
        part("A button's id", choice_id, 256)
        part("A button's title", title, 20)
    distinct("buttons", choices)
    action = {
        "buttons": [
            {"type": "reply", "reply": {"id": choice_id, "title": title}} for choice_id, title in choices
        ]
    }
    return _interactive("button", part("The message", body, 1024), header, footer, action)


def list_menu(
    body: str, button: str, sections: Sequence[Mapping[str, Any]], header: str = "", footer: str = ""
) -> Json:
    """A list that opens at a tap: sections of `title` and `rows`, each of `id`, `title` and `description`.

    Raises PartMissing, PartTooLong, TooMany or NotDistinct.
    """
    at_most("sections", sections, MOST_SECTIONS)
    rows = [row for section in sections for row in section["rows"]]
    at_most("rows", rows, MOST_ROWS)
    for section in sections:
        if section.get("title") or len(sections) > 1:
            part("A section's title", section.get("title") or "", 24)
        if not section["rows"]:
            raise PartMissing("A section")
    for row in rows:
        part("A row's id", row["id"], 200)
        part("A row's title", row["title"], 24)
        if row.get("description"):
            part("A row's description", row["description"], 72)
    distinct("rows", [(row["id"], row["title"]) for row in rows])
    action = {
        "button": part("The list's button", button, 20),
        "sections": [
            _given(section, "title")
            | {"rows": [_given(row, "id", "title", "description") for row in section["rows"]]}
            for section in sections
        ],
    }
    return _interactive("list", part("The message", body, LONGEST_TEXT), header, footer, action)


def template(name: str, language: str, components: Sequence[Json]) -> Json:
    """An approved template; `whatsapp.templates` makes the components."""
    content: Json = {"name": name, "language": {"code": language}}
    if components:
        content["components"] = list(components)
    return {"type": "template", "template": content}


def reaction(wamid: str, emoji: str) -> Json:
    """An emoji on a message of the customer's; an empty one takes it back. Raises NotAllowed."""
    if emoji and not _is_emoji(emoji):
        raise NotAllowed("A reaction is one emoji and nothing else.")
    return {"type": "reaction", "reaction": {"message_id": wamid, "emoji": emoji}}


def quoting(payload: Json, wamid: str) -> Json:
    """The same message as a reply to that one."""
    return payload | {"context": {"message_id": wamid}}


def part(name: str, value: str, longest: int) -> str:
    """The value, if it can stand there. Raises PartMissing or PartTooLong."""
    if not value.strip():
        raise PartMissing(name)
    if len(value) > longest:
        raise PartTooLong(name, len(value), longest)
    return value


def at_most(name: str, values: Sequence[object], most: int) -> None:
    """Raises PartMissing where there are none, TooMany where there are more."""
    if not values:
        raise PartMissing(f"The list of {name}")
    if len(values) > most:
        raise TooMany(name, len(values), most)


def distinct(name: str, choices: Sequence[tuple[str, str]]) -> None:
    """Raises NotDistinct where two ids or two titles are the same."""
    for values in zip(*choices, strict=True):
        if len(set(values)) < len(values):
            raise NotDistinct(name)


def _interactive(kind: str, body: str, header: str, footer: str, action: Json) -> Json:
    content: Json = {"type": kind}
    if header:
        content["header"] = {"type": "text", "text": part("The header", header, LONGEST_HEADER)}
    content["body"] = {"text": body}
    if footer:
        content["footer"] = {"text": part("The footer", footer, LONGEST_FOOTER)}
    return {"type": "interactive", "interactive": content | {"action": action}}


def _given(values: Mapping[str, Any], *names: str) -> Json:
    return {name: values[name] for name in names if values.get(name)}


def _is_emoji(value: str) -> bool:
    """No letters, blanks or controls, and a digit only as a keycap; which sequences exist WhatsApp knows."""
    categories = {unicodedata.category(char) for char in value}
    is_keycap = value.endswith("\N{COMBINING ENCLOSING KEYCAP}")
    words = any(category[0] in "LZ" or category in ("Cc", "Cn", "Co", "Nd") for category in categories)
    pictures = categories & {"So", "Sk", "Sm", "Po", "Pd", "Cf"} and not value.isascii()
    return len(value) <= 32 and (is_keycap or bool(pictures and not words))
