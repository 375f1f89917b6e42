"""How the business's numbers are doing, and what WhatsApp told about the account."""

from typing import Annotated

from fastapi import Path

from api.deps import Allowed, CurrentAdmin, Database
from api.whole_route import whole_routes
from models.audit_entry import AuditAction
from schemas.envelope import Success, success
from schemas.number_health import NumberHealthResponse
from schemas.reply import Nothing
from services import account_event_service, graph_task_service, number_health_service
from services.actor import Caller
from services.audit_service import audited
from services.permissions import Permission

router = whole_routes("/api/support/number-health", "number health")


@router.get("")
def number_health(db: Database, _admin: CurrentAdmin) -> Success[NumberHealthResponse]:
    """The numbers, the events that nobody has dismissed, and whether one of them stops messages."""
    return success(NumberHealthResponse.of(number_health_service.load(db)))


@router.post("/events/{event_id}/dismiss")
def dismiss(
    event_id: Annotated[int, Path(description="The event's number")],
    _body: Nothing,
    db: Database,
    caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)],
) -> Success[None]:
    """Say that somebody has seen to it."""
    with audited(db, caller, AuditAction.ACCOUNT_EVENT_DISMISS, "account_event", event_id):
        account_event_service.dismiss(db, event_id)
    return success(None, "The event is dismissed.")


@router.post("/check")
def check(
    _body: Nothing, db: Database, caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]
) -> Success[None]:
    """Ask WhatsApp how the numbers are doing; `account.updated` tells when the answer is there."""
    with audited(db, caller, AuditAction.NUMBER_CHECK):
        graph_task_service.ask_for_number_health(db)
    return success(None, "WhatsApp is being asked.")
