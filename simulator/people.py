"""What the phone page shows: customers, their threads, and what was asked of Graph."""

from typing import Any, Literal

from pydantic import BaseModel, Field

Status = Literal["accepted", "sent", "delivered", "read", "played", "failed"]
MediaKind = Literal["image", "video", "voice", "audio", "document", "sticker"]


class Choice(BaseModel):
    """A row of a list, or a reply button."""

    id: str
    title: str
    description: str | None = None


class Section(BaseModel):
    """Rows of a list under a common title."""

    title: str | None = None
    rows: list[Choice]


class Link(BaseModel):
    """A button that leads out of the chat: a web page, or `tel:` and a number."""

    label: str
    url: str


class Menu(BaseModel):
    """The part of an interactive message that can be tapped."""

    header: str | None = None
    footer: str | None = None
    list_label: str | None = Field(default=None, description="What the button says that opens the list.")
    sections: list[Section] = []
    buttons: list[Choice] = []
    template_buttons: list[Choice] = Field(default=[], description="Quick replies; `id` is the payload.")
    links: list[Link] = []


class Quote(BaseModel):
    """The message that this one answers; without author and text when the simulator no longer has it."""

    message_id: str
    author: Literal["customer", "business"] | None = None
    type: str | None = None
    text: str | None = None


class Attachment(BaseModel):
    """A file in the bubble. Without `id` it is one that Meta was to fetch from a link."""

    id: str | None = Field(default=None, description="To be had from /files/{id}, as long as it is kept.")
    kind: MediaKind
    mime_type: str = ""
    filename: str | None = None
    size: int = Field(default=0, description="Bytes.")


class Place(BaseModel):
    """A point on the map, in degrees."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    name: str | None = None
    address: str | None = None


class ContactCard(BaseModel):
    """Somebody's name and numbers."""

    name: str
    phones: list[str] = []


class Reactions(BaseModel):
    """One emoji from each side at most."""

    customer: str | None = None
    business: str | None = None


class Message(BaseModel):
    """One bubble, with what its sender sees as ticks."""

    id: str
    author: Literal["customer", "business"]
    type: str = Field(description="Meta's name of the kind: text, interactive, template, image…")
    text: str = Field(description="The words in the bubble, or the caption; may be empty.")
    at: int = Field(description="Unix time in seconds.")
    status: Status
    error: str | None = None
    quote: Quote | None = None
    menu: Menu | None = None
    media: Attachment | None = None
    place: Place | None = None
    cards: list[ContactCard] = []
    reactions: Reactions = Reactions()
    forwarded: Literal["once", "often"] | None = None
    is_edited: bool = False
    is_deleted: bool = False
    pricing_category: str | None = Field(default=None, description="Of the business's messages.")
    biz_opaque_callback_data: str | None = None


class Customer(BaseModel):
    """A person with WhatsApp. `unread` counts what the business sent and nobody looked at."""

    id: str
    name: str
    phone_number: str | None = Field(description="Digits; null for someone known by user name alone.")
    username: str | None = None
    user_id: str = Field(description="The business-scoped user id (BSUID).")
    last_wrote_at: int | None = None
    unread: int = 0
    hours_behind: float = Field(
        default=0, description="How long ago this person's messages are said to have been written."
    )


class Thread(BaseModel):
    """A chat, oldest message first."""

    customer: Customer
    messages: list[Message]


class GraphRequest(BaseModel):
    """One POST to Graph's messages endpoint, in the order of arrival."""

    at: float = Field(description="Unix time in seconds.")
    body: Any
    http_status: int
    error_code: int | None = None
    message_id: str | None = Field(default=None, description="Set when the message was accepted.")
    biz_opaque_callback_data: str | None = None
    answered: bool = Field(default=True, description="False when the answer was dropped on purpose.")


class Change(BaseModel):
    """What the event stream tells. `reset`: fetch the state afresh."""

    type: Literal["customer", "message", "typing", "reset"]
    customer: Customer | None = None
    message: Message | None = None
