"""What can be put into a thread: the row's words and payload, and Graph's body for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.media_file import MediaFile, MediaState
from models.support_ticket import MessageKind, SupportMessage
from services import message_template_service
from services.errors import DeskError
from services.message_text import MAX_CUSTOMER_LENGTH, MAX_REPLY_LENGTH, checked
from services.phone_numbers import normalise
from services.ticket_change_service import LARGEST_ID
from whatsapp import outgoing
from whatsapp.templates import fill, render
from whatsapp.values import clean_text

Json = dict[str, Any]


class MediaNotFound(DeskError):
    """The caller uploaded no such file."""

    status = 404
    code = "media_not_found"

    def __init__(self, media_id: int) -> None:
        super().__init__(f"You have not uploaded a file {media_id}; upload it first.")


class MediaUsed(DeskError):
    """A file belongs to one message."""

    status = 409
    code = "media_used"

    def __init__(self) -> None:
        super().__init__("This file was sent already; upload it again to send it again.")


@dataclass(frozen=True)
class Content:
    """Ready to be stored and sent. `payload` is the row's, `body` is Graph's."""

    kind: MessageKind
    text: str
    payload: Json | None
    body: Json
    media: MediaFile | None = None


@dataclass(frozen=True)
class MediaDraft:
    """An uploaded file with a caption, which may be empty."""

    media_id: int
    caption: str = ""


@dataclass(frozen=True)
class TemplateDraft:
    """A template and the values of its variables, by the keys of `whatsapp.templates`."""

    name: str
    language: str
    variables: Mapping[str, str] = field(default_factory=dict)


Draft = Content | MediaDraft | TemplateDraft
"""What is asked for. Of files and templates only the database can tell whether they may be sent."""


def customer_text(message: str) -> Content:
    """What a customer said and the desk notes down; it is never sent. Raises EmptyMessage, MessageTooLong."""
    return Content(MessageKind.TEXT, checked(clean_text(message), MAX_CUSTOMER_LENGTH), None, {})


def text(message: str, *, preview_url: bool = False) -> Content:
    """Raises EmptyMessage or MessageTooLong."""
    body = checked(clean_text(message), MAX_REPLY_LENGTH)
    return Content(MessageKind.TEXT, body, None, outgoing.text(body, preview_url=preview_url))


def location(latitude: float, longitude: float, name: str, address: str) -> Content:
    """A place; without a name its coordinates are what a person reads. Raises Unsendable."""
    body = outgoing.location(latitude, longitude, _clean(name), _clean(address))
    words = ", ".join(filter(None, (_clean(name), _clean(address)))) or f"{latitude}, {longitude}"
    return Content(MessageKind.LOCATION, words, {"location": body["location"]}, body)


def contacts(cards: Sequence[tuple[str, str]]) -> Content:
    """Cards of (name, phone number in any spelling). Raises InvalidPhoneNumber or Unsendable."""
    written = [(_clean(name), f"+{normalise(phone)}") for name, phone in cards]
    body = outgoing.contacts(written)
    payload = {"contacts": [{"name": name, "phones": [{"phone": phone}]} for name, phone in written]}
    return Content(MessageKind.CONTACTS, ", ".join(name for name, _ in written), payload, body)


def buttons(message: str, choices: Sequence[tuple[str, str]], header: str, footer: str) -> Content:
    """Buttons of (id, title). Raises Unsendable."""
    cleaned = [(_clean(choice_id), _clean(title)) for choice_id, title in choices]
    return _interactive(outgoing.buttons(_clean(message), cleaned, _clean(header), _clean(footer)))


def list_menu(message: str, button: str, sections: Sequence[Json], header: str, footer: str) -> Content:
    """A list; its sections are those of `outgoing.list_menu`. Raises Unsendable."""
    cleaned = [
        {
            "title": _clean(section.get("title")),
            "rows": [{name: _clean(value) for name, value in row.items()} for row in section["rows"]],
        }
        for section in sections
    ]
    return _interactive(
        outgoing.list_menu(_clean(message), _clean(button), cleaned, _clean(header), _clean(footer))
    )


def media(media_id: int, caption: str) -> MediaDraft:
    """A file that the caller uploaded."""
    return MediaDraft(media_id, _clean(caption))


def is_in(draft: Draft, row: SupportMessage) -> bool:
    """Whether the row was made from such a draft."""
    if isinstance(draft, MediaDraft):
        return row.media is not None and (row.media.id, row.message) == (draft.media_id, draft.caption)
    if isinstance(draft, TemplateDraft):
        stored = (row.payload or {}).get("template", {})
        wanted = {"name": draft.name, "language": draft.language, "variables": dict(draft.variables)}
        return row.kind == MessageKind.TEMPLATE and wanted.items() <= stored.items()
    return (row.kind, row.message, row.payload) == (draft.kind, draft.text, draft.payload)


def prepare(db: Session, draft: Draft, admin_id: int | None) -> Content:
    """The draft with what the database has for it; a file is locked. To be called inside an act.

    Raises MediaNotFound, MediaUsed, TemplateNotFound, TemplateNotApproved or Unsendable.
    """
    if isinstance(draft, MediaDraft):
        file = _uploaded(db, draft.media_id, admin_id)
        body = outgoing.media(file.kind, file.id, draft.caption, file.filename)
        return Content(MessageKind(file.kind), draft.caption, None, body, file)
    if isinstance(draft, TemplateDraft):
        template = message_template_service.find_sendable(db, draft.name, draft.language)
        components = fill(template.components, draft.variables)
        payload = {
            "name": draft.name,
            "language": draft.language,
            "components": components,
            "variables": dict(draft.variables),
        }
        body = outgoing.template(draft.name, draft.language, components)
        words = render(template.components, draft.variables)
        return Content(MessageKind.TEMPLATE, words, {"template": payload}, body)
    return draft


def _uploaded(db: Session, media_id: int, admin_id: int | None) -> MediaFile:
    file = None
    if 0 < media_id <= LARGEST_ID and admin_id is not None:
        file = db.scalar(
            select(MediaFile)
            .where(
                MediaFile.id == media_id,
                MediaFile.uploaded_by == admin_id,
                MediaFile.state == MediaState.STORED,
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    if file is None:
        raise MediaNotFound(media_id)
    if file.message_id is not None:
        raise MediaUsed
    return file


def _interactive(body: Json) -> Content:
    interactive = body["interactive"]
    return Content(MessageKind.INTERACTIVE, interactive["body"]["text"], {"interactive": interactive}, body)


def _clean(value: str | None) -> str:
    return clean_text(value).strip()
