"""Requests that the database broke off for the sake of others are answered all the same."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.errors import ERROR_RESPONSES
from config.conflicts import pause_before_retry


class WholeRoute(APIRoute):
    """Goes through a request again from its beginning, with a new session, unless part of it is on disk.

    For routes that take no body or a small one: what was streamed cannot be read twice.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's hook for what stands around a route."""
        answer = super().get_route_handler()

        async def answer_in_whole(request: Request) -> Response:
            tries = 0
            while True:
                tries += 1
                try:
                    return await answer(request)
                except Exception as error:
                    db = getattr(request.state, "db", None)
                    pause = pause_before_retry(error, tries, db) if db else None
                    if db is None or pause is None:
                        raise
                await run_in_threadpool(db.close)
                await asyncio.sleep(pause)

        return answer_in_whole


def whole_routes(prefix: str, tag: str) -> APIRouter:
    """A router of such routes below one path."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=WholeRoute, responses=ERROR_RESPONSES)
