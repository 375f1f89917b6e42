"""What is to be asked of WhatsApp beside sending messages: read marks, typing, templates, health."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from config.database import GIVEN_ONCE, Base, UtcDateTime, exact_string, utc_now


class GraphTaskKind(StrEnum):
    """MARK_READ and TYPING are for a customer's eyes. FOLLOW_BLOCK: WhatsApp blocks whom the desk blocks.

    The others ask for news of the account.
    """

    MARK_READ = "mark_read"
    TYPING = "typing"
    SYNC_TEMPLATES = "sync_templates"
    CHECK_NUMBER = "check_number"
    FOLLOW_BLOCK = "follow_block"
    SELF_TEST = "self_test"


class GraphTask(Base):
    """A call to make once, soon. It is gone when it is done; what is later than `expires_at` is not done."""

    __tablename__ = "graph_tasks"
    __table_args__ = (Index("ix_graph_tasks_due", "next_attempt_at", "id"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    phone_number_id: Mapped[str] = mapped_column(exact_string(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
