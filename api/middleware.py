"""What happens to every request before a route sees it, and to every answer after."""

import asyncio
import re
import time
import uuid

import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors, webhook_door
from api.compressed_files import CompressedFiles
from api.content_security import DASHBOARD, content_security_policy
from api.deps import SESSION_COOKIE
from api.host_check import HostCheck, origin_is_ours
from api.metrics import HTTP_REQUESTS
from api.routes.whatsapp import PATH
from api.webhook_door import WebhookDoor
from config.settings import Settings
from services.errors import BadOrigin

BODY_BYTES = 1024 * 1024
FILE_BODY_BYTES = 101 * 1024 * 1024  # the largest file of WhatsApp, and the form around it
FILE_PATHS = ("/simulator/",)
HEAD_BYTES = 32 * 1024
COOKIE_BYTES = 8 * 1024  # Python before 3.11.10 reads quoted ones in quadratic time (CVE-2024-7592)
UPLOAD = "/api/support/media"
PRIVATE_PATHS = ("/api/", "/docs", "/openapi.json", "/metrics")
BODY_SECONDS = 20
FILE_BODY_SECONDS = 15 * 60  # a large file over a slow line
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
KNOWN_METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}

log = structlog.stdlib.get_logger("access")


def install(app: FastAPI, settings: Settings) -> None:
    """Wrap the app; the last one added is the first to see a request."""
    app.add_middleware(CompressedFiles, directory=DASHBOARD)
    app.add_middleware(BodyLimit)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)  # data is dear
    app.add_middleware(OriginCheck, public_url=settings.public_url)
    app.add_middleware(HeadLimit)
    app.add_middleware(HostCheck, public_url=settings.public_url, bound_to=settings.host)
    app.add_middleware(RequestLog)
    headers = _security_headers(settings)
    app.add_middleware(SecurityHeaders, headers=headers)
    app.add_middleware(WebhookDoor, headers=headers)


def _security_headers(settings: Settings) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": content_security_policy(DASHBOARD),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if settings.public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


class RequestLog:
    """Gives a request its id, a line in the log and a place in the metrics; answers what nobody foresaw.

    The line names the route's template and no query string: addresses may hold personal data.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and see how it ends."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if re.fullmatch(r"[A-Za-z0-9-]{8,64}", given) else str(uuid.uuid4())
        status, stream = 0, False

        async def send_with_id(message: Message) -> None:
            nonlocal status, stream
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                stream = headers.get("content-type", "").startswith("text/event-stream")
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        try:
            await self.app(scope, receive, send_with_id)
        except Exception as error:
            if status:  # half an answer has left: the server must cut the connection, and logs the error
                raise
            log.error("unexpected error", exc_info=error)
            await errors.unexpected(request_id)(scope, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - began
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in KNOWN_METHODS else "other"
            log.info(
                "request",
                method=method,
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
                admin_id=scope.get("state", {}).get("admin_id"),
            )
            if not stream:
                HTTP_REQUESTS.labels(route, method, status).observe(seconds)


class SecurityHeaders:
    """Tells the browser what our answers may do, and how long it may keep them."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to the head of the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)  # files have a stricter policy of their own
                if path.startswith("/_next/static/"):  # the name of such a file changes with what it holds
                    kept = message["status"] in (200, 206, 304)
                    headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-store"
                elif path.startswith(PRIVATE_PATHS):
                    headers.setdefault("Cache-Control", "no-store")
                else:
                    headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class OriginCheck:
    """Refuses what a page of another site makes a signed-in browser send.

    Of the API that holds for reading as well: an event stream, a picture or a script of another site's page
    has no business here, but a link may be followed. With neither Origin nor Sec-Fetch-Site nothing can be
    changed: browsers too old for both are out, and a program says the desk's Origin, or has an API token.
    """

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app = app
        self.public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request that may have come from our own pages; answer 403 to any other."""
        if scope["type"] == "http" and self._may_matter(scope) and self._is_foreign(scope):
            error = BadOrigin()
            await errors.failure(error.status, error.code, error.message)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _may_matter(self, scope: Scope) -> bool:
        if scope["method"] not in SAFE_METHODS:
            return True
        is_link = Headers(scope=scope).get("sec-fetch-mode") == "navigate"
        return not is_link and bool(scope["path"].startswith(PRIVATE_PATHS))

    def _is_foreign(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if not any(
            part.strip().startswith(f"{SESSION_COOKIE}=")
            for cookie in headers.getlist("cookie")
            for part in cookie.split(";")
        ):
            return False
        site = headers.get("sec-fetch-site")
        if site == "cross-site":
            return True
        if origins := headers.getlist("origin"):
            return not all(origin_is_ours(origin, self.public_url, headers["host"]) for origin in origins)
        return site not in ("same-origin", "none") and not (site is None and scope["method"] in SAFE_METHODS)


class HeadLimit:
    """Refuses a head that no browser sends, before anything reads it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 431."""
        if scope["type"] == "http" and self._is_too_large(scope):
            code, message = errors.SENTENCES[431]
            await errors.failure(431, code, message)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_too_large(self, scope: Scope) -> bool:
        size = len(scope.get("raw_path", b"")) + len(scope["query_string"])
        cookies = 0
        for name, value in scope["headers"]:
            size += len(name) + len(value)
            cookies += len(value) if name == b"cookie" else 0
        return size > HEAD_BYTES or cookies > COOKIE_BYTES


class BodyLimit:
    """Reads no more of a body than a request may have, and no longer, whatever length it announced."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a body that ends in 413 where it is too large, in 408 where too slow."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit, seconds = (webhook_door.BODY_BYTES if scope["path"] == PATH else BODY_BYTES), BODY_SECONDS
        if scope["path"] == UPLOAD or scope["path"].startswith(FILE_PATHS):
            limit, seconds = FILE_BODY_BYTES, FILE_BODY_SECONDS
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or len(announced) > 12 or int(announced) > limit:
            code, message = errors.SENTENCES[413]
            await errors.failure(413, code, message)(scope, receive, send)
            return
        received, is_complete = 0, False
        until = asyncio.get_running_loop().time() + seconds

        async def receive_within_limit() -> Message:
            nonlocal received, is_complete
            if is_complete:  # what comes now is the end of the connection, however late
                return await receive()
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408) from None
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            is_complete = not message.get("more_body", False)
            return message

        await self.app(scope, receive_within_limit, send)
