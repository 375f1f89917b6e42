"""When something may be sent from a ticket. To be asked inside the act that sends, with the ticket locked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import database_now
from models.conversation import Conversation
from models.support_ticket import SupportMessage, SupportTicket, TicketStatus
from services.errors import DeskError
from services.ticket_change_service import LARGEST_ID
from whatsapp.window import is_open


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


def check_window(db: Session, ticket: SupportTicket) -> None:
    """For what is no template. Of customers who never wrote WhatsApp decides. Raises WindowClosed."""
    last = db.scalar(
        select(Conversation.last_customer_message_at).where(
            Conversation.contact_id == ticket.contact_id,
            Conversation.phone_number_id == ticket.phone_number_id,
        )
    )
    if last is not None and not is_open(last, database_now(db)):
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
