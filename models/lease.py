"""Who is working on what."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, UtcDateTime, exact_string


class Lease(Base):
    """A right to do one piece of work until `expires_at`, by the database's clock.

    Names: `outbox:<phone_number_id>` for the one sender of a number, `inbox:<shard>` for a part of the inbox.
    """

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(exact_string(80), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), default="")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
