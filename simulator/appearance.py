"""How a message of the business looks on the customer's phone."""

from typing import Any

from simulator.graph_messages import (
    Audio,
    Card,
    Document,
    Interactive,
    InteractiveButtons,
    InteractiveLink,
    InteractiveList,
    Location,
    Media,
)
from simulator.graph_validation import Accepted
from simulator.people import Attachment, Choice, ContactCard, Link, MediaKind, Menu, Place, Section

MEDIA_KINDS: dict[str, MediaKind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "document": "document",
    "sticker": "sticker",
}


def appearance_of(request: Accepted) -> dict[str, Any]:
    """Text and whatever else there is to see, by the fields of a Message."""
    content = request.content
    if request.filled:
        return {"text": request.filled.text, "menu": request.filled.menu}
    match content:
        case InteractiveList() | InteractiveButtons() | InteractiveLink():
            return {"text": content.body.text, "menu": _menu(content)}
        case Media():
            return {"text": getattr(content, "caption", None) or "", "media": _attachment(request, content)}
        case Location():
            return {"text": content.name or "", "place": Place(**content.model_dump())}
        case [*cards]:
            shown = [_card(card) for card in cards]
            return {"text": ", ".join(card.name for card in shown), "cards": shown}
    return {"text": content.body}


def _attachment(request: Accepted, content: Media) -> Attachment:
    kind = "voice" if isinstance(content, Audio) and content.voice else MEDIA_KINDS[request.type]
    filename = content.filename if isinstance(content, Document) else None
    if request.file is None:
        return Attachment(kind=kind, filename=filename)
    return Attachment(
        id=request.file.id,
        kind=kind,
        mime_type=request.file.mime_type,
        filename=filename,
        size=len(request.file.content),
    )


def _card(card: Card) -> ContactCard:
    phones = [phone.phone for phone in card.phones if phone.phone]
    return ContactCard(name=card.name.formatted_name, phones=phones)


def _menu(content: Interactive) -> Menu:
    menu = _tappable(content)
    menu.header = content.header.text if content.header else None
    menu.footer = content.footer.text if content.footer else None
    return menu


def _tappable(content: Interactive) -> Menu:
    match content:
        case InteractiveList(action=action):
            sections = [
                Section(title=section.title, rows=[Choice(**row.model_dump()) for row in section.rows])
                for section in action.sections
            ]
            return Menu(list_label=action.button, sections=sections)
        case InteractiveButtons(action=action):
            return Menu(buttons=[Choice(**button.reply.model_dump()) for button in action.buttons])
        case InteractiveLink(action=action):
            parameters = action.parameters
            return Menu(links=[Link(label=parameters.display_text, url=parameters.url)])
