"""Answers that the desk gives often, kept ready."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from config.database import GIVEN_ONCE, Base, UtcDateTime, exact_string, utc_now


class CannedReply(Base):
    """A text with blanks such as `{{contact.first_name}}`, which the composer fills in.

    `shortcut` is what follows the slash there, in small letters. `version` grows with every change.
    """

    __tablename__ = "canned_replies"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    shortcut: Mapped[str] = mapped_column(exact_string(40), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
