"""What a message holds, by its kind. Whatever is missing or of the wrong type, something can be shown.

Shapes are those of Meta's webhook reference. A kind that has no picture of its own becomes a plain sentence.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from whatsapp.payloads import Json, as_object
from whatsapp.values import (
    clean_text,
    decimal,
    identifier,
    integer,
    objects,
    phone_digits,
    safe_filename,
    sha256_hex,
    short_text,
    storable,
)

MEDIA_TOO_BIG = 131052
LONGEST_MEDIA_ID = 255
LONGEST_MIME_TYPE = 100
LONGEST_LABEL = 40
MOST_CARDS = 257
"""In one message; WhatsApp's own limit."""

MOST_ITEMS = 200

FILE_NAMES = {
    "image": "photo",
    "video": "video",
    "audio": "audio file",
    "voice": "voice note",
    "document": "document",
    "sticker": "sticker",
}


@dataclass(frozen=True)
class MediaReference:
    """A file at WhatsApp. `sha256` is hex, as announced; `filename` is made harmless."""

    media_id: str
    mime_type: str
    sha256: str | None
    filename: str | None


@dataclass(frozen=True)
class Content:
    """`kind` is how a thread shows it, `text` what a person reads, `payload` what the kind needs beside it.

    `choice` is the id of the row or button that was tapped.
    """

    kind: str
    text: str = ""
    payload: Json = field(default_factory=dict)
    media: MediaReference | None = None
    choice: str | None = None


def content_of(kind: str, message: Json, errors: Any = None) -> Content:
    """What this message holds, by the reader of its kind; `errors` is what WhatsApp says beside it."""
    reader = READERS.get(kind)
    content = reader(message) if reader else None
    content = content or _unreadable(kind, message, errors)
    if objects(errors):
        content = replace(content, payload={**content.payload, "errors": storable(objects(errors))})
    return content


def other(kind: str, sentence: str, **payload: Any) -> Content:
    """A row that says in words what came."""
    return Content("other", sentence, {"type": kind[:LONGEST_LABEL], **payload})


def error_details(errors: Any) -> str:
    """WhatsApp's own words about the first error."""
    for error in objects(errors):
        data = as_object(error.get("error_data"))
        for words in (data.get("details"), error.get("details"), error.get("message"), error.get("title")):
            if short_text(words, 500):
                return short_text(words, 500)
    return ""


def _unreadable(kind: str, message: Json, errors: Any) -> Content:
    details = error_details(errors)
    if any(integer(error.get("code")) == MEDIA_TOO_BIG for error in objects(errors)):
        too_big = "too big" in details.lower()
        return other(
            kind,
            "The customer sent a file that is too big for WhatsApp to pass on (100 MB at most). "
            "Ask for a smaller one."
            if too_big
            else "The customer sent a file that WhatsApp could not pass on. Ask them to send it again.",
        )
    if kind in READERS:
        said = f" WhatsApp says: {details}" if details else ""
        return other(kind, f"A message of the kind {kind} came without its content.{said}")
    name = short_text(as_object(message.get("unsupported")).get("type"), LONGEST_LABEL)
    if kind not in ("unsupported", "unknown"):
        name = name or short_text(kind, LONGEST_LABEL)
    described = f"This kind of message ({name})" if name else "This kind of message"
    content = storable(message.get(kind))
    extra = {"content": content} if content else {}
    return other(kind, f"{described} cannot be shown. Look at it on the phone.", **extra)


def _text(message: Json) -> Content | None:
    body = clean_text(as_object(message.get("text")).get("body"))
    return Content("text", body) if body else None


def _button(message: Json) -> Content | None:
    button = as_object(message.get("button"))
    return _choice(button.get("payload"), button.get("text"))


def _choice(choice: Any, title: Any) -> Content | None:
    chosen, words = clean_text(choice), clean_text(title)
    if not chosen and not words:
        return None
    payload: Json = {"choice": chosen} if chosen else {}
    return Content("interactive", words or chosen, payload, choice=chosen or None)


def _interactive(message: Json) -> Content | None:
    interactive = as_object(message.get("interactive"))
    for name in ("list_reply", "button_reply"):
        reply = as_object(interactive.get(name))
        if found := _choice(reply.get("id"), reply.get("title")):
            return found
    if form := as_object(interactive.get("nfm_reply")):
        return _form(form)
    if permission := as_object(interactive.get("call_permission_reply")):
        granted = clean_text(permission.get("response")).lower() == "accept"
        words = "The customer allows calls." if granted else "The customer does not allow calls."
        values = storable(permission)
        return Content(
            "interactive",
            words,
            {"reply": {"name": "call_permission_reply", "body": words, "values": values}},
        )
    return None


def _form(form: Json) -> Content:
    """A flow or address that was filled in. What is in it, the customer's side decides."""
    name, body = short_text(form.get("name"), LONGEST_LABEL), clean_text(form.get("body"))
    try:
        answer = json.loads(clean_text(form.get("response_json")) or "{}")
    except (ValueError, RecursionError):
        answer = {"response_json": form.get("response_json")}
    values = storable(answer if isinstance(answer, dict) else {"response": answer})
    told = {key: each for key, each in values.items() if key != "flow_token"}
    words = ", ".join(f"{key}: {each}" for key, each in told.items() if not isinstance(each, dict | list))
    text = body if name == "address_message" and body else f"Form: {words}" if words else body or "Form"
    return Content("interactive", text, {"reply": {"name": name, "body": body, "values": values}})


def _media(kind: str) -> Callable[[Json], Content | None]:
    def read(message: Json) -> Content | None:
        content = as_object(message.get(kind))
        shown = "voice" if kind == "audio" and content.get("voice") is True else kind
        caption = clean_text(content.get("caption"))
        media_id = identifier(content.get("id"), LONGEST_MEDIA_ID)
        if media_id is None:
            if not content:
                return None
            missing = f"A {FILE_NAMES[shown]} came, but WhatsApp does not say where it is."
            return other(kind, f"{missing} {caption}".strip())
        reference = MediaReference(
            media_id=media_id,
            # cut last: some letters become two when they are made small
            mime_type=short_text(clean_text(content.get("mime_type")).lower(), LONGEST_MIME_TYPE),
            sha256=sha256_hex(content.get("sha256")),
            filename=safe_filename(content.get("filename")),
        )
        animated: Json = {"animated": True} if content.get("animated") is True else {}
        return Content(shown, caption, animated, reference)

    return read


def _location(message: Json) -> Content | None:
    content = as_object(message.get("location"))
    latitude, longitude = decimal(content.get("latitude"), 90), decimal(content.get("longitude"), 180)
    names = {part: clean_text(content.get(part)) for part in ("name", "address", "url")}
    told = {part: words for part, words in names.items() if words}
    place = ", ".join(told[part] for part in ("name", "address") if part in told)
    if latitude is None or longitude is None:
        return other("location", f"A place came without its position: {place}") if place else None
    point: Json = {"latitude": latitude, "longitude": longitude, **told}
    return Content("location", place or f"{latitude}, {longitude}", {"location": point})


def _contacts(message: Json) -> Content | None:
    cards = [_card(card) for card in objects(message.get("contacts"))[:MOST_CARDS]]
    names = [card["name"] or card["phones"][0]["phone"] for card in cards if card["name"] or card["phones"]]
    return Content("contacts", ", ".join(names), {"contacts": cards}) if cards else None


def _card(card: Json) -> Json:
    name = as_object(card.get("name"))
    given = [short_text(name.get(part), 255) for part in ("first_name", "last_name")]
    found: Json = {
        "name": short_text(name.get("formatted_name"), 255) or " ".join(filter(None, given)),
        "phones": [],
    }
    for phone in objects(card.get("phones")):
        wa_id = phone_digits(phone.get("wa_id"))
        shown = short_text(phone.get("phone"), 40) or (f"+{wa_id}" if wa_id else "")
        if shown:
            found["phones"].append({"phone": shown, "wa_id": wa_id} if wa_id else {"phone": shown})
    emails = [short_text(each.get("email"), 255) for each in objects(card.get("emails"))]
    if any(emails):
        found["emails"] = [each for each in emails if each]
    if company := short_text(as_object(card.get("org")).get("company"), 255):
        found["org"] = company
    return found


def _order(message: Json) -> Content | None:
    content = as_object(message.get("order"))
    if not content:
        return None
    items = [
        {
            "id": short_text(each.get("product_retailer_id"), 255),
            "quantity": decimal(each.get("quantity"), 1e9),
            "price": decimal(each.get("item_price"), 1e12),
            "currency": short_text(each.get("currency"), 10),
        }
        for each in objects(content.get("product_items"))[:MOST_ITEMS]
    ]
    words = clean_text(content.get("text"))
    order: Json = {"catalog_id": short_text(content.get("catalog_id"), 255), "items": items}
    if words:
        order["text"] = words
    listed = ", ".join(f"{each['quantity'] or 0:g} x {each['id']}" for each in items)
    return Content("order", words or listed or "An order", {"order": order})


def _call(_message: Json) -> Content:
    return other("call", "The customer called. Calls cannot be taken here; write to them.")


def _welcome(_message: Json) -> Content:
    return other("request_welcome", "The customer opened the chat.")


READERS: dict[str, Callable[[Json], Content | None]] = {
    "text": _text,
    "button": _button,
    "interactive": _interactive,
    **{kind: _media(kind) for kind in ("image", "video", "audio", "document", "sticker")},
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "call": _call,
    "request_welcome": _welcome,
}
