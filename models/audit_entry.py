"""Who did what. Rows are only ever added: triggers of the database refuse to change or delete one."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, UtcDateTime, exact_string, utc_now


class Via(StrEnum):
    """How the actor came in. STRANGER is somebody who did not."""

    BROWSER = "browser"
    TOKEN = "token"  # noqa: S105 - a word, not a secret
    COMMAND = "command"
    STRANGER = "stranger"


class AuditAction(StrEnum):
    """What was done, as noun and verb."""

    SESSION_START = "session.start"
    SESSION_REFUSE = "session.refuse"
    SESSION_END = "session.end"
    TICKET_CREATE = "ticket.create"
    TICKET_CHANGE = "ticket.change"
    TICKET_CLAIM = "ticket.claim"
    TICKET_READ = "ticket.read"
    MESSAGE_CREATE = "message.create"
    MESSAGE_RETRY = "message.retry"
    MESSAGE_DISMISS = "message.dismiss"
    MESSAGE_REACT = "message.react"
    NOTE_CREATE = "note.create"
    CANNED_REPLY_CREATE = "canned_reply.create"
    CANNED_REPLY_CHANGE = "canned_reply.change"
    CANNED_REPLY_DELETE = "canned_reply.delete"
    CONTACT_CHANGE = "contact.change"
    TAG_CREATE = "tag.create"
    TAG_CHANGE = "tag.change"
    TAG_MERGE = "tag.merge"
    TAG_DELETE = "tag.delete"
    FILE_UPLOAD = "file.upload"
    FILE_FETCH = "file.fetch"
    TEMPLATES_SYNC = "templates.sync"
    SETTINGS_CHANGE = "settings.change"
    NUMBER_CHECK = "number.check"
    SELF_TEST_RUN = "self_test.run"
    SAMPLES_ADD = "samples.add"
    SAMPLES_CLEAR = "samples.clear"
    ACCOUNT_EVENT_DISMISS = "account_event.dismiss"
    QUARANTINE_REPLAY = "quarantine.replay"
    ADMIN_CREATE = "admin.create"
    ADMIN_INVITE = "admin.invite"
    ADMIN_ACCEPT = "admin.accept"
    INVITE_REVOKE = "invite.revoke"
    ADMIN_ENABLE = "admin.enable"
    ROLE_CHANGE = "role.change"
    PROFILE_CHANGE = "profile.change"
    SECOND_FACTOR_BEGIN = "second_factor.begin"
    SECOND_FACTOR_ON = "second_factor.on"
    SECOND_FACTOR_OFF = "second_factor.off"
    RECOVERY_CODES_RENEW = "recovery_codes.renew"
    CONTACT_ERASE = "contact.erase"
    ADMIN_DISABLE = "admin.disable"
    PASSWORD_CHANGE = "password.change"  # noqa: S105 - a name, not a secret
    TOKEN_CREATE = "token.create"  # noqa: S105 - a name, not a secret
    TOKEN_REVOKE = "token.revoke"  # noqa: S105 - a name, not a secret


class AuditEntry(Base):
    """One act of one person. It names the target and the fields, and holds nothing of what is in them.

    Numbers instead of foreign keys: an entry outlives what it speaks of. `address` is where the request
    came from.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_created_at", "created_at"),
        Index("ix_audit_entries_actor", "actor_id", "id"),
        Index("ix_audit_entries_action", "action", "id"),
        Index("ix_audit_entries_target", "target_kind", "target_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    actor_id: Mapped[int | None]
    via: Mapped[str] = mapped_column(String(20))
    api_token_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(64), default="")
    action: Mapped[str] = mapped_column(exact_string(40))
    target_kind: Mapped[str | None] = mapped_column(exact_string(20))
    target_id: Mapped[int | None]
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
