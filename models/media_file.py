"""Photos, voices, papers: what belongs to a message beside its words."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from config.database import GIVEN_ONCE, Base, UtcDateTime, exact_string, utc_now


class MediaState(StrEnum):
    """PENDING is still to be fetched from WhatsApp; FAILED can be fetched again by hand."""

    PENDING = "pending"
    STORED = "stored"
    FAILED = "failed"


class MediaFile(Base):
    """One file, received or to be sent.

    `provider_media_id` is WhatsApp's: it expires (7 days for received, 30 for uploaded files, counted from
    `provider_media_at`). `sha256` is hex: announced by WhatsApp for a received file, computed for an own
    one. The keys name objects in the media store; `playable_key` is a voice note for phones that cannot
    play Opus. `message_id` is NULL while an uploaded file waits to be sent. `mime_type` is what WhatsApp or
    the browser announced until the file is STORED, and from then on what its content is. `tried_at` are the
    times (ISO 8601) of the newest tries to fetch it, at most ten.
    """

    __tablename__ = "media_files"
    __table_args__ = (Index("ix_media_files_due", "state", "next_attempt_at"), GIVEN_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("support_messages.id"), unique=True)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("admins.id"))
    phone_number_id: Mapped[str] = mapped_column(exact_string(64))
    provider_media_id: Mapped[str | None] = mapped_column(exact_string(255))
    provider_media_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    mime_type: Mapped[str] = mapped_column(String(100), default="")
    filename: Mapped[str | None] = mapped_column(String(255))
    sha256: Mapped[str | None] = mapped_column(exact_string(64))
    size: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration_ms: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(20), default=MediaState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[list[str]] = mapped_column(JSON, default=list)
    error: Mapped[str | None] = mapped_column(Text)
    storage_key: Mapped[str | None] = mapped_column(exact_string(255))
    thumbnail_key: Mapped[str | None] = mapped_column(exact_string(255))
    playable_key: Mapped[str | None] = mapped_column(exact_string(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    stored_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
