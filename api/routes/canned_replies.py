"""Answers that the desk gives often."""

from typing import Annotated

from fastapi import Path

from api.deps import Allowed, CurrentAdmin, CurrentCaller, Database
from api.whole_route import whole_routes
from models.audit_entry import AuditAction
from schemas.canned_reply import CannedReplyCreate, CannedReplyList, CannedReplyResponse, CannedReplyUpdate
from schemas.envelope import Success, success
from services import canned_reply_service
from services.actor import Caller
from services.audit_service import audited
from services.canned_reply_service import VARIABLES
from services.permissions import Permission

router = whole_routes("/api/support/canned-replies", "canned replies")

ReplyId = Annotated[int, Path(description="The canned reply's id")]


@router.get("")
def list_canned_replies(db: Database, _admin: CurrentAdmin) -> Success[CannedReplyList]:
    """All canned replies, by their shortcuts."""
    rows = [CannedReplyResponse.model_validate(row) for row in canned_reply_service.list_all(db)]
    return success(CannedReplyList(canned_replies=rows, variables=list(VARIABLES)))


@router.post("")
def create_canned_reply(
    body: CannedReplyCreate, db: Database, caller: CurrentCaller
) -> Success[CannedReplyResponse]:
    """Keep a new canned reply."""
    with audited(db, caller, AuditAction.CANNED_REPLY_CREATE, "canned_reply") as entry:
        row = canned_reply_service.create(db, body.wanted())
        entry.target_id = row.id
    return success(CannedReplyResponse.model_validate(row), f"/{row.shortcut} is there for everyone.")


@router.put("/{reply_id}")
def change_canned_reply(
    reply_id: ReplyId,
    body: CannedReplyUpdate,
    db: Database,
    caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)],
) -> Success[CannedReplyResponse]:
    """Change a canned reply, unless somebody else did meanwhile."""
    with audited(db, caller, AuditAction.CANNED_REPLY_CHANGE, "canned_reply", reply_id):
        row = canned_reply_service.change(db, reply_id, body.version, body.wanted())
    return success(CannedReplyResponse.model_validate(row), f"/{row.shortcut} is up to date.")


@router.delete("/{reply_id}")
def remove_canned_reply(
    reply_id: ReplyId, db: Database, caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]
) -> Success[None]:
    """Take a canned reply away."""
    with audited(db, caller, AuditAction.CANNED_REPLY_DELETE, "canned_reply", reply_id):
        canned_reply_service.remove(db, reply_id)
    return success(None, "The canned reply is gone.")
