"""What the doors take and give about tickets and their messages."""

import uuid
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models.support_ticket import SupportTicket, TicketPriority, TicketStatus
from schemas.cost import TicketCost
from schemas.fields import Utc
from schemas.support_message import SupportMessageSchema
from services.business_day import day_of
from services.cost_service import Costs
from services.message_text import MAX_CUSTOMER_LENGTH
from services.thread_page_service import ThreadPage
from services.ticket_change_service import LARGEST_ID, Change
from services.ticket_page import TicketPage
from services.ticket_rows import TicketRow
from services.ticket_tagging import MOST_ON_A_TICKET
from whatsapp.window import window_expires_at

Text = Annotated[str, StringConstraints(max_length=MAX_CUSTOMER_LENGTH)]
"""The services say what else is wrong with a text, in words that fit the sender."""

TagIds = Annotated[list[Annotated[int, Field(ge=1, le=LARGEST_ID)]], Field(max_length=MOST_ON_A_TICKET)]


__all__ = [
    "SupportMessageCreate",
    "SupportMessageSchema",
    "SupportNotificationResponse",
    "SupportTicketCreate",
    "SupportTicketResponse",
]


class Strict(BaseModel):
    """A request in which an unknown field is an error and not a surprise."""

    model_config = ConfigDict(extra="forbid")


class SupportTicketCreate(Strict):
    """A ticket that the desk opens for a customer."""

    phone_number: Annotated[str, StringConstraints(max_length=40)]
    sender_name: Annotated[str, StringConstraints(max_length=255)]
    issue_description: Text


class TicketChanges(Strict):
    """What is to be changed; what is left out stays. `assigned_admin_id: null` takes the assignee away."""

    status: str | None = None
    priority: str | None = None
    assigned_admin_id: int | None = None
    add_tag_ids: TagIds = []
    remove_tag_ids: TagIds = []

    def change(self) -> Change:
        """The same for the services."""
        return Change(
            status=self.status,
            priority=self.priority,
            assigned_admin_id=self.assigned_admin_id,
            unassign="assigned_admin_id" in self.model_fields_set and self.assigned_admin_id is None,
            add_tag_ids=frozenset(self.add_tag_ids),
            remove_tag_ids=frozenset(self.remove_tag_ids),
        )


class SupportTicketUpdate(TicketChanges):
    """Changes of one ticket; with the version that the caller saw, any change in between refuses them."""

    version: int | None = None


class SupportMessageCreate(Strict):
    """A message; the same `client_id` again gives back the first one."""

    message: Text
    client_id: uuid.UUID | None = None


class SupportTicketResponse(BaseModel):
    """A ticket as the desk shows it. `window_expires_at`: free text reaches the customer until then.

    `phone_number_id` is the number of ours that the customer writes to, as WhatsApp calls it. `opened_on` is
    the day of `created_at` in BUSINESS_TIMEZONE.
    """

    id: int
    contact_id: int
    phone_number: str | None
    sender_name: str
    issue_description: str
    status: TicketStatus
    priority: TicketPriority
    assigned_admin_id: int | None
    assigned_admin_name: str | None
    created_at: Utc
    opened_on: date
    updated_at: Utc
    resolved_at: Utc | None
    unread_count: int
    version: int
    waiting_since: Utc | None
    last_message_at: Utc
    last_message_preview: str
    window_expires_at: Utc | None
    phone_number_id: str
    tag_ids: list[int]

    @classmethod
    def of(cls, ticket: SupportTicket | TicketRow) -> "SupportTicketResponse":
        """The ticket with its assignee and the state of the customer's window."""
        return cls.model_construct(
            **{name: getattr(ticket, name) for name in TICKET_FIELDS},
            opened_on=day_of(ticket.created_at),
            window_expires_at=window_expires_at(ticket.last_customer_message_at),
        )


TICKET_FIELDS = frozenset(SupportTicketResponse.model_fields) - {"opened_on", "window_expires_at"}


class SupportThreadPage(BaseModel):
    """A part of a thread, in the order in which it was written.

    `earlier_cursor` asks for the part before it, and is null where the thread begins. `quoted` holds what
    these messages reply to and that is not among them.
    """

    messages: list[SupportMessageSchema]
    quoted: list[SupportMessageSchema]
    earlier_cursor: str | None

    @classmethod
    def of_page(cls, page: ThreadPage) -> "SupportThreadPage":
        """The page with all that belongs to its messages."""
        return cls.model_construct(
            messages=[SupportMessageSchema.of(message) for message in page.messages],
            quoted=[SupportMessageSchema.of(message) for message in page.quoted],
            earlier_cursor=page.earlier_cursor,
        )


class SupportTicketThread(SupportTicketResponse, SupportThreadPage):
    """A ticket with the newest part of its thread, and what it cost so far."""

    cost: TicketCost

    @classmethod
    def with_page(cls, ticket: TicketRow, costs: Costs, page: ThreadPage) -> "SupportTicketThread":
        """The ticket and its thread."""
        head, thread = SupportTicketResponse.of(ticket), SupportThreadPage.of_page(page)
        return cls.model_construct(**dict(head), **dict(thread), cost=TicketCost.of(costs))


class SupportTicketList(BaseModel):
    """A page of live tickets and how many there are."""

    tickets: list[SupportTicketResponse]
    total: int


class SupportTicketPage(SupportTicketList):
    """A page of tickets; `next_cursor` asks for the next one, and is null on the last.

    `total` is exact up to 1,000; `total_is_capped` says that there are more.
    """

    total_is_capped: bool
    next_cursor: str | None

    @classmethod
    def of(cls, page: TicketPage) -> "SupportTicketPage":
        """The page with its tickets as the desk shows them."""
        return cls(
            tickets=[SupportTicketResponse.of(ticket) for ticket in page.tickets],
            total=page.total,
            total_is_capped=page.total_is_capped,
            next_cursor=page.next_cursor,
        )


class SupportNotificationResponse(BaseModel):
    """How much waits for the desk."""

    open_tickets: int
    in_progress_tickets: int
    unassigned_tickets: int
    has_alerts: bool
