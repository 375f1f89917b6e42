"""Tells every open dashboard who is at the desk, whenever that changes."""

import asyncio
import contextlib

import structlog

from api.background_task import BackgroundTask
from api.event_stream import UNNUMBERED, EventTail, Frame
from realtime.bus import PRESENCE, bus
from realtime.presence import Presence
from schemas.presence import PresenceResponse

LOOK_SECONDS = 1.0
"""How late a sign that ran out is noticed."""

log = structlog.get_logger()


class PresenceFeed(BackgroundTask):
    """Looks at the signs after each of them, and once a second for those that ran out."""

    def __init__(self, presence: Presence, tail: EventTail) -> None:
        super().__init__()
        self._presence = presence
        self._tail = tail

    def frame(self) -> Frame:
        """What the stream tells of it. It has no id, and leaves a reader's cursor where it is."""
        told = PresenceResponse.of(self._presence.people()).model_dump_json()
        return UNNUMBERED, f"event: presence\ndata: {told}\n\n".encode()

    def is_anybody_here(self) -> bool:
        """Whether there is something to tell."""
        return bool(self._presence.people())

    async def _run(self) -> None:
        woken = asyncio.Event()
        loop = asyncio.get_running_loop()
        end = bus.listen(PRESENCE, lambda: loop.call_soon_threadsafe(woken.set))
        told = self.frame()
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await woken.wait()
                woken.clear()
                try:
                    fresh = self.frame()
                except Exception as error:  # who is at the desk is told again when it can be
                    log.error("presence.not_told", exc_info=error)
                    continue
                if fresh != told:
                    told = fresh
                    self._tail.tell(told)
        finally:
            end()
