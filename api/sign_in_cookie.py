"""How a browser is told its session, and how many may prove themselves at a time."""

from anyio import CapacityLimiter
from fastapi import Response

from api.deps import IS_HTTPS, SESSION_COOKIE
from services.session_service import ABSOLUTE_LIMIT

SIGN_INS = CapacityLimiter(2)
"""Sign-ins wait here for each other, not in the threads that all other requests share."""


def set_session_cookie(response: Response, token: str) -> None:
    """A cookie that scripts can't read and other sites' forms don't send."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(ABSOLUTE_LIMIT.total_seconds()),
        secure=IS_HTTPS,
        httponly=True,
        samesite="lax",
    )
