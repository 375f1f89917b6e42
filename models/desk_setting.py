"""What the people at the desk decide by themselves, without the environment."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, UtcDateTime, exact_string, utc_now


class DeskSetting(Base):
    """One switch or table of the settings page; a missing row means the default."""

    __tablename__ = "desk_settings"

    name: Mapped[str] = mapped_column(exact_string(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)
