"""Delivers a story to the webhook at a steady rate, whatever the desk does, and watches one dashboard.

A program of its own: it prints what it saw as JSON. The time of a request counts from when it was due, so
that a desk that falls behind cannot hide it by slowing the load down (an open loop).
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import uvloop

from benchmarks.dashboard import Dashboard
from benchmarks.story import Story, signature

TICK_SECONDS = 0.001
LONGEST_WAIT_SECONDS = 10.0
"""After the last request was due: what has no answer by then has failed."""


@dataclass
class Seen:
    """What became of the requests; times are seconds from when each was due."""

    due: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)


class Connection(asyncio.Protocol):
    """Keeps one request at a time on its way."""

    def __init__(self, load: "Load") -> None:
        self._load = load
        self._index = -1
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._load.free(self)

    def send(self, index: int, request: bytes) -> None:
        """Send request `index`."""
        self._index, self._received = index, b""
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(body) >= int(length or 0):
            index, self._index = self._index, -1
            self._load.answered(index, head[9:12].decode())
            self._load.free(self)

    def connection_lost(self, error: Exception | None) -> None:
        if self._index >= 0:
            self._load.answered(self._index, "cut")
        self._load.lost()


class Load:
    """So many requests a second over so many connections."""

    def __init__(self, host: str, port: int, story: Story | None, options: argparse.Namespace) -> None:
        self._address, self._story, self._options = (host, port), story, options
        self._idle: deque[Connection] = deque()
        self._queue: deque[int] = deque()
        self._answered = 0
        self._done = asyncio.Event()
        self.seen = Seen()

    async def run(self) -> float:
        """Send everything; the seconds that it took."""
        for _ in range(self._options.connections):
            await self._connect()
        count = self._options.count
        gap = 1 / self._options.rate if self._options.rate else 0.0
        began = time.perf_counter()
        self.seen.due.extend(began + index * gap for index in range(count))
        self.seen.waits.extend([-1.0] * count)
        sent = 0
        while sent < count:
            now = time.perf_counter()
            while sent < count and self.seen.due[sent] <= now:
                self._queue.append(sent)
                sent += 1
            self._send()
            await asyncio.sleep(TICK_SECONDS)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._done.wait(), self._options.patience)
        return time.perf_counter() - began

    def free(self, connection: Connection) -> None:
        """This connection can take a request."""
        self._idle.append(connection)
        self._send()

    def answered(self, index: int, status: str) -> None:
        """An answer, or the end of its connection."""
        self._answered += 1
        if self._answered == self._options.count:
            self._done.set()
        self.seen.waits[index] = time.perf_counter() - self.seen.due[index]
        self.seen.answers[status] += 1

    def lost(self) -> None:
        """A connection ended; another takes its place."""
        asyncio.get_running_loop().create_task(self._connect())

    async def _connect(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: Connection(self), *self._address)

    def _send(self) -> None:
        while self._queue and self._idle:
            index = self._queue.popleft()
            self._idle.popleft().send(index, self._request(index))

    def _request(self, index: int) -> bytes:
        if self._story is None:
            return b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        body = self._story.body(index + self._options.first, int(time.time()))
        head = (
            "POST /api/webhook/whatsapp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Hub-Signature-256: {signature(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def percentiles(times: list[float]) -> dict[str, float]:
    """In milliseconds."""
    found = sorted(time for time in times if time >= 0)
    if not found:
        return {}
    return {
        name: round(found[min(int(len(found) * share), len(found) - 1)] * 1000, 2)
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1.0))
    }


async def run(options: argparse.Namespace) -> dict[str, object]:
    """Load the desk as the options say."""
    story = Story(options.customers, options.run) if options.customers else None
    load = Load("127.0.0.1", options.port, story, options)
    shown = [-1.0] * options.count
    dashboard = None
    if options.token:

        def show(text: str, at: float) -> None:
            index = int(text.rpartition(" ")[2]) - options.first
            if 0 <= index < options.count and shown[index] < 0:
                shown[index] = at

        dashboard = Dashboard("127.0.0.1", options.port, options.token, show)
        await dashboard.open()
    seconds = await load.run()
    if dashboard is not None:
        await asyncio.sleep(options.linger)
        dashboard.close()
    answers = load.seen.answers
    visible = [at - due for at, due in zip(shown, load.seen.due, strict=True) if at >= 0]
    return {
        "sent": options.count,
        "answers": dict(answers) | {"none": options.count - sum(answers.values())},
        "seconds": round(seconds, 3),
        "per_second": round(answers["200"] / seconds, 1),
        "answer_ms": percentiles(load.seen.waits),
        "visible": len(visible),
        "visible_ms": percentiles(visible),
        "cpu_seconds": round(time.process_time(), 3),
    }


def main() -> None:
    """Read the options, load, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--rate", type=float, default=0.0, help="a second; 0: everything at once")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--customers", type=int, default=0, help="0: a bare GET, for the floors")
    parser.add_argument("--first", type=int, default=0, help="where in the story to begin")
    parser.add_argument("--run", default="", help="another name makes other customers")
    parser.add_argument("--token", default="", help="an API token: watch a dashboard as well")
    parser.add_argument("--linger", type=float, default=1.0, help="seconds to watch it at the end")
    parser.add_argument("--patience", type=float, default=LONGEST_WAIT_SECONDS)
    options = parser.parse_args()
    json.dump(uvloop.run(run(options)), sys.stdout)


if __name__ == "__main__":
    main()
