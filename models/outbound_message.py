"""The outbox: everything that is to go to WhatsApp, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.database import GIVEN_ONCE, Base, UtcDateTime, exact_string, utc_now
from models.contact import Contact


class DeliveryState(StrEnum):
    """States only climb from QUEUED to READ. FAILED: WhatsApp refused it. UNKNOWN: it may have gone out."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class OutboundMessage(Base):
    """One attempt to bring one message to one customer.

    `callback_id` travels as `biz_opaque_callback_data` and comes back with every status. `payload` is the
    body for Graph without the address, which is looked up when it is sent. `pricing` is what Meta's status
    said it costs. `retry_of_id` is the attempt that this one repeats. `dismissed_at` is when somebody decided
    that this one, of which nobody knows, is not repeated.
    """

    __tablename__ = "outbound_messages"
    __table_args__ = (
        Index("ix_outbound_messages_due", "state", "phone_number_id", "contact_id", "id"),
        GIVEN_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    phone_number_id: Mapped[str] = mapped_column(exact_string(64))
    callback_id: Mapped[str] = mapped_column(exact_string(36), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default=DeliveryState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wamid: Mapped[str | None] = mapped_column(exact_string(255), unique=True)
    error_code: Mapped[int | None]
    error_detail: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pricing: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    retry_of_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_messages.id"), index=True)

    contact: Mapped[Contact] = relationship()
    retry_of: Mapped["OutboundMessage | None"] = relationship(remote_side="OutboundMessage.id")
