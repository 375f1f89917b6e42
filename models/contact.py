"""Customers. A customer is not a phone number: a contact has identities, and any of them may be missing."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.database import GIVEN_ONCE, Base, UtcDateTime, exact_string, utc_now


class IdentityKind(StrEnum):
    """By what WhatsApp knows a person. A user name is display data and never a key."""

    PHONE = "phone"
    USER_ID = "user_id"
    PARENT_USER_ID = "parent_user_id"


class Contact(Base):
    """A person who writes to the business. Its row is the lock for everything that belongs to the person.

    `profile_name` is what they call themselves; `name` follows it until the desk gives another. `language`
    and `timezone` are empty until somebody at the desk knows them. `version` grows with every change that
    the desk makes. `is_sample`: nobody; nothing is ever sent to them.
    """

    __tablename__ = "contacts"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    phone_number: Mapped[str | None] = mapped_column(String(20), index=True)
    username: Mapped[str | None] = mapped_column(String(255))
    profile_name: Mapped[str] = mapped_column(String(255), default="")
    language: Mapped[str] = mapped_column(String(35), default="")
    timezone: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)

    identities: Mapped[list["ContactIdentity"]] = relationship(back_populates="contact")


class ContactIdentity(Base):
    """One of the names by which WhatsApp knows a contact."""

    __tablename__ = "contact_identities"
    __table_args__ = (UniqueConstraint("kind", "value", name="uq_contact_identities_kind_value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(exact_string(160))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    contact: Mapped[Contact] = relationship(back_populates="identities")
