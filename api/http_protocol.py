"""HTTP with an end: what is still to come of a request must come soon, and must not be endless.

uvicorn waits for a head as long as the other side likes, and keeps as much of it as comes; and when a request
was answered before its end, it goes on reading the rest, to throw it away.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE_SECONDS = 10
HEAD_BYTES = 64 * 1024
REST_BYTES = 8 * 1024 * 1024
"""Who is sending still must be able to finish, or the answer does not get through."""


class Bounded(HttpToolsProtocol):
    """Hangs up on a head that is too slow or too long, and on the rest of a body that nobody wants.

    While a body is wanted, middleware.py sees to it.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._too_late: asyncio.TimerHandle | None = None
        self._bytes_left = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self._wait_for(HEAD_BYTES)

    def on_message_begin(self) -> None:
        """A head begins; on the same connection it may be the second one."""
        super().on_message_begin()
        if self._too_late is None:
            self._wait_for(HEAD_BYTES)

    def on_headers_complete(self) -> None:
        """The head is here."""
        self._wait_no_more()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """What has not come yet of the request is not wanted any more."""
        is_whole = not self.cycle.more_body
        super().on_response_complete()
        if not is_whole:
            self._wait_for(REST_BYTES)

    def on_message_complete(self) -> None:
        """The request is here, whether it was wanted to its end or not."""
        self._wait_no_more()
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Take in what came, and hang up where it is too much."""
        super().data_received(data)
        if self._too_late is not None:
            self._bytes_left -= len(data)
            if self._bytes_left < 0:
                self._hang_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more is expected."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait_for(self, most_bytes: int) -> None:
        self._wait_no_more()
        self._bytes_left = most_bytes
        self._too_late = self.loop.call_later(PATIENCE_SECONDS, self._hang_up)

    def _wait_no_more(self) -> None:
        if self._too_late is not None:
            self._too_late.cancel()
            self._too_late = None

    def _hang_up(self) -> None:
        self._wait_no_more()
        if self.transport is not None:
            self.transport.abort()
