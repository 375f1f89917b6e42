"""What the connection to WhatsApp still lacks."""

from typing import Annotated

from api.deps import Allowed, CurrentAdmin, Database
from api.whole_route import whole_routes
from models.audit_entry import AuditAction
from schemas.envelope import Success, success
from schemas.reply import Nothing
from schemas.self_test import SelfTestResponse
from services import graph_task_service, self_test_service
from services.actor import Caller
from services.audit_service import audited
from services.permissions import Permission

router = whole_routes("/api/support/self-test", "number health")


@router.get("")
def self_test(db: Database, _admin: CurrentAdmin) -> Success[SelfTestResponse]:
    """How the connection stood at the last test, part by part."""
    return success(SelfTestResponse.model_validate(self_test_service.load(db)))


@router.post("")
def run_self_test(
    _body: Nothing, db: Database, caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]
) -> Success[None]:
    """Ask WhatsApp anew; `account.updated` tells when the answer is there."""
    with audited(db, caller, AuditAction.SELF_TEST_RUN):
        graph_task_service.ask_for_self_test(db)
    return success(None, "WhatsApp is being asked.")
