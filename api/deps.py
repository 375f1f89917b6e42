"""What routes ask for by name."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Annotated, Any

from anyio import CancelScope
from fastapi import Depends, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyCookie, HTTPBearer
from sqlalchemy.orm import Session

from config.database import SessionLocal
from config.settings import get_settings
from models.admin import Admin
from services import api_token_service, session_service
from services.actor import Caller
from services.errors import BrowserNeeded, NotAllowed, NotSignedIn
from services.permissions import Permission, may

IS_HTTPS = get_settings().public_url.startswith("https://")
SESSION_COOKIE = "__Host-session" if IS_HTTPS else "session"
"""With the prefix, browsers take the cookie from this very host alone, and only over HTTPS."""

# These two only tell the OpenAPI document how to sign in; `authenticate` decides.
_cookie = APIKeyCookie(name=SESSION_COOKIE, auto_error=False)
_bearer = HTTPBearer(auto_error=False)


async def get_db(request: Request) -> AsyncGenerator[Session]:
    """One session a request. It takes a connection at its first query and gives it back at the end."""
    db = request.state.db = SessionLocal()  # where WholeRoute finds what became of it
    try:
        yield db
    finally:
        with CancelScope(shield=True):
            await run_in_threadpool(db.close)


Database = Annotated[Session, Depends(get_db)]


def client_address(request: Request) -> str:
    """Where the request comes from, as far as it can be known."""
    return request.client.host if request.client else ""


@dataclass(frozen=True)
class Credential:
    """What a request came with: an API token, else a session's cookie, which may be empty."""

    is_token: bool
    text: str = field(repr=False)


def credential_of(request: Request) -> Credential:
    """The token also where there is a cookie beside it."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return Credential(is_token=True, text=text.strip())
    return Credential(is_token=False, text=request.cookies.get(SESSION_COOKIE, ""))


def authenticate(request: Request, db: Session) -> Caller:
    """Whom the request's API token or else its session cookie stands for.

    Raises NotSignedIn; also for a token that doesn't hold beside a cookie that would.
    """
    given = credential_of(request)
    if given.is_token:
        if token := api_token_service.find(db, given.text):
            return Caller(token.admin, client_address(request), api_token_id=token.id)
        raise NotSignedIn
    session = session_service.find(db, given.text)
    if session is None:
        raise NotSignedIn
    return Caller(session.admin, client_address(request), session_id=session.id)


def current_caller(
    request: Request,
    db: Database,
    _session: Annotated[object, Security(_cookie)],
    _token: Annotated[object, Security(_bearer)],
) -> Caller:
    """Who calls, and by what means. Raises NotSignedIn."""
    caller = authenticate(request, db)
    request.state.admin_id = caller.admin.id  # for the request's line in the log
    db.info["acts"] = 0  # that the caller was seen may be noted twice, should a conflict break off the rest
    return caller


CurrentCaller = Annotated[Caller, Depends(current_caller)]


def current_admin(caller: CurrentCaller) -> Admin:
    """The admin who asks. Raises NotSignedIn."""
    return caller.admin


CurrentAdmin = Annotated[Admin, Depends(current_admin)]


def browser_caller(caller: CurrentCaller) -> Caller:
    """Who calls, with a browser. Raises NotSignedIn or BrowserNeeded."""
    if caller.session_id is None:
        raise BrowserNeeded
    return caller


BrowserCaller = Annotated[Caller, Depends(browser_caller)]


def Allowed(permission: Permission, *, browser: bool = False) -> Any:  # noqa: N802 - reads as FastAPI's own
    """For a route's own line: who calls, if their role has the permission; with `browser`, no API token.

    Raises NotSignedIn, BrowserNeeded or NotAllowed.
    """
    return Depends(_allowed_in_browser(permission) if browser else _allowed(permission))


def _allowed(permission: Permission) -> Any:
    def check(caller: CurrentCaller) -> Caller:
        if not may(caller.admin.role, permission):
            raise NotAllowed
        return caller

    return check


def _allowed_in_browser(permission: Permission) -> Any:
    def check(caller: BrowserCaller) -> Caller:
        if not may(caller.admin.role, permission):
            raise NotAllowed
        return caller

    return check
