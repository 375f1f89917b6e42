"""What could not be understood, to look at and to try again."""

from typing import Annotated

from fastapi import Query

from api.deps import Allowed, Database
from api.whole_route import whole_routes
from models.audit_entry import AuditAction
from schemas.envelope import Success, success
from schemas.inbound_event import InboundEventSchema, QuarantinePage, ReplayResult
from services import quarantine_service
from services.actor import Caller
from services.audit_service import audited
from services.permissions import Permission

router = whole_routes("/api/support/quarantine", "quarantine")


@router.get("")
def list_quarantined(
    db: Database,
    _caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)],
    cursor: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Success[QuarantinePage]:
    """The events that could not be understood, newest first."""
    events, total = quarantine_service.quarantined(db, cursor, limit)
    return success(
        QuarantinePage(
            events=[InboundEventSchema.model_validate(event) for event in events],
            total=total,
            next_cursor=events[-1].id if len(events) == limit else None,
        )
    )


@router.post("/replay")
def replay(db: Database, caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]) -> Success[ReplayResult]:
    """Put all of them back into the inbox."""
    with audited(db, caller, AuditAction.QUARANTINE_REPLAY):
        replayed = quarantine_service.replay(db)
    return success(ReplayResult(replayed=replayed), f"{replayed} events are being tried again.")
