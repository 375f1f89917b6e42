"""The inbox: what Meta said, kept before anything is made of it."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Index, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, UtcDateTime, exact_string, utc_now

LongText = Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")


class InboundState(StrEnum):
    """PENDING is still to be worked off; QUARANTINED could not be understood and can be replayed."""

    PENDING = "pending"
    DONE = "done"
    QUARANTINED = "quarantined"


class InboundEvent(Base):
    """One message, status or account event of a webhook body.

    `dedupe_key` is the SHA-256 of what Meta calls the item, so that a webhook delivered again adds nothing.
    `lane` is the customer: events of one lane are worked off in order. `shard` groups lanes, and a worker
    takes a shard at a time. `payload` is JSON in ASCII, or the raw body where it was not JSON.
    """

    __tablename__ = "inbound_events"
    __table_args__ = (
        Index("ix_inbound_events_due", "state", "shard", "id"),
        Index("ix_inbound_events_pending", "state", "id"),
        Index("ix_inbound_events_waiting", "state", "next_attempt_at"),
        Index("ix_inbound_events_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(exact_string(64), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    lane: Mapped[str] = mapped_column(exact_string(64))
    shard: Mapped[int]
    payload: Mapped[str] = mapped_column(LongText)
    state: Mapped[str] = mapped_column(String(20), default=InboundState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    processed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DueEvent(NamedTuple):
    """What is needed of an event to work it off, by the names of its columns."""

    id: int
    kind: str
    lane: str
    shard: int
    payload: str
    attempts: int
    error: str | None
    received_at: datetime
