"""Ends the streams of sessions that ended: one question for all of them, not one for each.

Each stream by itself asked every three seconds. With five hundred of them that took a core, and the desk had
none left to tell them anything.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterator

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.background_task import BackgroundTask
from api.deps import Credential
from api.event_stream import Listener
from config.database import SessionLocal
from services import api_token_service, session_service

CHECK_SECONDS = 3.0
"""How long a stream may outlive its session; five seconds are promised."""

log = structlog.get_logger()


class SignInWatch(BackgroundTask):
    """Knows what each open stream was opened with."""

    def __init__(self) -> None:
        super().__init__()
        self._streams: dict[Credential, set[Listener]] = defaultdict(set)

    @contextlib.contextmanager
    def watching(self, credential: Credential, listener: Listener) -> Iterator[None]:
        """End the listener when the credential holds no longer."""
        self._streams[credential].add(listener)
        try:
            yield
        finally:
            self._streams[credential].discard(listener)
            if not self._streams[credential]:
                del self._streams[credential]

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            asked = set(self._streams)
            if not asked:
                continue
            holding: Collection[Credential] = ()
            try:
                holding = await asyncio.to_thread(_holding, asked)
            except SQLAlchemyError as error:  # nobody knows who is still signed in: all come back and say
                log.warning("events.database_trouble", error=type(error).__name__)
            except Exception as error:
                log.error("events.sign_in_not_checked", exc_info=error)
            for credential in asked.difference(holding):
                for listener in self._streams.get(credential, ()):
                    listener.end()


def _holding(asked: Collection[Credential]) -> set[Credential]:
    tokens = [each.text for each in asked if each.is_token]
    cookies = [each.text for each in asked if not each.is_token]
    with SessionLocal() as db:
        found = {Credential(is_token=True, text=text) for text in api_token_service.holding(db, tokens)}
        found |= {Credential(is_token=False, text=text) for text in session_service.holding(db, cookies)}
        db.commit()
    return found
