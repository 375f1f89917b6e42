"""A real HTTP server that answers as Graph does, on a loopback port and in a thread of its own."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

Body = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the server does with a POST: after `delay` seconds it answers, or hangs up if status is 0."""

    status: int = 200
    body: Body | bytes | None = None
    delay: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


HANG_UP = Answer(status=0)


def refusal(status: int, code: int, **details: Any) -> Answer:
    error = {"message": f"(#{code}) refused", "type": "OAuthException", "code": code, "fbtrace_id": "AbC"}
    return Answer(status, {"error": error | details})


@dataclass
class PretendGraph:
    """`answer` gets the number of the POST, from 1, and its body. `posts` are the bodies, as they came.

    `page` gets the path of a GET, after the version, and its query; without it GETs are only counted.

    `most_at_once` is how many POSTs for one customer waited for an answer at a time. GETs are counted as
    `probes`; they are refused as Graph does, or, while `is_down`, as a gateway does that cannot reach it.
    """

    answer: Callable[[int, Body], Answer] = lambda number, body: Answer()
    page: Callable[[str, dict[str, str]], Answer] | None = None
    gets: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    posts: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    port: int = 0
    waiting: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0
    probes: int = 0
    is_down: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="pretend-graph")
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application(client_max_size=200 * 1024 * 1024)
        self._add_routes(app.router)
        app.router.add_post("/{version}/{number}/messages", self._post)
        app.router.add_get("/{version}/{path:.+}", self._get)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    def _add_routes(self, router: web.UrlDispatcher) -> None:
        """What a larger Graph has beside messages."""

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if self.page is not None:
            path, query = request.match_info["path"], dict(request.query)
            self.gets.append((path, query))
            self.headers.append(dict(request.headers))
            answer = self.page(path, query)
            if isinstance(answer.body, bytes):
                return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
            return web.json_response(answer.body, status=answer.status, headers=answer.headers)
        self.probes += 1
        return web.Response(status=502 if self.is_down else 400)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.posts.append(body)
        self.headers.append(dict(request.headers))
        self.paths.append(request.path)
        number = len(self.posts)
        customer = str(body.get("to") or body.get("recipient"))
        self.waiting[customer] += 1
        self.most_at_once = max(self.most_at_once, self.waiting[customer])
        answer = self.answer(number, body)
        await asyncio.sleep(answer.delay)
        self.waiting[customer] -= 1
        if answer.status == 0:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if isinstance(answer.body, bytes):
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        return web.json_response(
            answer.body if answer.body is not None else taken(number, body),
            status=answer.status,
            headers=answer.headers,
        )


def taken(number: int, body: Body) -> Body:
    """Graph's answer to a message or a mark that it took."""
    if "status" in body:
        return {"success": True}
    to = str(body.get("to") or body.get("recipient"))
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": to, "wa_id": to.removeprefix("+")}],
        "messages": [{"id": f"wamid.{number}"}],
    }
