"""When something may be sent from a ticket. To be asked inside the act that sends, with the ticket locked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from config.database import DatabaseClock
from models.conversation import Conversation
from models.support_ticket import SupportMessage, SupportTicket, TicketStatus
from services.errors import DeskError
from services.ticket_change_service import LARGEST_ID
from whatsapp.window import is_open

_STANDING = (
    select(DatabaseClock(), Conversation.last_customer_message_at, Conversation.state)
    .select_from(SupportTicket)
    .outerjoin(
        Conversation,
        (Conversation.contact_id == SupportTicket.contact_id)
        & (Conversation.phone_number_id == bindparam("number")),
    )
    .where(SupportTicket.id == bindparam("ticket_id"))
)


class TicketClosed(DeskError):
    """Nothing more is sent from a closed ticket."""

    status = 409
    code = "ticket_closed"

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"Ticket #{ticket_id} is closed. Set its status to OPEN to answer.")


class WindowClosed(DeskError):
    """WhatsApp would refuse it (131047), so it is not even queued."""

    status = 409
    code = "window_closed"

    def __init__(self) -> None:
        super().__init__(
            "The customer last wrote more than 24 hours ago, and WhatsApp then takes only templates. "
            "Send a template, or wait until they write again."
        )


class MessageNotFound(DeskError):
    """The ticket has no message of that id."""

    status = 404
    code = "message_not_found"

    def __init__(self, message_id: int) -> None:
        super().__init__(f"This ticket has no message {message_id}.")


def check_open(ticket: SupportTicket) -> None:
    """Raises TicketClosed."""
    if ticket.status is TicketStatus.CLOSED:
        raise TicketClosed(ticket.id)


@dataclass(frozen=True)
class Standing:
    """What decides on sending, by the database's clock; `state` is the talk's, where there has been one."""

    now: datetime
    last_customer_message_at: datetime | None
    state: str | None


def standing(db: Session, ticket: SupportTicket, number: str | None = None) -> Standing:
    """How things stand between the ticket's customer and this number of ours, the ticket's by default."""
    talk = {"ticket_id": ticket.id, "number": number or ticket.phone_number_id}
    return Standing(*db.connection().execute(_STANDING, talk).one())


def check_window(at: Standing) -> None:
    """For what is no template. Of customers who never wrote WhatsApp decides. Raises WindowClosed."""
    last = at.last_customer_message_at
    if last is not None and not is_open(last, at.now):
        raise WindowClosed


def find_message(db: Session, ticket: SupportTicket, message_id: int) -> SupportMessage:
    """A row of this ticket's thread, as it is now. Raises MessageNotFound."""
    found = None
    if 0 < message_id <= LARGEST_ID:
        found = db.scalar(
            select(SupportMessage)
            .where(SupportMessage.id == message_id, SupportMessage.ticket_id == ticket.id)
            .execution_options(populate_existing=True)
        )
    if found is None:
        raise MessageNotFound(message_id)
    return found
