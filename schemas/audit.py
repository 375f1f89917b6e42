"""What the door of the audit log gives."""

from pydantic import BaseModel

from models.audit_entry import AuditAction, AuditEntry, Via
from schemas.fields import Utc


class AuditEntryResponse(BaseModel):
    """One act. `actor_name` is the name as it is now."""

    id: int
    created_at: Utc
    actor_id: int | None
    actor_name: str | None
    via: Via
    address: str
    action: AuditAction
    target_kind: str | None
    target_id: int | None
    fields: list[str]

    @classmethod
    def of(cls, entry: AuditEntry, actor_name: str | None) -> "AuditEntryResponse":
        """The entry, with who that was."""
        return cls(
            id=entry.id,
            created_at=entry.created_at,
            actor_id=entry.actor_id,
            actor_name=actor_name,
            via=Via(entry.via),
            address=entry.address,
            action=AuditAction(entry.action),
            target_kind=entry.target_kind,
            target_id=entry.target_id,
            fields=entry.fields,
        )


class AuditPage(BaseModel):
    """Newest first; `next_cursor` asks for what is older."""

    entries: list[AuditEntryResponse]
    next_cursor: int | None
