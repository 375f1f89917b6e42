"""What the desk does with tickets. Every call made alone is durable when it returns."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from config.bulk_rows import insert_row
from config.database import transaction, utc_now
from config.settings import get_settings
from models.contact import Contact
from models.conversation import Conversation
from models.support_ticket import SenderType, SupportMessage, SupportTicket
from realtime import ticket_counts
from realtime.events import EventKind, record
from services import contact_service, reply_content, reply_service
from services.conversation_service import ConversationState
from services.customer_message_service import new_ticket
from services.errors import DeskError
from services.message_text import MAX_CUSTOMER_LENGTH, checked
from services.phone_numbers import normalise
from services.reply_service import Author
from services.ticket_change_service import LARGEST_ID, Change, change_ticket
from services.ticket_page import TICKET_PARTS
from whatsapp.incoming import Person
from whatsapp.values import clean_text, short_text


class UnknownSenderType(DeskError):
    """The text names no kind of sender."""

    code = "unknown_sender_type"

    def __init__(self, sender_type: object) -> None:
        known = ", ".join(SenderType)
        super().__init__(f"There is no sender type {str(sender_type)[:40]!r}; use one of {known}.")


class Notifications(TypedDict):
    """How much waits for the desk."""

    open_tickets: int
    in_progress_tickets: int
    unassigned_tickets: int
    has_alerts: bool


# whether the contact is blocked, the live ticket and the talk with the number
_STANDING: Select[datetime | None, SupportTicket | None, Conversation | None] = (
    select(Contact.blocked_at, SupportTicket, Conversation)
    .where(Contact.id == bindparam("contact_id"))
    .outerjoin(SupportTicket, SupportTicket.live_contact_id == Contact.id)
    .outerjoin(
        Conversation,
        (Conversation.contact_id == Contact.id)
        & (Conversation.phone_number_id == bindparam("phone_number_id")),
    )
    .execution_options(populate_existing=True)
)


class SupportService:
    """The seven methods of the brief; what else is done with tickets has services of its own."""

    @staticmethod
    def create_ticket(
        db: Session, phone_number: str, sender_name: str, issue_description: str
    ) -> SupportTicket:
        """Open a ticket, or give back the customer's live one unchanged: there is one at a time.

        From then on the customer's messages land in it. Raises InvalidPhoneNumber, EmptyMessage or
        MessageTooLong.
        """
        number = normalise(phone_number)
        description = checked(clean_text(issue_description), MAX_CUSTOMER_LENGTH)
        name = short_text(sender_name, 255)
        with transaction(db):
            person = Person(number, user_id=None, parent_user_id=None, name="", username=None)
            [contact] = contact_service.resolve(db, [person], new_name=name)
            phone_number_id = get_settings().whatsapp_phone_number_id
            given = {"contact_id": contact.id, "phone_number_id": phone_number_id}
            blocked_at, present, conversation = db.execute(_STANDING, given).one()
            if present is not None:
                return present
            if blocked_at is not None:
                raise contact_service.ContactBlocked
            if not contact.name:
                contact.name = contact.profile_name = name
            ticket = new_ticket(contact, phone_number_id, description, utc_now())
            ticket.sender_name = name or ticket.sender_name
            ticket.taggings = []
            ticket_counts.watch(db, ticket)
            insert_row(db, ticket)
            if conversation is None:  # towards one who never wrote, too
                conversation = Conversation(**given, state=ConversationState.CHAT_SUPPORT)
                insert_row(db, conversation)
            else:
                conversation.state = ConversationState.CHAT_SUPPORT
            set_committed_value(ticket, "conversation", conversation)
            record(db, EventKind.TICKET_CREATED, ticket.id)
        return ticket

    @staticmethod
    def add_message(
        db: Session,
        ticket_id: int,
        sender_type: str,
        sender_name: str,
        message: str,
        *,
        client_id: str | None = None,
        admin_id: int | None = None,
    ) -> SupportMessage:
        """Put a message on the ticket. An admin's goes to the customer's WhatsApp and starts the work.

        `client_id` is a UUID of the caller's: the same again gives back the first message and sends
        nothing. Raises TicketNotFound, UnknownSenderType, EmptyMessage, MessageTooLong, TicketClosed,
        WindowClosed or ClientIdReused.
        """
        try:
            sender = SenderType(sender_type)
        except ValueError:
            raise UnknownSenderType(sender_type) from None
        make = reply_content.customer_text if sender is SenderType.USER else reply_content.text
        author = Author(sender, sender_name, admin_id)
        return reply_service.add(db, ticket_id, author, make(message), client_id=client_id)

    @staticmethod
    def get_ticket(db: Session, ticket_id: int) -> SupportTicket | None:
        """The ticket with its messages, or None."""
        if not 0 < ticket_id <= LARGEST_ID:
            return None
        query = select(SupportTicket).where(SupportTicket.id == ticket_id).options(*TICKET_PARTS)
        messages = selectinload(SupportTicket.messages)
        return db.scalar(query.options(messages).execution_options(populate_existing=True))

    @staticmethod
    def get_open_tickets(db: Session, skip: int = 0, limit: int = 50) -> list[SupportTicket]:
        """The live tickets, newest first."""
        query = select(SupportTicket).where(SupportTicket.live_contact_id.is_not(None))
        query = query.options(*TICKET_PARTS).execution_options(populate_existing=True)
        page = query.order_by(SupportTicket.id.desc()).offset(max(skip, 0)).limit(max(limit, 0))
        return list(db.scalars(page))

    @staticmethod
    def get_notifications(db: Session) -> Notifications:
        """How many live tickets there are of each kind; an alert is one that is open or has no assignee."""
        counts = ticket_counts.read(db)
        return {
            "open_tickets": counts.open_tickets,
            "in_progress_tickets": counts.in_progress_tickets,
            "unassigned_tickets": counts.unassigned_tickets,
            "has_alerts": counts.open_tickets > 0 or counts.unassigned_tickets > 0,
        }

    @staticmethod
    def update_ticket_status(db: Session, ticket_id: int, status: str) -> SupportTicket:
        """Raises TicketNotFound, UnknownStatus, StatusNotAllowed or LiveTicketExists."""
        return change_ticket(db, ticket_id, Change(status=str(status)))

    @staticmethod
    def assign_ticket(db: Session, ticket_id: int, admin_id: int | None) -> SupportTicket:
        """Give the ticket to an admin, or to nobody. Raises TicketNotFound or AdminNotFound."""
        return change_ticket(db, ticket_id, Change(assigned_admin_id=admin_id, unassign=admin_id is None))
