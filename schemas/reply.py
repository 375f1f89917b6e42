"""What the doors take to answer a customer: words, or one content of another kind."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from schemas.support_ticket import Strict, SupportMessageCreate
from services import reply_content
from services.reply_content import Draft, TemplateDraft

Short = Annotated[str, StringConstraints(max_length=5_000)]
"""The services say what else is wrong with a text, in words that fit it."""

Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
CONTENTS = ("media_id", "location", "contacts", "interactive", "template")


class LocationContent(Strict):
    """A place, in degrees."""

    latitude: Annotated[float, Field(allow_inf_nan=False)]
    longitude: Annotated[float, Field(allow_inf_nan=False)]
    name: Short = ""
    address: Short = ""


class ContactCard(Strict):
    """A card to hand on. The phone number may be spelt in any way."""

    name: Short
    phone: Annotated[str, StringConstraints(max_length=40)]


class Button(Strict):
    """What a tap tells the desk, and what the customer reads."""

    id: Short
    title: Short


class Buttons(Strict):
    """Up to three buttons under the message."""

    type: Literal["button"]
    header: Short = ""
    footer: Short = ""
    buttons: Annotated[list[Button], Field(max_length=100)]


class ListRow(Button):
    """One choice of a list."""

    description: Short = ""


class ListSection(Strict):
    """Choices under a title, which may be left out where there is only one section."""

    title: Short = ""
    rows: Annotated[list[ListRow], Field(max_length=100)]


class ListMenu(Strict):
    """A list that opens at a tap on `button`."""

    type: Literal["list"]
    button: Short
    header: Short = ""
    footer: Short = ""
    sections: Annotated[list[ListSection], Field(max_length=100)]


class TemplateContent(Strict):
    """An approved template; the variables are those that GET /api/support/templates lists."""

    name: Short
    language: Short
    variables: Annotated[dict[Short, Short], Field(max_length=100)] = Field(default_factory=dict)


class ReplyCreate(SupportMessageCreate):
    """A message. `message` is its words: the text, a caption, or what stands above buttons and lists.

    A location, contact cards and a template have no words beside their own. `last_seen_message_id` is the
    newest message that the writer saw: if the customer or a colleague wrote meanwhile, the answer is 409.
    """

    message: Annotated[str, StringConstraints(max_length=65_536)] = ""
    reply_to_id: Id | None = None
    last_seen_message_id: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    preview_url: bool = False
    media_id: Id | None = None
    location: LocationContent | None = None
    contacts: Annotated[list[ContactCard], Field(max_length=1_000)] | None = None
    interactive: Annotated[Buttons | ListMenu, Field(discriminator="type")] | None = None
    template: TemplateContent | None = None

    @model_validator(mode="after")
    def _one_content(self) -> "ReplyCreate":
        given = [name for name in CONTENTS if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"Only one of {', '.join(CONTENTS)} can be sent at a time")
        if not given and "message" not in self.model_fields_set:
            raise ValueError(f"There is nothing to send: give a message or one of {', '.join(CONTENTS)}")
        if self.message and (self.location or self.contacts is not None or self.template):
            raise ValueError("A location, contacts and a template take no message; send it by itself")
        return self

    @property
    def is_plain(self) -> bool:
        """Whether it is words and nothing else."""
        return self.reply_to_id is None and all(getattr(self, name) is None for name in CONTENTS)

    def draft(self) -> Draft:
        """The same for the services. Raises what the makers of `reply_content` raise."""
        if self.media_id is not None:
            return reply_content.media(self.media_id, self.message)
        if self.location is not None:
            place = self.location
            return reply_content.location(place.latitude, place.longitude, place.name, place.address)
        if self.contacts is not None:
            return reply_content.contacts([(card.name, card.phone) for card in self.contacts])
        if self.interactive is not None:
            return self._menu(self.interactive)
        if self.template is not None:
            return TemplateDraft(self.template.name, self.template.language, self.template.variables)
        return reply_content.text(self.message, preview_url=self.preview_url)

    def _menu(self, menu: Buttons | ListMenu) -> Draft:
        if isinstance(menu, Buttons):
            choices = [(button.id, button.title) for button in menu.buttons]
            return reply_content.buttons(self.message, choices, menu.header, menu.footer)
        sections: list[dict[str, Any]] = [section.model_dump() for section in menu.sections]
        return reply_content.list_menu(self.message, menu.button, sections, menu.header, menu.footer)


class ReactionRequest(Strict):
    """An emoji, or an empty text to take the reaction back."""

    emoji: Annotated[str, StringConstraints(max_length=64)]


class Nothing(Strict):
    """A request that says all by its address."""
