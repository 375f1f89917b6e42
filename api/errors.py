"""Where everything that goes wrong becomes the one shape of an error."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from schemas.envelope import Detail, Failure
from services.errors import DeskError
from whatsapp.unsendable import Unsendable

ERROR_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {"model": Failure, "description": "It did not go well; `message` says why."}
}
"""For `APIRouter(responses=…)`: what the OpenAPI document says about every call's errors."""

SENTENCES = {
    400: ("malformed_request", "The request could not be understood."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
    408: ("too_slow", "The request took too long to arrive."),
    413: ("body_too_large", "The request is too large."),
    431: (
        "head_too_large",
        "The request's headers are too large; a cookie of another site may be the reason.",
    ),
}

log = structlog.stdlib.get_logger(__name__)


def install(app: FastAPI) -> None:
    """Give every error of the app the one shape. Call it after the routers are included."""
    app.add_exception_handler(DeskError, _desk_error)
    app.add_exception_handler(Unsendable, _unsendable)
    app.add_exception_handler(RequestValidationError, _malformed_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(ClientDisconnect, _client_gone)
    for error in (OperationalError, InterfaceError, NoConnectionInTime):
        app.add_exception_handler(error, _database_unavailable)
    app.router.routes.append(UnknownApiPath())


def failure(
    status: int,
    code: str,
    message: str,
    details: Sequence[Detail] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error as an answer."""
    body = Failure(message=message, code=code, details=list(details))
    # ensure_ascii: a lone surrogate has no UTF-8, and an error's answer must not fail
    text = body.model_dump_json(ensure_ascii=True)
    return Response(text, status, headers, media_type="application/json")


def unexpected(request_id: str) -> Response:
    """The answer to what nobody foresaw. The log has the traceback under the same request id."""
    return failure(
        500,
        "internal_error",
        f"Something went wrong here, not with your request. It is noted as {request_id}.",
    )


def _desk_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, DeskError)
    details = [Detail(field=field, message=message) for field, message in error.details]
    return failure(error.status, error.code, error.message, details, error.headers)


def _unsendable(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Unsendable)
    return failure(400, error.code, str(error))


def _malformed_request(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    details = [Detail(field=_field(problem), message=_problem(problem)) for problem in error.errors()[:50]]
    return failure(400, "malformed_request", "Some of the request is not right; see the details.", details)


def _field(problem: dict[str, Any]) -> str:
    """Where it is. An unknown field has a name of its sender's choice, so only a plain one is repeated."""
    _part, *path = [str(step) for step in problem.get("loc", ())] or [""]
    if problem.get("type") == "json_invalid" or not path:
        return "body"
    return ".".join(step if re.fullmatch(r"\w{1,64}", step, re.ASCII) else "?" for step in path)


def _problem(problem: dict[str, Any]) -> str:
    if problem.get("type") == "json_invalid":
        return "This is not valid JSON"
    return str(problem.get("msg", "")).removeprefix("Value error, ")[:300]


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405 and (methods := _methods_at(request)):
        headers["Allow"] = ", ".join(sorted(methods))  # the router names those of the first route alone
    if error.status_code in SENTENCES:
        code, message = SENTENCES[error.status_code]
    else:
        message = HTTPStatus(error.status_code).phrase
        code = re.sub(r"\W+", "_", message).lower()
    return failure(error.status_code, code, message, headers=headers)


def _methods_at(request: Request) -> set[str]:
    """What may be done at this address (RFC 9110, section 15.5.6), whoever may do it."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    return {
        method
        for route in routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


def _database_unavailable(_request: Request, error: Exception) -> Response:
    log.error("database unavailable", exc_info=error)
    return failure(
        503,
        "database_unavailable",
        "The database can't be reached at the moment. Please try again.",
        headers={"Retry-After": "2"},
    )


def _client_gone(_request: Request, _error: Exception) -> Response:
    return failure(400, "client_gone", "The request ended before it was complete.")


class UnknownApiPath(BaseRoute):
    """Answers what no route under /api/ does, before the dashboard's HTML page for unknown addresses can.

    It only ever matches partially: a route that has the path but not the method comes first and says 405.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Partially, for /api and all that is below it."""
        path = scope.get("path", "")
        inside = scope["type"] == "http" and (path == "/api" or path.startswith("/api/"))
        return (Match.PARTIAL if inside else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises HTTPException."""
        raise HTTPException(404)
