"""Ends a process whose event loop stands still, so that who keeps it running starts one that works.

CPython waits without end for a thread that could not begin because memory ran out in that moment; a loop that
does so answers nobody any more, health included, or sends nothing, and nothing in the process can free it.
"""

import asyncio
import faulthandler
import os
import signal
import threading
import time
from collections.abc import Callable

LOOK_SECONDS = 5.0
LOOKS_IN_VAIN = 12
"""A minute. Looks are counted, not seconds: who was suspended finds that the clock went on without him."""

END_SECONDS = 10
"""To say why. Where nobody reads that, the process ends all the same, by the signal."""


def _end() -> None:
    signal.alarm(END_SECONDS)
    os.write(2, b"The event loop has stood still for a minute. This process ends; it was at this:\n")
    faulthandler.dump_traceback()
    os._exit(1)


class LoopWatch:
    """While the block runs, a thread asks its loop for signs of life; many in vain, and it calls `end`."""

    def __init__(
        self, look_seconds: float = LOOK_SECONDS, looks: int = LOOKS_IN_VAIN, end: Callable[[], None] = _end
    ) -> None:
        self._look_seconds, self._looks, self._end = look_seconds, looks, end
        self._answered = True
        self._stopped = False

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._watch, args=(loop,), name="loop-watch", daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._stopped = True

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        in_vain = 0
        while not self._stopped and not loop.is_closed():
            try:
                if self._answered:
                    in_vain, self._answered = 0, False
                    loop.call_soon_threadsafe(self._answer)
                else:
                    in_vain += 1
            except (MemoryError, RuntimeError):  # not asked, so that no answer is missed
                self._answered = True
            time.sleep(self._look_seconds)
            if in_vain >= self._looks and not self._answered and not self._stopped:
                self._end()
                return

    def _answer(self) -> None:
        self._answered = True
