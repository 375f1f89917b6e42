"""The stream of changes that keeps a dashboard live."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from api.deps import authenticate, credential_of
from api.errors import ERROR_RESPONSES
from api.event_stream import UNNUMBERED, EventTail
from api.presence_feed import PresenceFeed
from api.sign_in_watch import SignInWatch
from config.database import SessionLocal
from services.errors import DeskError

LONGEST_STREAM_SECONDS = 600.0
HEARTBEAT_SECONDS = 15.0

RETRY = b"retry: 2000\n\n"

ALIVE = b"event: alive\ndata: {}\n\n"
"""An event: comments never reach the page, which could not tell a quiet line from a dead one."""

router = APIRouter(prefix="/api", tags=["events"], responses=ERROR_RESPONSES)


class MalformedCursor(DeskError):
    """The cursor is no number that the stream gave."""

    code = "malformed_cursor"

    def __init__(self) -> None:
        super().__init__("The cursor is not one that this stream gave; connect without it.")


@router.get("/events", response_class=StreamingResponse)
async def stream_events(
    request: Request,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> StreamingResponse:
    """Every change after the cursor, as server-sent events (docs/events.md).

    The stream ends with the admin's session, and after ten minutes in any case: the browser comes back
    and says where it was.
    """
    await run_in_threadpool(_check_signed_in, request)
    resume = last_event_id or cursor
    if resume is not None and not (resume.isascii() and resume.isdigit()):
        raise MalformedCursor
    return StreamingResponse(
        _stream(request, int(resume) if resume else None),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _check_signed_in(request: Request) -> None:
    # a session of its own, since a stream must not hold one
    with SessionLocal() as db:
        authenticate(request, db)
        db.commit()


async def _stream(request: Request, cursor: int | None) -> AsyncIterator[bytes]:
    tail: EventTail = request.app.state.event_tail
    presence: PresenceFeed = request.app.state.presence_feed
    watch: SignInWatch = request.app.state.sign_in_watch
    until = time.monotonic() + LONGEST_STREAM_SECONDS
    heartbeat_at = time.monotonic() + HEARTBEAT_SECONDS
    async with tail.listen(cursor) as (missed, listener):
        with watch.watching(credential_of(request), listener):
            yield RETRY + b"".join(told for _, told in missed)
            if presence.is_anybody_here():  # if not, the reader's own sign will tell
                yield presence.frame()[1]
            seq = missed[-1][0]
            while (now := time.monotonic()) < until:
                if now >= heartbeat_at:
                    yield ALIVE
                    heartbeat_at = now + HEARTBEAT_SECONDS
                try:
                    async with asyncio.timeout(min(heartbeat_at, until) - now):
                        fresh = await listener.fresh()
                except TimeoutError:
                    continue
                told = b"".join(each for number, each in fresh if number == UNNUMBERED or number > seq)
                if told:
                    yield told
                seq = max([seq, *(number for number, _ in fresh)])
                if listener.has_ended:
                    return
