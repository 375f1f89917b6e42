"""An open dashboard: a stream of events, read as cheaply as a machine can that measures others."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import cast

CREATED = re.compile(rb'event: message\.created\ndata: .*?"message":"((?:[^"\\]|\\.)*)","kind"')


class Dashboard(asyncio.Protocol):
    """Calls `show` with the words and time of each message that appears. A stream that ends is resumed."""

    def __init__(self, host: str, port: int, token: str, show: Callable[[str, float], None]) -> None:
        self._address, self._token, self._show = (host, port), token, show
        self._rest = b""
        self._cursor = ""
        self._is_closed = False
        self._ready = asyncio.Event()
        self.reconnected = 0
        self.resets = 0

    async def open(self) -> None:
        """Return when the stream is there."""
        self._ready.clear()
        await asyncio.get_running_loop().create_connection(lambda: self, *self._address)
        async with asyncio.timeout(20):
            await self._ready.wait()

    def close(self) -> None:
        """Look no more."""
        self._is_closed = True
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        cursor = f"?cursor={self._cursor}" if self._cursor else ""
        self._rest = b""
        head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {self._token}\r\n\r\n"
        self._transport.write(f"GET /api/events{cursor} HTTP/1.1\r\n{head}".encode())

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        whole, found, self._rest = (self._rest + data).rpartition(b"\n\n")
        if not found:
            return
        self._ready.set()
        self.resets += whole.count(b"event: reset")
        for told in CREATED.finditer(whole):
            words = told[1].decode()
            if words[-1:].isdigit():
                self._show(words, now)
        at = whole.rfind(b"id: ")
        if at >= 0:
            self._cursor = whole[at + 4 : at + 24].split(b"\n")[0].decode()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._is_closed:
            self.reconnected += 1
            asyncio.get_running_loop().create_task(self.open())
