"""Where a customer stands with the bot."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.database import Base, UtcDateTime, exact_string, utc_now
from models.contact import Contact


class Conversation(Base):
    """One customer with one of the business's numbers.

    `last_customer_message_at` is Meta's time and runs the customer service window.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("contact_id", "phone_number_id", name="uq_conversations_contact_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    phone_number_id: Mapped[str] = mapped_column(exact_string(64))
    state: Mapped[str] = mapped_column(String(20), default="new")
    last_customer_message_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)

    contact: Mapped[Contact] = relationship()
