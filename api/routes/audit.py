"""The audit log, for owners."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from api.deps import Allowed, Database
from api.whole_route import whole_routes
from config.database import SessionLocal
from models.audit_entry import AuditAction
from schemas.audit import AuditEntryResponse, AuditPage
from schemas.envelope import Success, success
from services import audit_service
from services.actor import Caller
from services.audit_service import AuditFilter
from services.csv_writer import rows_as_csv
from services.permissions import Permission

router = whole_routes("/api/audit", "audit")

COLUMNS = (
    "id",
    "time (UTC)",
    "actor",
    "actor id",
    "via",
    "address",
    "action",
    "target",
    "target id",
    "fields",
)


def _wanted(
    actor_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None, action: AuditAction | None = None
) -> AuditFilter:
    return AuditFilter(actor_id, action)


@router.get("")
def list_entries(
    db: Database,
    _caller: Annotated[Caller, Allowed(Permission.READ_AUDIT)],
    wanted: Annotated[AuditFilter, Depends(_wanted)],
    cursor: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Success[AuditPage]:
    """Who did what, newest first."""
    found = audit_service.page(db, wanted, cursor, limit + 1)
    entries = [AuditEntryResponse.of(entry, name) for entry, name in found[:limit]]
    return success(AuditPage(entries=entries, next_cursor=entries[-1].id if len(found) > limit else None))


@router.get("/export", response_class=StreamingResponse)
def export(
    _caller: Annotated[Caller, Allowed(Permission.READ_AUDIT)],
    wanted: Annotated[AuditFilter, Depends(_wanted)],
) -> StreamingResponse:
    """The same as CSV, all of it."""
    return StreamingResponse(
        _lines(wanted),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
    )


def _lines(wanted: AuditFilter) -> Iterator[str]:
    with SessionLocal() as db:  # of its own: the request's is closed before the file is told
        rows = (
            (
                entry.id,
                entry.created_at.isoformat(),
                name,
                entry.actor_id,
                entry.via,
                entry.address,
                entry.action,
                entry.target_kind,
                entry.target_id,
                " ".join(entry.fields),
            )
            for entry, name in audit_service.everything(db, wanted)
        )
        yield from rows_as_csv(COLUMNS, rows)
