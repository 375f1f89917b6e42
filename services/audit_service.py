"""The audit log: one entry an act, in the act's own transaction: neither is there without the other."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.bulk_rows import insert_rows
from config.database import transaction
from models.admin import Admin
from models.audit_entry import AuditAction, AuditEntry, Via
from services.actor import Actor

FIELD = re.compile(r"[a-z_]{1,40}(=[A-Za-z_]{1,40})?")
"""A field's name, or with one of its few possible values: neither words of a person nor a number fit in."""

EXPORT_STEP = 500


@dataclass(frozen=True)
class AuditFilter:
    """Which entries; None excludes none."""

    actor_id: int | None = None
    action: AuditAction | None = None


def record(
    db: Session,
    actor: Actor,
    action: AuditAction,
    target_kind: str | None = None,
    target_id: int | None = None,
    fields: Iterable[str] = (),
) -> None:
    """Note an act. To be called inside its transaction; `fields` are names such as `status`."""
    with audited(db, actor, action, target_kind, target_id, fields):
        pass


def record_stranger(db: Session, address: str, action: AuditAction, admin_id: int | None) -> None:
    """Note what somebody tried who did not get in; `admin_id` is the account that they named, if there is."""
    entry = AuditEntry(via=Via.STRANGER, address=address[:64], action=action, fields=[])
    entry.target_kind, entry.target_id = ("admin", admin_id) if admin_id is not None else (None, None)
    _add(db, entry)


@contextmanager
def audited(
    db: Session,
    actor: Actor,
    action: AuditAction,
    target_kind: str | None = None,
    target_id: int | None = None,
    fields: Iterable[str] = (),
) -> Iterator[AuditEntry]:
    """The block is one act and noted as such; it may set `target_id` once the target has a number."""
    with transaction(db):
        entry = AuditEntry(
            actor_id=actor.admin.id if actor.admin else None,
            via=actor.via,
            api_token_id=actor.api_token_id,
            address=actor.address[:64],
            action=action,
            target_kind=target_kind,
            target_id=target_id,
            fields=sorted(fields),
        )
        yield entry
        _add(db, entry)


def _add(db: Session, entry: AuditEntry) -> None:
    if not all(FIELD.fullmatch(field) for field in entry.fields):
        raise ValueError("The audit log takes names of fields, and nothing of what is in them.")
    insert_rows(db, [entry])


def page(
    db: Session, wanted: AuditFilter, before: int | None, limit: int
) -> list[tuple[AuditEntry, str | None]]:
    """Entries below the id `before`, newest first, each with its actor's name."""
    query = select(AuditEntry, Admin.name).outerjoin(Admin, Admin.id == AuditEntry.actor_id)
    if wanted.actor_id is not None:
        query = query.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.action is not None:
        query = query.where(AuditEntry.action == wanted.action)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return [(entry, name) for entry, name in db.execute(query.order_by(AuditEntry.id.desc()).limit(limit))]


def everything(db: Session, wanted: AuditFilter) -> Iterator[tuple[AuditEntry, str | None]]:
    """All that the filter asks for, newest first, with no more of it in memory than a page."""
    before: int | None = None
    while found := page(db, wanted, before, EXPORT_STEP):
        yield from found
        before = found[-1][0].id
        db.expunge_all()
