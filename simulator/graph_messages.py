"""What Graph takes at its messages endpoint, with Meta's limits on every part of an interactive message."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator


def _text(longest: int) -> Any:
    return StringConstraints(strict=True, min_length=1, max_length=longest)


class Part(BaseModel):
    """A JSON object in which Graph refuses keys that it does not know."""

    model_config = ConfigDict(extra="forbid")


class Text(Part):
    """A plain message; `preview_url` asks for a preview of the first link."""

    body: Annotated[str, _text(4096)]
    preview_url: bool = False


class Header(Part):
    """A line above the body. Meta also takes media here."""

    type: Literal["text"]
    text: Annotated[str, _text(60)]


class Footer(Part):
    """A small line below the body."""

    text: Annotated[str, _text(60)]


class Body1024(Part):
    """The words of every interactive message but a list."""

    text: Annotated[str, _text(1024)]


class Body4096(Part):
    """The words of a list message."""

    text: Annotated[str, _text(4096)]


class Row(Part):
    """What the customer picks from a list."""

    id: Annotated[str, _text(200)]
    title: Annotated[str, _text(24)]
    description: Annotated[str, _text(72)] | None = None


class ListSection(Part):
    """Rows under a common title."""

    title: Annotated[str, _text(24)] | None = None
    rows: list[Row] = Field(min_length=1, max_length=10)


class ListAction(Part):
    """The button that opens the list, and the list."""

    button: Annotated[str, _text(20)]
    sections: list[ListSection] = Field(min_length=1, max_length=10)

    @model_validator(mode="after")
    def _whole_list(self) -> "ListAction":
        rows = [row for section in self.sections for row in section.rows]
        if len(rows) > 10:
            raise ValueError("a list has at most 10 rows over all sections")
        if len({row.id for row in rows}) < len(rows):
            raise ValueError("row ids must be unique")
        if len({row.title for row in rows}) < len(rows):
            raise ValueError("row titles must be unique")
        if len(self.sections) > 1 and not all(section.title for section in self.sections):
            raise ValueError("every section needs a title when there is more than one")
        return self


class InteractiveList(Part):
    """A message with a list to open."""

    type: Literal["list"]
    header: Header | None = None
    body: Body4096
    footer: Footer | None = None
    action: ListAction


class Reply(Part):
    """What a button sends back, and what it says."""

    id: Annotated[str, _text(256)]
    title: Annotated[str, _text(20)]


class ReplyButton(Part):
    """A button below a message."""

    type: Literal["reply"]
    reply: Reply


class ButtonAction(Part):
    """One to three buttons."""

    buttons: list[ReplyButton] = Field(min_length=1, max_length=3)

    @model_validator(mode="after")
    def _distinct(self) -> "ButtonAction":
        for name in ("id", "title"):
            values = {getattr(button.reply, name) for button in self.buttons}
            if len(values) < len(self.buttons):
                raise ValueError(f"button {name}s must be unique")
        return self


class InteractiveButtons(Part):
    """A message with buttons that answer for the customer."""

    type: Literal["button"]
    header: Header | None = None
    body: Body1024
    footer: Footer | None = None
    action: ButtonAction


class LinkParameters(Part):
    """What the link button says and opens."""

    display_text: Annotated[str, _text(20)]
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2000)]


class LinkAction(Part):
    """A single button that opens a web page."""

    name: Literal["cta_url"]
    parameters: LinkParameters


class InteractiveLink(Part):
    """A message with a link button."""

    type: Literal["cta_url"]
    header: Header | None = None
    body: Body1024
    footer: Footer | None = None
    action: LinkAction


Interactive = Annotated[InteractiveList | InteractiveButtons | InteractiveLink, Field(discriminator="type")]


class Media(Part):
    """Something uploaded before (`id`) or to be fetched by Meta (`link`)."""

    id: str | None = None
    link: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "Media":
        if (self.id is None) == (self.link is None):
            raise ValueError("exactly one of id and link is needed")
        return self


class CaptionedMedia(Media):
    """A picture or a film, perhaps with words below."""

    caption: Annotated[str, _text(1024)] | None = None


class Document(CaptionedMedia):
    """A file that is opened elsewhere."""

    filename: Annotated[str, _text(240)] | None = None


class Audio(Media):
    """Something to hear; `voice` makes it look like a recording of the moment."""

    voice: bool = False


class Language(Part):
    """The language of a template."""

    code: Annotated[str, _text(15)]


class TemplateParameter(BaseModel):
    """A value for a variable of a template; `parameter_name` where variables have names."""

    type: str
    parameter_name: str | None = None
    text: str = ""
    payload: str = ""
    coupon_code: str = ""


class TemplateComponent(BaseModel):
    """The values for one part of a template; `index` says which button, counted from 0."""

    type: Literal["header", "body", "button"]
    sub_type: Literal["quick_reply", "url", "copy_code"] | None = None
    index: int | None = None
    parameters: list[TemplateParameter] = []


class Template(Part):
    """A message that was approved beforehand; the only kind that goes outside the window."""

    name: Annotated[str, _text(512)]
    language: Language
    components: list[TemplateComponent] = []


class Reaction(Part):
    """An emoji on a customer's message; empty takes it away."""

    message_id: Annotated[str, _text(256)]
    emoji: str


class Location(Part):
    """A place on the map."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    name: str | None = None
    address: str | None = None


class CardName(Part):
    """Beside the formatted name Meta wants one more part of it."""

    formatted_name: Annotated[str, _text(255)]
    first_name: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    prefix: str | None = None
    suffix: str | None = None

    @model_validator(mode="after")
    def _two_parts(self) -> "CardName":
        if not any((self.first_name, self.last_name, self.middle_name, self.prefix, self.suffix)):
            raise ValueError("one part of the name is needed beside formatted_name")
        return self


class CardPhone(Part):
    """A number of the person on a card."""

    phone: str | None = None
    type: str | None = None
    wa_id: str | None = None


class Card(BaseModel):
    """A shared contact; of what else Meta takes, nothing is shown."""

    name: CardName
    phones: list[CardPhone] = []


Cards = Annotated[list[Card], Field(min_length=1, max_length=257)]

CONTENT: dict[str, Any] = {
    "text": Text,
    "interactive": Interactive,
    "template": Template,
    "reaction": Reaction,
    "location": Location,
    "contacts": Cards,
    "image": CaptionedMedia,
    "video": CaptionedMedia,
    "audio": Audio,
    "document": Document,
    "sticker": Media,
}
