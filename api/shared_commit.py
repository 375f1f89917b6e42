"""Webhooks that wait at the same time share one commit: a sync of the disk costs the same for one or many."""

import asyncio
import threading
import time
from collections import deque
from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from config.conflicts import in_whole
from config.database import QuickSession, transaction
from config.database_trouble import is_trouble
from realtime.bus import rest
from services.errors import DeskError
from services.inbound_event_service import store
from whatsapp.payloads import Item, items, unreadable

MOST_WAITING = 5_000
MOST_WAITING_BYTES = 64 * 1024 * 1024
"""Requests, and their bodies together; more are refused, so that a burst costs no more memory than that."""

MOST_AT_ONCE = 500
FEW = 20
"""Requests; after a commit for fewer than that, more may gather before the next."""

PRESS = 20
"""Webhooks without an answer. A steady desk has fewer, at any rate: they are answered in milliseconds."""

PRESSED_SECONDS = 0.02
"""How long it lasts after its peak: right after a commit nothing waits, and the next crowd is on its way."""

LONGEST_REST_SECONDS = 0.01
PATIENCE_SECONDS = 4.5
"""Within five seconds Meta has an answer, also when the database has none."""

log = structlog.get_logger()


class InboxUnavailable(DeskError):
    """The webhook could not be stored in time; Meta delivers it again."""

    status = 503
    code = "inbox_unavailable"

    def __init__(self) -> None:
        super().__init__(
            "The event could not be stored just now. Deliver it again.", headers={"Retry-After": "5"}
        )


@dataclass
class _Waiting:
    body: bytes
    loop: asyncio.AbstractEventLoop
    stored: asyncio.Future[None]

    def settle(self, error: Exception | None) -> None:
        """In the thread of its loop."""
        if not self.stored.done():
            if error is None:
                self.stored.set_result(None)
            else:
                self.stored.set_exception(error)

    def give_up(self) -> None:
        """In the thread of its loop, when an answer would come too late."""
        self.settle(InboxUnavailable())


class SharedCommit:
    """One thread that stores whatever has come in since its last commit."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._unanswered = 0
        self._pressed_at = float("-inf")
        self._changed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to store."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="shared-commit", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Store what waits, then end."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def is_pressed(self) -> bool:
        """Whether so many webhooks wait for their answers that other work had better not take their time."""
        return self._unanswered >= PRESS or time.monotonic() - self._pressed_at < PRESSED_SECONDS

    async def store(self, body: bytes) -> None:
        """Return when everything in the body is on disk. Raises InboxUnavailable."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(body, loop, loop.create_future())
        with self._changed:
            is_full = len(self._waiting) >= MOST_WAITING or self._waiting_bytes >= MOST_WAITING_BYTES
            if self._stopping or is_full:
                raise InboxUnavailable
            self._waiting.append(waiting)
            self._waiting_bytes += len(body)
            self._changed.notify()
        self._unanswered += 1
        too_late = loop.call_later(PATIENCE_SECONDS, waiting.give_up)
        try:
            await waiting.stored
        finally:
            too_late.cancel()
            if self._unanswered >= PRESS:
                self._pressed_at = time.monotonic()
            self._unanswered -= 1

    def _run(self) -> None:
        is_over = False
        while not is_over:
            try:
                is_over = self._take_turn()
            except Exception as error:  # noqa: BLE001 - what waits comes again, and what comes next must be stored
                log.error("webhook.turn_failed", error=type(error).__name__)

    def _take_turn(self) -> bool:
        """Whether it was the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopping)
            if not self._waiting:
                return True
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]
            self._waiting_bytes -= sum(len(waiting.body) for waiting in batch)
        began = time.monotonic()
        if wanted := [waiting for waiting in batch if not waiting.stored.done()]:
            self._store(wanted)
        if len(batch) < FEW:
            time.sleep(rest(began, LONGEST_REST_SECONDS))
        return False

    def _store(self, batch: list[_Waiting]) -> None:
        try:
            _commit([item for waiting in batch for item in items(waiting.body)])
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody may wait for ever
            log.error("webhook.not_stored", requests=len(batch), error=type(error).__name__)
            if is_trouble(error):
                _settle(batch, InboxUnavailable())
            elif len(batch) > 1:
                for waiting in batch:  # one of them is at fault; the others must not suffer for it
                    self._store([waiting])
            else:
                _settle(batch, _keep(batch[0].body, error))
        else:
            _settle(batch, None)


def _settle(batch: list[_Waiting], error: Exception | None) -> None:
    def settle_all() -> None:
        for waiting in batch:
            waiting.settle(error)

    batch[0].loop.call_soon_threadsafe(settle_all)


def _keep(body: bytes, error: Exception) -> Exception | None:
    """Store as it came what could not be stored as what it is; else Meta would bring it in vain for days."""
    try:
        _commit([unreadable(body, f"It could not be stored as it is: {type(error).__name__}.")])
    except Exception as again:  # noqa: BLE001 - Meta keeps it, and delivers it again
        log.error("webhook.not_kept", error=type(again).__name__)
        return InboxUnavailable()
    return None


def _commit(found: list[Item]) -> None:
    def act(db: Session) -> None:
        with transaction(db):
            store(db, found)

    in_whole(QuickSession, act)
