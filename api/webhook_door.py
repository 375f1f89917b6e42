"""The short way in for what Meta delivers (docs/decisions/012-hot-paths.md).

A signed delivery needs none of what other requests go through: no cookie, no page, no browser. At a thousand
deliveries a second those detours, and a line in the log for each, would cost more than storing it does.
"""

import asyncio
import random
import time
import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.metrics import HTTP_REQUESTS
from api.routes.whatsapp import PATH, STORED
from api.shared_commit import InboxUnavailable, SharedCommit
from config.settings import get_settings
from whatsapp.signature import is_signed

BODY_BYTES = 3 * 1024 * 1024
"""What Meta's documentation gives as the largest webhook."""

PROMPT_SECONDS = 2.0
"""Meta's bodies come at once; whoever sends slowly is dealt with on the long way."""


class WebhookDoor:
    """Stores signed deliveries; whatever else comes, and all that is odd, goes the long way."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self.app = app
        self.headers = {**headers, "Cache-Control": "no-store"}
        own = {**self.headers, "Content-Type": "application/json", "Content-Length": str(len(STORED))}
        self._head = [(name.lower().encode(), value.encode()) for name, value in own.items()]
        self._answered = {status: HTTP_REQUESTS.labels(PATH, "POST", status) for status in (200, 503)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 200 once everything in a signed body is on disk, 503 if that fails."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        signature, length = _announced(scope["headers"])
        if signature is None or length > BODY_BYTES:
            await self.app(scope, receive, send)
            return
        read = await _read(receive, length)
        body = b"".join(message.get("body", b"") for message in read)
        secret = get_settings().whatsapp_app_secret.get_secret_value()
        if len(body) != length or not is_signed(body, signature, secret):
            await self.app(scope, _again(read, receive), send)
            return
        # not uuid4: it asks the kernel, and a busy worker takes the turn meanwhile, for two milliseconds
        request_id = str(uuid.UUID(int=random.getrandbits(128), version=4))
        commit: SharedCommit = scope["app"].state.shared_commit
        try:
            await commit.store(body)
        except InboxUnavailable as error:
            headers = {**self.headers, **(error.headers or {}), "X-Request-ID": request_id}
            answer = errors.failure(error.status, error.code, error.message, headers=headers)
            await answer(scope, receive, send)
            self._answered[503].observe(time.perf_counter() - began)
            return
        head = [*self._head, (b"x-request-id", request_id.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": STORED})
        self._answered[200].observe(time.perf_counter() - began)


def _announced(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes | None, int]:
    """The one signature, or None, and the length of the body; none where either is missing or there twice."""
    signatures, lengths = [], []
    for name, value in headers:
        if name == b"x-hub-signature-256":
            signatures.append(value)
        elif name == b"content-length":
            lengths.append(value)
    if len(signatures) != 1 or len(lengths) != 1 or not lengths[0].isdigit() or len(lengths[0]) > 12:
        return None, 0
    return signatures[0], int(lengths[0])


async def _read(receive: Receive, length: int) -> list[Message]:
    """The body, or the beginning of one that is slow or longer than announced."""
    read: list[Message] = []
    size = 0
    with suppress(TimeoutError):  # the long way has a clock of its own
        async with asyncio.timeout(PROMPT_SECONDS):
            while not read or (read[-1].get("more_body") and size <= length):
                read.append(await receive())
                size += len(read[-1].get("body", b""))
    return read


def _again(read: Iterable[Message], receive: Receive) -> Receive:
    """The same request for whoever reads it next."""
    waiting = deque(read)

    async def receive_again() -> Message:
        return waiting.popleft() if waiting else await receive()

    return receive_again
