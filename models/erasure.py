"""Customers who were erased, and by what they are recognised when an old message of theirs comes again."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, UtcDateTime, exact_string, utc_now


class Erasure(Base):
    """A customer's data is to go, or is gone: an empty `completed_at` is work to be taken up again.

    The contact's row stays as the place that its tickets hang on, with nothing of the person in it.
    """

    __tablename__ = "erasures"
    __table_args__ = (Index("ix_erasures_completed_at", "completed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), unique=True)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ErasedIdentity(Base):
    """One name of an erased person, as a keyed hash: without SECRET_KEY nobody can tell whose it is.

    What the person wrote before `erased_at` is refused; what they write later is a new customer's.
    """

    __tablename__ = "erased_identities"

    digest: Mapped[str] = mapped_column(exact_string(64), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
