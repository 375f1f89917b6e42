"""What is handed over to a customer who asks for what the desk keeps of them."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.contact import IdentityKind
from models.support_ticket import MessageKind, SenderType, TicketStatus
from schemas.fields import Utc
from schemas.support_message import Media, Reaction
from services.contact_export_service import ContactData
from services.thread_rows import ThreadRow


class ExportedIdentity(BaseModel):
    """By what WhatsApp knows the customer."""

    model_config = ConfigDict(from_attributes=True)

    kind: IdentityKind
    value: str
    created_at: Utc


class ExportedTicket(BaseModel):
    """A ticket of the customer."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    status: TicketStatus
    issue_description: str
    created_at: Utc
    resolved_at: Utc | None


class ExportedMessage(BaseModel):
    """A message of the customer, or to them; `ticket_id` is null for what was said to the bot alone."""

    id: int
    ticket_id: int | None
    sender_type: SenderType
    sender_name: str
    kind: MessageKind
    message: str
    original_message: str | None
    payload: dict[str, Any] | None
    occurred_at: Utc
    edited_at: Utc | None
    revoked_at: Utc | None
    media: Media | None
    reactions: list[Reaction]

    @classmethod
    def of(cls, message: ThreadRow) -> "ExportedMessage":
        """The message with what belongs to it, also where its sender deleted it: it is still kept."""
        plain = set(cls.model_fields) - {"media", "reactions"}
        return cls.model_validate(
            {
                **{name: getattr(message, name) for name in plain},
                "media": Media.of(message.media) if message.media else None,
                "reactions": Reaction.all_of(message),
            }
        )


class ContactExport(BaseModel):
    """Everything that the desk keeps of one customer. Language and time zone may be empty.

    `messages` come last: `in_parts` fills them in.
    """

    id: int
    name: str
    profile_name: str
    username: str | None
    phone_number: str | None
    language: str
    timezone: str
    note: str | None
    blocked_at: Utc | None
    created_at: Utc
    identities: list[ExportedIdentity]
    tickets: list[ExportedTicket]
    messages: list[ExportedMessage]

    @classmethod
    def of(cls, data: ContactData) -> "ContactExport":
        """The customer without the messages, which may be too many for one list."""
        plain = set(cls.model_fields) - {"identities", "tickets", "messages"}
        return cls.model_validate(
            {
                **{name: getattr(data.contact, name) for name in plain},
                "identities": [ExportedIdentity.model_validate(each) for each in data.contact.identities],
                "tickets": [ExportedTicket.model_validate(each) for each in data.tickets],
                "messages": [],
            }
        )


def in_parts(customer: ContactExport, messages: Iterable[Iterable[ThreadRow]]) -> Iterator[str]:
    """The JSON of this customer with their messages, as those are read."""
    head, _, tail = customer.model_dump_json().rpartition("]")
    yield head
    before = "\n"
    for part in messages:
        lines = [ExportedMessage.of(each).model_dump_json() for each in part]
        if lines:
            yield before + ",\n".join(lines)
            before = ",\n"
    yield f"]{tail}"
