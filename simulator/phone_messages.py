"""What a customer can send from the phone page, and how a webhook says it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from simulator.files import Files, StoredFile
from simulator.people import Attachment, ContactCard, MediaKind, Message, Place, Thread
from simulator.world import message_in

Words = Annotated[str, StringConstraints(min_length=1, max_length=65_536)]
Caption = Annotated[str, StringConstraints(max_length=1024)]
Json = dict[str, Any]

REFERRAL = {
    "source_url": "https://fb.me/5inventedLink",
    "source_id": "120231104477120588",
    "source_type": "ad",
    "body": "Winter lamps, 20% off",
    "headline": "Chat with us",
    "media_type": "image",
    "image_url": "https://scontent.example/ad.jpg",
    "ctwa_clid": "AfInventedClickId_0a1b2c",
    "welcome_message": {"text": "Hi! How can we help?"},
}
LAGOS = (6.5244, 3.3792)


class Unavailable(Exception):
    """The choice or the file that the message names is not there."""


class NewMessage(BaseModel):
    """What every kind may have."""

    reply_to: str | None = Field(default=None, description="The id of the quoted message.")
    forwarded: Literal["once", "often"] | None = None
    from_ad: bool = Field(default=False, description="The chat was opened by a tap on an advertisement.")


class NewText(NewMessage):
    """Typed words."""

    type: Literal["text"] = "text"
    text: Words


class NewReply(BaseModel):
    """A tap on a row or a button of the message `reply_to`; `button` is that of a template."""

    type: Literal["list_reply", "button_reply", "button"]
    reply_to: str
    choice_id: str
    forwarded: None = None
    from_ad: Literal[False] = False


class NewMedia(NewMessage):
    """A file that was put to /files before, or without `file_id` a sample of the kind."""

    type: MediaKind
    file_id: str | None = None
    text: Caption = Field(default="", description="The caption; voice notes, audio and stickers have none.")


class NewLocation(NewMessage):
    """A place, by default in Lagos."""

    type: Literal["location"]
    text: Caption = Field(default="", description="The name of the place.")
    address: Caption = ""
    latitude: float = Field(default=LAGOS[0], ge=-90, le=90)
    longitude: float = Field(default=LAGOS[1], ge=-180, le=180)


class NewContacts(NewMessage):
    """Cards from the address book."""

    type: Literal["contacts"]
    cards: list[ContactCard] = Field(min_length=1, max_length=20)


class NewOther(NewMessage):
    """An order, a chat that is opened for the first time, and what WhatsApp does not pass on or know yet."""

    type: Literal["order", "request_welcome", "unsupported", "hologram"]
    text: Caption = ""


New = Annotated[
    NewText | NewReply | NewMedia | NewLocation | NewContacts | NewOther, Field(union_mode="left_to_right")
]


def compose(new: New, thread: Thread, files: Files) -> tuple[Json, Json]:
    """The fields of the Message on the phone, and type and content for the webhook. Raises Unavailable."""
    shown, content = _parts(new, thread, files)
    if new.forwarded:
        shown["forwarded"] = new.forwarded
        content["context"] = {"forwarded" if new.forwarded == "once" else "frequently_forwarded": True}
    if new.from_ad:
        content["referral"] = REFERRAL
    return shown, content


def _parts(new: New, thread: Thread, files: Files) -> tuple[Json, Json]:
    match new:
        case NewText(text=text):
            return {"type": "text", "text": text}, {"type": "text", "text": {"body": text}}
        case NewReply():
            return _reply(new, thread)
        case NewMedia():
            return _media(new, files)
        case NewLocation():
            return _location(new)
        case NewContacts(cards=cards):
            text = ", ".join(card.name for card in cards)
            content = {"type": "contacts", "contacts": [_card(card) for card in cards]}
            return {"type": "contacts", "text": text, "cards": cards}, content
        case NewOther():
            return {"type": new.type, "text": new.text}, _other(new)


def file_content(file: StoredFile) -> Json:
    """What every webhook says of a file.

    Meta also gives an address there since November 2025; this one leaves it out, as it does not know under
    which address the desk reaches it. The id is enough.
    """
    return {"mime_type": file.mime_type, "sha256": file.sha256_base64, "id": file.id}


def _media(new: NewMedia, files: Files) -> tuple[Json, Json]:
    file = files.get(new.file_id) if new.file_id else files.add_sample(new.type)
    if file is None:
        raise Unavailable("The file is no longer kept. Choose it again.")
    content = file_content(file)
    kind = "audio" if new.type == "voice" else new.type
    caption = new.text if new.type in ("image", "video", "document") else ""
    if caption:
        content["caption"] = caption
    if kind == "audio":
        content["voice"] = new.type == "voice"
    if kind == "sticker":
        content["animated"] = False
    filename = file.filename if kind == "document" else None
    if filename:
        content["filename"] = filename
    media = Attachment(
        id=file.id, kind=new.type, mime_type=file.mime_type, filename=filename, size=len(file.content)
    )
    return {"type": kind, "text": caption, "media": media}, {"type": kind, kind: content}


def _location(new: NewLocation) -> tuple[Json, Json]:
    place = Place(
        latitude=new.latitude, longitude=new.longitude, name=new.text or None, address=new.address or None
    )
    content = place.model_dump(exclude_none=True)
    return {"type": "location", "text": new.text, "place": place}, {"type": "location", "location": content}


def _card(card: ContactCard) -> Json:
    phones = []
    for phone in card.phones:
        digits = "".join(char for char in phone if char.isdecimal())
        phones.append({"phone": phone, "wa_id": digits, "type": "MOBILE"})
    return {
        "name": {"formatted_name": card.name, "first_name": card.name.partition(" ")[0]},
        "phones": phones,
    }


def _other(new: NewOther) -> Json:
    match new.type:
        case "order":
            items = [
                {"product_retailer_id": "LAMP-01", "quantity": 2, "item_price": 19500.0, "currency": "NGN"},
                {"product_retailer_id": "BULB-07", "quantity": 4, "item_price": 1250.5, "currency": "NGN"},
            ]
            order = {"catalog_id": "771940022815503", "text": new.text, "product_items": items}
            return {"type": "order", "order": order}
        case "hologram":
            return {"type": "hologram", "hologram": {"id": "77", "depth": 3}}
        case "request_welcome":
            return {"type": "request_welcome"}
        case _:
            title = "Message type unknown"
            details = {"details": "Message type is currently not supported."}
            error = {"code": 131051, "title": title, "message": title, "error_data": details}
            return {"type": "unsupported", "unsupported": {"type": "poll_creation"}, "errors": [error]}


def _reply(new: NewReply, thread: Thread) -> tuple[Json, Json]:
    message: Message | None = message_in(thread, new.reply_to)
    menu = message.menu if message else None
    choices = []
    if menu and new.type == "list_reply":
        choices = [row for section in menu.sections for row in section.rows]
    elif menu:
        choices = menu.buttons if new.type == "button_reply" else menu.template_buttons
    choice = next((choice for choice in choices if choice.id == new.choice_id), None)
    if choice is None:
        raise Unavailable("That message has no such choice.")
    if new.type == "button":
        button = {"payload": choice.id, "text": choice.title}
        return {"type": "button", "text": choice.title}, {"type": "button", "button": button}
    reply = choice.model_dump(exclude_none=True)
    interactive = {"type": new.type, new.type: reply}
    return {"type": "interactive", "text": choice.title}, {"type": "interactive", "interactive": interactive}
