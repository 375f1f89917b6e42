"""Where Meta delivers. Verify, store, answer; everything else happens after, from what is stored.

A plain Starlette route: at a thousand deliveries a second, FastAPI's own work would be most of ours.
"""

import hmac
import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from config.settings import get_settings
from schemas.envelope import success
from services.errors import DeskError
from whatsapp.signature import is_signed

PATH = "/api/webhook/whatsapp"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,100}")
STORED = success(None, "Stored.").model_dump_json().encode()


class WrongSignature(DeskError):
    """The body is not signed with WHATSAPP_APP_SECRET, so it is not from Meta."""

    status = 401
    code = "wrong_signature"

    def __init__(self) -> None:
        super().__init__("The signature is missing or wrong.")


class WrongVerifyToken(DeskError):
    """Whoever sets up the webhook does not know WHATSAPP_VERIFY_TOKEN."""

    status = 403
    code = "wrong_verify_token"

    def __init__(self) -> None:
        super().__init__("The verify token is missing or wrong.")


class MalformedChallenge(DeskError):
    """The challenge is nothing that Meta sends, and is not repeated."""

    code = "malformed_challenge"

    def __init__(self) -> None:
        super().__init__("The challenge is missing or malformed.")


async def verify(request: Request) -> Response:
    """Meta's question at set-up. Raises WrongVerifyToken or MalformedChallenge."""
    query = request.query_params
    token = get_settings().whatsapp_verify_token.get_secret_value()
    given = query.get("hub.verify_token", "").encode("utf-8", "surrogateescape")
    right = bool(token) and hmac.compare_digest(token.encode(), given)
    if not right or query.get("hub.mode") != "subscribe":
        raise WrongVerifyToken
    challenge = query.get("hub.challenge", "")
    if not CHALLENGE.fullmatch(challenge):
        raise MalformedChallenge
    return PlainTextResponse(challenge)


async def deliver(request: Request) -> Response:
    """200 once every message and status of the body is on disk. Raises WrongSignature or InboxUnavailable."""
    signatures = [value for name, value in request.headers.raw if name == b"x-hub-signature-256"]
    if len(signatures) != 1:
        raise WrongSignature
    body = await request.body()
    if not is_signed(body, signatures[0], get_settings().whatsapp_app_secret.get_secret_value()):
        raise WrongSignature
    await request.app.state.shared_commit.store(body)
    return Response(STORED, media_type="application/json")


async def _route(request: Request) -> Response:
    return await (deliver(request) if request.method == "POST" else verify(request))


route = Route(PATH, _route, methods=["GET", "POST"])
