"""What a message does to another one, or to its sender's identity, instead of saying something."""

from dataclasses import dataclass
from typing import Any

from whatsapp.incoming_content import Content, content_of, error_details, other
from whatsapp.payloads import Json, as_object
from whatsapp.values import clean_text, identifier, phone_digits, short_text, user_id

LONGEST_WAMID = 255
LONGEST_EMOJI = 64
MEDIA_KINDS = ("image", "video", "audio", "document", "sticker")


@dataclass(frozen=True)
class Reaction:
    """An emoji on the message; an empty one takes the earlier one back."""

    target: str
    emoji: str


@dataclass(frozen=True)
class Edit:
    """New words for a message, or a new caption."""

    target: str
    text: str


@dataclass(frozen=True)
class Revoke:
    """The message was deleted for everyone."""

    target: str


MessageChange = Reaction | Edit | Revoke


@dataclass(frozen=True)
class IdentityChange:
    """The sender has new names, in the place of `previous_user_id` or of the number that the event is from.

    Where only the security code changed, all of them are None. `words` are WhatsApp's.
    """

    type: str
    previous_user_id: str | None
    user_id: str | None
    parent_user_id: str | None
    phone_number: str | None
    words: str


def message_change(kind: str, message: Json) -> MessageChange | None:
    """The change to another message, or None where it isn't one or can't be told which message it is to."""
    content = as_object(message.get(kind))
    target = identifier(clean_text(content.get("message_id")), LONGEST_WAMID)
    original = identifier(clean_text(content.get("original_message_id")), LONGEST_WAMID)
    if kind == "reaction" and target:
        return Reaction(target, clean_text(content.get("emoji"))[:LONGEST_EMOJI])
    if kind == "revoke" and original:
        return Revoke(original)
    words = _edited(content) if kind == "edit" and original else None
    return Edit(original, words) if original and words is not None else None


def _edited(content: Json) -> str | None:
    """None where the new words cannot be read; a caption may be empty."""
    message = as_object(content.get("message"))
    kind = clean_text(message.get("type"))
    found = content_of(kind, message)
    if kind in MEDIA_KINDS and isinstance(message.get(kind), dict):
        return clean_text(message[kind].get("caption"))
    return found.text if found.kind == "text" else None


def change_in_words(kind: str, message: Json, errors: Any) -> Content:
    """The row of a change whose target is not here; `waiting_change` reads the change out of its payload."""
    content = as_object(message.get(kind))
    if kind == "reaction":
        emoji = clean_text(content.get("emoji"))[:LONGEST_EMOJI]
        done = f"Reacted with {emoji}" if emoji else "Took back a reaction"
        return other(kind, f"{done} to a message that is not here.", emoji=emoji)
    if kind == "revoke":
        return other(kind, "Deleted a message that is not here.")
    words = _edited(content)
    if words is not None:
        return other(kind, f"Changed a message that is not here. It says now: {words}", text=words)
    details = error_details(errors)
    said = f" WhatsApp says: {details}" if details else ""
    return other(kind, f"Changed a message, but the new words cannot be shown.{said}")


def waiting_change(target: str, payload: Json) -> MessageChange | None:
    """The change that the row of `change_in_words` stands for, once its target has come."""
    match payload:
        case {"type": "reaction", "emoji": str(emoji)}:
            return Reaction(target, emoji)
        case {"type": "edit", "text": str(text)}:
            return Edit(target, text)
        case {"type": "revoke"}:
            return Revoke(target)
    return None


def identity_change(message: Json) -> IdentityChange:
    """What a `system` event tells; shapes from before and after user ids."""
    system = as_object(message.get("system"))
    return IdentityChange(
        type=short_text(system.get("type"), 60),
        previous_user_id=user_id(system.get("previous_user_id")),
        user_id=user_id(system.get("user_id")) or user_id(system.get("wa_id")),
        parent_user_id=user_id(system.get("parent_user_id")),
        phone_number=phone_digits(system.get("wa_id")) or phone_digits(system.get("new_wa_id")),
        words=short_text(system.get("body"), 1000),
    )
