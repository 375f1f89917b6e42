"""Graph as far as sending needs it, as cheap as can be: answers each message after so many seconds.

`python -m benchmarks.pretend_graph PORT SECONDS`; GET /seen tells how many came, and when each came.
"""

import asyncio
import json
import re
import sys
import time
from typing import cast

import uvloop

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
CALLBACK = re.compile(rb'"biz_opaque_callback_data": ?"([^"]+)"')


class Graph(asyncio.Protocol):
    """One connection; what it has seen belongs to all of them."""

    seen: list[tuple[float, str]] = []  # noqa: RUF012 - one list for all connections is what is meant
    delay = 0.0

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while True:
            head, found, rest = self._received.partition(b"\r\n\r\n")
            if not found:
                return
            announced = LENGTH.search(head)
            length = int(announced[1]) if announced else 0
            if len(rest) < length:
                return
            body, self._received = rest[:length], rest[length:]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET /seen"):
            self._write(json.dumps(self.seen).encode())
            return
        if head.startswith(b"GET "):
            self._write(b'{"id": "of whoever was asked for"}')
            return
        callback = CALLBACK.search(body)
        name = callback[1].decode() if callback else ""
        if name:
            self.seen.append((time.time(), name))
        answer = json.dumps({"messaging_product": "whatsapp", "messages": [{"id": f"wamid.out.{name}"}]})
        asyncio.get_running_loop().call_later(self.delay, self._write, answer.encode())

    def _write(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


async def main() -> None:
    """Serve until stopped."""
    Graph.delay = float(sys.argv[2])
    server = await asyncio.get_running_loop().create_server(Graph, "127.0.0.1", int(sys.argv[1]), backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
