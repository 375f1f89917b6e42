"""The business account's templates."""

from typing import Annotated

from fastapi import Query

from api.deps import Allowed, CurrentAdmin, Database
from api.whole_route import whole_routes
from models.audit_entry import AuditAction
from schemas.envelope import Success, success
from schemas.reply import Nothing
from schemas.template import TemplateList, TemplateResponse
from services import graph_task_service, message_template_service
from services.actor import Caller
from services.audit_service import audited
from services.permissions import Permission

router = whole_routes("/api/support/templates", "templates")

Status = Annotated[str, Query(max_length=40)]


@router.get("")
def list_templates(
    db: Database,
    _admin: CurrentAdmin,
    status: Annotated[list[Status], Query(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
) -> Success[TemplateList]:
    """The templates as Meta last told them; of any of the given states, such as APPROVED."""
    found = message_template_service.list_templates(db, status)
    return success(TemplateList(templates=[TemplateResponse.of(template) for template in found]))


@router.post("/sync")
def sync(
    _body: Nothing, db: Database, caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]
) -> Success[None]:
    """Ask WhatsApp for the templates; `account.updated` tells when they are there."""
    with audited(db, caller, AuditAction.TEMPLATES_SYNC):
        graph_task_service.ask_for_templates(db)
    return success(None, "WhatsApp is being asked for its templates.")
