"""Accepting an invitation; whoever has its link is not signed in yet."""

from anyio import to_thread
from fastapi import Request, Response

from api.deps import Database, client_address
from api.sign_in_cookie import SIGN_INS, set_session_cookie
from api.whole_route import whole_routes
from config.settings import get_settings
from schemas.admin import AdminResponse, LoginResponse
from schemas.envelope import Success, success
from schemas.people import InviteAccept, InviteShown, InviteToken
from services import invite_service

router = whole_routes("/api/invites", "people")


@router.post("/look")
def look(body: InviteToken, db: Database) -> Success[InviteShown]:
    """What the link stands for. A POST, so that the token gets into no address."""
    invite = invite_service.find(db, body.token)
    shown = InviteShown(email=invite.email, role=invite.role, business_name=get_settings().business_name)
    return success(shown)


@router.post("/accept")
async def accept(
    body: InviteAccept, request: Request, response: Response, db: Database
) -> Success[LoginResponse]:
    """Become one of the desk, and be signed in."""
    admin, token = await to_thread.run_sync(
        invite_service.accept,
        db,
        body.token,
        body.name,
        body.password,
        client_address(request),
        request.headers.get("user-agent", ""),
        limiter=SIGN_INS,
    )
    set_session_cookie(response, token)
    return success(LoginResponse(admin=AdminResponse.model_validate(admin)), "Welcome.")
