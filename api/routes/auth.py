"""Signing in and out."""

from anyio import to_thread
from fastapi import Request, Response

from api.deps import IS_HTTPS, SESSION_COOKIE, CurrentAdmin, CurrentCaller, Database, client_address
from api.sign_in_cookie import SIGN_INS, set_session_cookie
from api.whole_route import whole_routes
from config.settings import get_settings
from schemas.admin import AdminResponse, LoginRequest, LoginResponse, MeResponse
from schemas.envelope import Success, success
from services import session_service
from services.permissions import PERMISSIONS

router = whole_routes("/api/auth", "auth")


@router.post("/login")
async def login(
    body: LoginRequest, request: Request, response: Response, db: Database
) -> Success[LoginResponse]:
    """Sign in. The session comes as a cookie that scripts can't read.

    For an account with a second factor the right password alone gives `code_needed`: ask again with the code.
    """
    admin, token = await to_thread.run_sync(
        session_service.sign_in,
        db,
        body.email,
        body.password,
        client_address(request),
        request.headers.get("user-agent", ""),
        body.code,
        limiter=SIGN_INS,
    )
    set_session_cookie(response, token)
    return success(LoginResponse(admin=AdminResponse.model_validate(admin)), "Welcome.")


@router.get("/me")
def me(admin: CurrentAdmin) -> Success[MeResponse]:
    """Who is signed in, and what kind of desk this is."""
    settings = get_settings()
    return success(
        MeResponse(
            admin=AdminResponse.model_validate(admin),
            permissions=sorted(PERMISSIONS[admin.role]),
            business_name=settings.business_name,
            simulator=settings.whatsapp_provider == "simulator",
        )
    )


@router.post("/logout")
def logout(response: Response, db: Database, caller: CurrentCaller) -> Success[None]:
    """End the session of this browser."""
    session_service.end(db, caller)
    response.delete_cookie(SESSION_COOKIE, secure=IS_HTTPS, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"storage"'  # the next person at this computer finds no drafts
    return success(None, "You are signed out.")
