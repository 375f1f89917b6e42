"""Fetches what customers send, in a thread of its own, and clears away uploads that were never sent."""

import asyncio
import contextlib
import tempfile
import threading
from typing import IO

import structlog
from sqlalchemy.exc import SQLAlchemyError

from config.loop_watch import LoopWatch
from services.media_forms import StoredForms, make_forms, store_forms
from services.media_storage import MediaStorage, get_media_storage
from whatsapp.media import NOT_STORED, MediaClient, MediaTrouble, TroubleKind
from worker import media_store
from worker.media_brake import Brake
from worker.media_store import Claim
from worker.outbox_database import DatabaseThread

POLL_SECONDS = 1.0
FETCHES_AT_ONCE = 4
PROLONG_SECONDS = media_store.CLAIM.total_seconds() / 3
CLEARING_SECONDS = 3600.0
NOT_WORKED_ON = "The desk had a fault of its own with this file."

log = structlog.get_logger()


class MediaFetcher:
    """One process's thread for files. Any number of processes may run one each."""

    def __init__(
        self, client: MediaClient, storage: MediaStorage | None = None, poll: float = POLL_SECONDS
    ) -> None:
        self._client, self._poll = client, poll
        self._given_storage = storage
        self._brake = Brake()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._stop_timeout = 0.0
        self._woken = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], Claim] = {}
        self._prolonged_at = self._cleared_at = float("-inf")

    def start(self) -> None:
        """Begin to fetch."""
        self._stopped.clear()
        self._thread = threading.Thread(target=self._work, name="media", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 30.0) -> None:
        """Begin nothing new and wait so many seconds for what is under way; the rest is fetched later."""
        self._stop_timeout = timeout
        self._stopped.set()
        self.wake()
        if self._thread is not None:
            self._thread.join(timeout + 5)

    def wake(self) -> None:
        """There may be something to fetch. Callable from every thread, at any time."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._woken.set)

    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def _storage(self) -> MediaStorage:
        return self._given_storage or get_media_storage()

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                asyncio.run(self._run())
            except Exception:
                log.exception("media.crashed")
                self._stopped.wait(self._poll)

    async def _run(self) -> None:
        self._woken, self._under_way = asyncio.Event(), {}
        self._loop = asyncio.get_running_loop()
        with contextlib.closing(DatabaseThread()) as database, LoopWatch():
            async with self._client:
                while not self._stopped.is_set():
                    try:
                        await self._round(database)
                    except SQLAlchemyError as error:
                        log.warning("media.database_trouble", error=type(error).__name__)
                    await self._wait()
                await self._finish()

    async def _round(self, database: DatabaseThread) -> None:
        now = _now()
        if now - self._prolonged_at >= PROLONG_SECONDS:
            await database.run(media_store.prolong, list(self._under_way.values()))
            self._prolonged_at = now
        if now - self._cleared_at >= CLEARING_SECONDS:
            await self._clear(database)
            self._cleared_at = now
        if self._brake.is_shut(now):
            return
        room = FETCHES_AT_ONCE - len(self._under_way)
        retries = self._brake.allows_retries(now)
        for claimed in await database.run(media_store.claim, room, retries=retries):
            task = asyncio.create_task(self._fetch(claimed, database))
            self._under_way[task] = claimed
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self._woken.set()  # there is room for another

    async def _fetch(self, claimed: Claim, database: DatabaseThread) -> None:
        try:
            trouble = await self._try(claimed, database)
            if trouble is not None:
                self._note(trouble)
                await database.run(media_store.fail, claimed, trouble)
        except SQLAlchemyError as error:  # it is fetched again when the claim has run out
            log.warning("media.database_trouble", error=type(error).__name__, media_id=claimed.id)
        except Exception:
            log.exception("media.fetch_failed", media_id=claimed.id)

    async def _try(self, claimed: Claim, database: DatabaseThread) -> MediaTrouble | None:
        """What kept the file from being stored, if something did that is not the database."""
        try:
            with tempfile.TemporaryFile() as file:
                await self._fetch_into(file, claimed, database)
        except MediaTrouble as trouble:
            return trouble
        except SQLAlchemyError:
            raise
        except Exception:  # without an end of its own it would be asked for ten times an hour, for a week
            log.exception("media.fetch_failed", media_id=claimed.id)
            return MediaTrouble(TroubleKind.FAILED, NOT_WORKED_ON)
        return None

    async def _fetch_into(self, file: IO[bytes], claimed: Claim, database: DatabaseThread) -> None:
        fetched = await self._client.fetch(
            claimed.provider_media_id, claimed.phone_number_id, claimed.announced_sha256, file
        )
        self._brake.answered(_now())
        stored = await asyncio.to_thread(self._store, claimed, file)
        is_ours = await database.run(media_store.complete, claimed, stored, fetched)
        if is_ours:  # what a process left behind that died before it could say so
            await asyncio.to_thread(self._storage.delete, claimed.id, keep=stored.keys)
        else:
            await asyncio.to_thread(self._storage.remove, stored.keys)

    def _store(self, claimed: Claim, file: IO[bytes]) -> StoredForms:
        with contextlib.closing(make_forms(claimed.kind, claimed.name, file)) as forms:
            try:
                return store_forms(self._storage, claimed.id, file, forms)
            except Exception as error:
                log.exception("media.not_stored", media_id=claimed.id)
                raise MediaTrouble(TroubleKind.FAILED, NOT_STORED) from error

    def _note(self, trouble: MediaTrouble) -> None:
        now = _now()
        if trouble.is_refusal:
            self._brake.refused(now)
        if trouble.kind is TroubleKind.DENIED:
            self._brake.denied(now)
        elif trouble.kind is TroubleKind.LIMITED:
            self._brake.limited(now)

    async def _clear(self, database: DatabaseThread) -> None:
        removed = []
        for media_id in await database.run(media_store.take_unsent):
            try:
                await asyncio.to_thread(self._storage.delete, media_id)
            except Exception:  # it stays for the next time, and what customers sent is fetched meanwhile
                log.exception("media.unsent_not_removed", media_id=media_id)
            else:
                removed.append(media_id)
        if removed:
            await database.run(media_store.forget, removed)
            log.info("media.unsent_removed", files=len(removed))

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._poll):
                await self._woken.wait()
        self._woken.clear()

    async def _finish(self) -> None:
        if self._under_way:
            _, late = await asyncio.wait(list(self._under_way), timeout=self._stop_timeout)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _now() -> float:
    return asyncio.get_running_loop().time()
