"""What time brings: data that has been kept for as long as it should goes, a little at a time."""

import os
import socket
import threading
import uuid
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.database import SessionLocal
from config.settings import get_settings
from realtime import ticket_counts
from services import retention_service
from worker import lease

NAME = "clock"
LEASE_SECONDS = 120.0
PERIOD_SECONDS = 300.0
PAUSE_SECONDS = 0.05
"""Between two acts, so that whoever waits to write has their turn."""

MOST_ACTS = 200
"""Of one class in one round; the rest has time until the next."""

log = structlog.get_logger()


class Clock:
    """One process's thread. Among processes, one at a time does what is due."""

    def __init__(self, session: Callable[[], Session] = SessionLocal, period: float = PERIOD_SECONDS) -> None:
        self._session, self._period = session, period
        self._owner = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        """Begin; the first round comes after one period, so that a start is not slowed down."""
        self._thread.start()

    def stop(self, timeout: float = 30.0) -> None:
        """End after the act at hand."""
        self._stopping.set()
        self._thread.join(timeout)

    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.wait(self._period):
            try:
                with self._session() as db:
                    self.round(db)
            except SQLAlchemyError as error:
                log.warning("clock.database_trouble", error=type(error).__name__)
            except Exception as error:
                log.error("clock.trouble", exc_info=error)

    def round(self, db: Session) -> None:
        """Everything that is due, unless another process is at it."""
        if not lease.acquire(db, NAME, self._owner, LEASE_SECONDS):
            return
        try:
            if ticket_counts.mend(db):
                log.info("clock.tickets_counted")
            for step in retention_service.STEPS:
                try:
                    self._do(db, step)
                except SQLAlchemyError:
                    raise
                except Exception as error:  # the other classes are due all the same
                    db.rollback()
                    log.error("clock.trouble", step=step.__name__, exc_info=error)
        finally:
            lease.release(db, NAME, self._owner)

    def _do(self, db: Session, step: retention_service.Step) -> None:
        for _ in range(MOST_ACTS):
            if not retention_service.step(db, get_settings(), step):
                return
            db.rollback()
            if self._stopping.wait(PAUSE_SECONDS) or not lease.renew(db, NAME, self._owner, LEASE_SECONDS):
                return
