"""The people at the desk, and how they prove who they are."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.database import GIVEN_ONCE, Base, UtcDateTime, exact_string, utc_now


class Role(StrEnum):
    """How far somebody's rights reach; `services/permissions.py` has the table."""

    AGENT = "agent"
    ADMIN = "admin"
    OWNER = "owner"


RoleColumn = Enum(Role, name="role", native_enum=False, length=20, values_callable=list)


class Admin(Base):
    """A person who may sign in. `email` is kept in lower case.

    `totp_secret` is encrypted, and counts once `totp_confirmed_at` is set. `totp_last_step` is the time step
    of the last code that was taken: an earlier or equal one is not taken again.
    """

    __tablename__ = "admins"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(RoleColumn, default=Role.AGENT)
    totp_secret: Mapped[str | None] = mapped_column(exact_string(255))
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class AdminSession(Base):
    """A browser that is signed in. Only the SHA-256 of the cookie's token is kept.

    `address` and `user_agent` tell a person which of their browsers it is.
    """

    __tablename__ = "admin_sessions"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(exact_string(64), unique=True)
    admin_id: Mapped[int] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(64), default="")
    user_agent: Mapped[str] = mapped_column(String(255), default="")

    admin: Mapped[Admin] = relationship()


class AdminInvite(Base):
    """A link by which somebody becomes an admin. Only the SHA-256 of its token is kept."""

    __tablename__ = "admin_invites"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    role: Mapped[Role] = mapped_column(RoleColumn)
    token_hash: Mapped[str] = mapped_column(exact_string(64), unique=True)
    invited_by: Mapped[int] = mapped_column(ForeignKey("admins.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """What stands in once for a lost second factor. Only its SHA-256 is kept; it has 80 random bits."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    admin_id: Mapped[int] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(exact_string(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class ApiToken(Base):
    """A program that acts for an admin. Only the SHA-256 of the token is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    token_hash: Mapped[str] = mapped_column(exact_string(64), unique=True)
    admin_id: Mapped[int] = mapped_column(ForeignKey("admins.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    admin: Mapped[Admin] = relationship()


class LoginAttempt(Base):
    """A sign-in that failed. `subject` is the SHA-256 of the account or of the address that tried."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_login_attempts_subject", "subject", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(exact_string(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
