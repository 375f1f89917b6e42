"""Templates: the messages that may be sent when the customer service window is closed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, UtcDateTime, exact_string, utc_now


class MessageTemplate(Base):
    """A template of the business account, as Meta last told it. `language` is written with an underscore.

    `status` and `quality` are Meta's words (APPROVED, REJECTED, PAUSED …; GREEN, YELLOW, RED). Only an
    APPROVED one can be sent. `gone_at` is set when a sync no longer finds it.
    """

    __tablename__ = "message_templates"
    __table_args__ = (UniqueConstraint("name", "language", name="uq_message_templates_name_language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_template_id: Mapped[str | None] = mapped_column(exact_string(64), index=True)
    name: Mapped[str] = mapped_column(exact_string(255))
    language: Mapped[str] = mapped_column(exact_string(20))
    status: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(40), default="")
    quality: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Text)
    components: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    synced_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
