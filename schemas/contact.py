"""What the doors take and give about customers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from models.support_ticket import TicketStatus
from schemas.fields import Utc
from schemas.support_ticket import Strict
from services import contact_guesses, contact_service
from services.contact_change_service import ContactChange, ContactDetails
from services.phone_numbers import readable

Word = Annotated[str, StringConstraints(max_length=300)]


class ContactTicket(BaseModel):
    """One of a customer's tickets, as far as a link to it needs."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    status: TicketStatus
    issue_description: str
    created_at: Utc
    resolved_at: Utc | None


class ContactResponse(BaseModel):
    """A customer. `profile_name` is what they call themselves; what is guessed follows from their number.

    `kept_messages` came while they were blocked. `tickets` are the newest of `ticket_count`.
    """

    id: int
    name: str
    profile_name: str
    phone_number: str | None
    readable_number: str | None
    username: str | None
    language: str
    timezone: str
    guessed_country: str
    guessed_language: str
    guessed_timezone: str
    note: str
    version: int
    blocked_at: Utc | None
    kept_messages: int
    is_sample: bool
    created_at: Utc
    tickets: list[ContactTicket]
    ticket_count: int

    @classmethod
    def of(cls, details: ContactDetails) -> "ContactResponse":
        """The customer with what their number lets one guess."""
        contact = details.contact
        guesses = contact_guesses.from_number(contact.phone_number)
        return cls(
            id=contact.id,
            name=contact_service.display_name(contact),
            profile_name=contact.profile_name,
            phone_number=contact.phone_number,
            readable_number=readable(contact.phone_number),
            username=contact.username,
            language=contact.language,
            timezone=contact.timezone,
            guessed_country=guesses.country,
            guessed_language=guesses.language,
            guessed_timezone=guesses.timezone,
            note=contact.note or "",
            version=contact.version,
            blocked_at=contact.blocked_at,
            kept_messages=details.kept,
            is_sample=contact.is_sample,
            created_at=contact.created_at,
            tickets=[ContactTicket.model_validate(ticket) for ticket in details.tickets],
            ticket_count=details.ticket_count,
        )


class ContactUpdate(Strict):
    """What is to be changed; what is left out stays. With `version`, only if nobody changed it since."""

    name: Word | None = None
    language: Word | None = None
    timezone: Word | None = None
    note: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    blocked: bool | None = None
    version: int | None = None

    def change(self) -> ContactChange:
        """The same for the service."""
        return ContactChange(self.name, self.language, self.timezone, self.note, self.blocked)
