"""Works off the inbox: woken when something is stored, and looking once a second anyway."""

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session

from config.conflicts import in_whole
from config.database import SessionLocal
from realtime.bus import INBOX, bus, rest
from services.inbound_event_service import BATCH, due_shards, work_off

POLL_SECONDS = 1.0
PAUSE_AFTER_TROUBLE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 3.0
"""How long a batch waits at most while webhooks are pouring in. What they bring is safe once stored, and
under such a load it is late in any case; what finds no room is refused, and comes again minutes later."""

LOOK_SECONDS = 0.005

log = structlog.get_logger()


class Inbox:
    """A thread that takes parts of the inbox in turn. Any number of processes may run one each.

    While `is_pressed`, it leaves the processor to those who share it.
    """

    def __init__(
        self, session: Callable[[], Session] = SessionLocal, is_pressed: Callable[[], bool] = lambda: False
    ) -> None:
        self._session = session
        self._is_pressed = is_pressed
        self._owner = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
        self._end_listening: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin to work."""
        self._end_listening = bus.listen(INBOX, self._woken.set)
        self._thread.start()

    def stop(self, timeout: float = 30) -> None:
        """Finish the batch at hand, then end. What is left stays in the inbox."""
        self._stopping.set()
        self._woken.set()
        self._thread.join(timeout)
        self._end_listening()

    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._let_webhooks_first()
            self._woken.clear()
            began = time.monotonic()
            try:
                worked = in_whole(self._session, self._work)
            except Exception as error:  # the database is away, or worse: the inbox waits, and so do we
                log.error("inbox.trouble", error=type(error).__name__, exc_info=error)
                self._stopping.wait(PAUSE_AFTER_TROUBLE_SECONDS)
                continue
            if not worked:
                self._woken.wait(POLL_SECONDS)
            elif worked < BATCH:
                self._stopping.wait(rest(began))

    def _let_webhooks_first(self) -> None:
        until = time.monotonic() + LONGEST_PAUSE_SECONDS
        while self._is_pressed() and time.monotonic() < until:
            if self._stopping.wait(LOOK_SECONDS):
                return

    def _work(self, db: Session) -> int:
        shards = due_shards(db)
        return work_off(db, shards, self._owner) if shards else 0
