"""What Meta tells about the account and its numbers."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from config.database import GIVEN_ONCE, Base, UtcDateTime, exact_string, utc_now


class Severity(StrEnum):
    """CRITICAL stops messages, WARNING may come to that, INFO is good to know."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class AccountEvent(Base):
    """One event of the account, in words for a person.

    `subject` names what it is about (a number, a template, the account): a newer event of the same field and
    subject takes the place of an older one on the health card. `dismissed_at`: somebody has seen to it.
    """

    __tablename__ = "account_events"
    __table_args__ = (Index("ix_account_events_subject", "field", "subject", "id"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    inbound_event_id: Mapped[int | None]
    field: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(exact_string(255), default="")
    severity: Mapped[str] = mapped_column(String(20), default=Severity.INFO)
    summary: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
