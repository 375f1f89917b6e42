"""Tickets and their thread."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from config.database import GIVEN_ONCE, Base, UtcDateTime, exact_string, utc_now
from models.admin import Admin
from models.contact import Contact
from models.conversation import Conversation
from models.inbound_event import LongText
from models.media_file import MediaFile
from models.message_reaction import MessageReaction
from models.outbound_message import OutboundMessage
from models.tag import TicketTag


class TicketStatus(StrEnum):
    """OPEN waits for an admin's answer, IN_PROGRESS has one; both are live."""

    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"


class TicketPriority(StrEnum):
    """How much a ticket presses."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    URGENT = "URGENT"


class SenderType(StrEnum):
    """Who wrote a message."""

    USER = "user"
    ADMIN = "admin"
    BOT = "bot"


LIVE_STATUSES = (TicketStatus.OPEN, TicketStatus.IN_PROGRESS)


class SupportTicket(Base):
    """A customer's wish to be helped by a person.

    `live_contact_id` is the contact while the ticket is live and NULL afterwards: its unique key holds
    one live ticket per customer, and it makes the list of live tickets cheap. `version` grows with every
    change. `last_message_at` is Meta's time; `waiting_since` is ours, set while the customer waits.
    """

    __tablename__ = "support_tickets"
    __table_args__ = (
        Index("ix_support_tickets_status_id", "status", "id"),
        Index("ix_support_tickets_waiting_since", "waiting_since"),
        Index("ix_support_tickets_created_at", "created_at"),
        Index("ix_support_tickets_resolved_at", "resolved_at"),
        Index("ix_support_tickets_activity", "status", "last_message_at", "id"),
        Index("ix_support_tickets_waiting", "status", "waiting_since", "last_message_at", "id"),
        Index("ix_support_tickets_assignee", "assigned_admin_id", "status", "last_message_at", "id"),
        Index("ix_support_tickets_unread_count", "unread_count"),
        GIVEN_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phone_number: Mapped[str | None] = mapped_column(String(20), index=True)
    sender_name: Mapped[str] = mapped_column(String(255))
    issue_description: Mapped[str] = mapped_column(LongText)
    status: Mapped[TicketStatus] = mapped_column(
        Enum(TicketStatus, name="ticket_status"), default=TicketStatus.OPEN
    )
    priority: Mapped[TicketPriority] = mapped_column(
        Enum(TicketPriority, name="ticket_priority"), default=TicketPriority.MEDIUM
    )
    assigned_admin_id: Mapped[int | None] = mapped_column(ForeignKey("admins.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)

    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    live_contact_id: Mapped[int | None] = mapped_column(unique=True)
    phone_number_id: Mapped[str] = mapped_column(exact_string(64))
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unread_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_message_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_message_preview: Mapped[str] = mapped_column(String(200), default="")

    contact: Mapped[Contact] = relationship()
    conversation: Mapped[Conversation | None] = relationship(
        primaryjoin="and_(foreign(SupportTicket.contact_id) == Conversation.contact_id, "
        "foreign(SupportTicket.phone_number_id) == Conversation.phone_number_id)",
        viewonly=True,
        uselist=False,
    )
    assigned_admin: Mapped[Admin | None] = relationship()
    taggings: Mapped[list[TicketTag]] = relationship(
        order_by=TicketTag.tag_id, cascade="all, delete-orphan", passive_deletes=True
    )
    messages: Mapped[list["SupportMessage"]] = relationship(
        back_populates="ticket", order_by="(SupportMessage.occurred_at, SupportMessage.id)"
    )

    @property
    def assigned_admin_name(self) -> str | None:
        """Who has it, if anybody."""
        return self.assigned_admin.name if self.assigned_admin else None

    @property
    def last_customer_message_at(self) -> datetime | None:
        """Meta's time; runs the window of the number that the customer writes to."""
        return self.conversation.last_customer_message_at if self.conversation else None

    @property
    def tag_ids(self) -> list[int]:
        """In the order in which the tags were made."""
        return [tagging.tag_id for tagging in self.taggings]


class MessageKind(StrEnum):
    """What a row of the timeline is."""

    TEXT = "text"
    INTERACTIVE = "interactive"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    ORDER = "order"
    TEMPLATE = "template"
    OTHER = "other"
    ACTIVITY = "activity"
    NOTE = "note"


def whole_seconds(at: datetime) -> datetime:
    """Meta tells whole seconds. With ours cut to the same, rows of one second are in the order of arrival."""
    return at.replace(microsecond=0)


class NoteNeverLeaves(Exception):
    """A defect was about to send what the desk says among itself to a customer."""


class SupportMessage(Base):
    """One row of a customer's timeline.

    `ticket_id` is NULL for what was said to the bot outside of any ticket. `occurred_at` is Meta's time
    where there is one and orders the thread; `created_at` is ours. `payload` holds what a kind needs
    beside its text, such as the choices of a menu or the fields of an activity. `original_message` is the
    text before the customer's first edit. Short lines that are sent as one message share their `outbound_id`.
    """

    __tablename__ = "support_messages"
    __table_args__ = (Index("ix_support_messages_thread", "ticket_id", "occurred_at", "id"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("support_tickets.id"))
    sender_type: Mapped[str] = mapped_column(String(10))
    sender_name: Mapped[str] = mapped_column(String(255))
    message: Mapped[str] = mapped_column(LongText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default=MessageKind.TEXT)
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime, default=lambda: whole_seconds(utc_now()))
    wamid: Mapped[str | None] = mapped_column(exact_string(255), index=True)
    reply_to_wamid: Mapped[str | None] = mapped_column(exact_string(255), index=True)
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("support_messages.id"), index=True)
    client_id: Mapped[str | None] = mapped_column(exact_string(36), unique=True)
    admin_id: Mapped[int | None] = mapped_column(ForeignKey("admins.id"))
    outbound_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_messages.id"), index=True)
    phone_number_id: Mapped[str | None] = mapped_column(exact_string(64))
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    original_message: Mapped[str | None] = mapped_column(LongText)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ticket: Mapped[SupportTicket | None] = relationship(back_populates="messages")
    outbound: Mapped[OutboundMessage | None] = relationship()
    media: Mapped[MediaFile | None] = relationship(uselist=False)
    reactions: Mapped[list[MessageReaction]] = relationship(order_by=MessageReaction.sender_type)

    @validates("kind", "outbound", "outbound_id", "wamid")
    def _stays_here(self, name: str, value: object) -> object:
        kind = value if name == "kind" else self.kind
        outside = (self.outbound, self.outbound_id, self.wamid) if name == "kind" else (value,)
        if kind == MessageKind.NOTE and any(each is not None for each in outside):
            raise NoteNeverLeaves(self.id)
        return value

    @validates("occurred_at")
    def _whole_seconds(self, _name: str, at: datetime) -> datetime:
        return whole_seconds(at)
