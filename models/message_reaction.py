"""Reactions: an emoji that the customer, or the desk, put on a message."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.database import Base, UtcDateTime, utc_now
from models.outbound_message import OutboundMessage


class MessageReaction(Base):
    """WhatsApp keeps one reaction of each side on a message. An empty `emoji` is one that was taken back.

    `occurred_at` is Meta's time: an older change that comes late changes nothing. `outbound_id` is what
    brings the desk's own to the customer; what was given on the business's phone has none.
    """

    __tablename__ = "message_reactions"
    __table_args__ = (UniqueConstraint("message_id", "sender_type", name="uq_message_reactions_sender"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("support_messages.id"))
    sender_type: Mapped[str] = mapped_column(String(10))
    sender_name: Mapped[str] = mapped_column(String(255), default="")
    emoji: Mapped[str] = mapped_column(String(64))
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    outbound_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_messages.id"), index=True)

    outbound: Mapped[OutboundMessage | None] = relationship()
