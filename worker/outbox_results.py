"""Writing what became of sent messages: all that is there at a time shares one commit."""

import asyncio
import time
from collections.abc import Callable, Iterable

import structlog
from sqlalchemy.exc import DataError, IntegrityError

from realtime.bus import rest
from whatsapp.client import Result, Unknown
from worker.outbox_database import DatabaseThread
from worker.outbox_store import write_results

FEW = 20

NEVER_TAKEN = (IntegrityError, DataError, ValueError, OverflowError)
"""What the database says, or its driver before it is asked, of values that it will not take at any time."""

log = structlog.get_logger()


class ResultWriter:
    """Keeps results until they are on disk, however long the database is away.

    `written` is called with the ids of each batch. `pause` are the seconds between two tries.
    """

    def __init__(
        self,
        database: DatabaseThread,
        pause: float,
        retry_unit: float,
        written: Callable[[Iterable[int]], None],
    ) -> None:
        self._database = database
        self._pause, self._retry_unit = pause, retry_unit
        self._written = written
        self._results: dict[int, Result] = {}
        self._has_results = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write what is put."""
        self._task = asyncio.create_task(self._run())

    def put(self, message_id: int, result: Result) -> None:
        """Write this result soon."""
        self._results[message_id] = result
        self._has_results.set()

    async def close(self) -> None:
        """Write what is left. A step that was under way may be done twice, which changes nothing."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._write_all()

    async def _run(self) -> None:
        while True:
            await self._has_results.wait()
            self._has_results.clear()
            began, are_few = time.monotonic(), len(self._results) < FEW
            await self._write_all()
            if are_few:
                await asyncio.sleep(rest(began))

    async def _write_all(self) -> None:
        while self._results:
            batch = dict(self._results)
            await self._write(batch)
            for message_id in batch:
                del self._results[message_id]
            self._written(batch)

    async def _write(self, batch: dict[int, Result]) -> None:
        while True:
            try:
                await self._database.run(write_results, batch, self._retry_unit)
            except NEVER_TAKEN as error:
                log.error("outbox.result_refused", messages=len(batch), error=type(error).__name__)
                if len(batch) > 1:  # one that the database will never take must not hold up the others
                    for message_id, result in batch.items():
                        await self._write({message_id: result})
                    return
                batch = dict.fromkeys(batch, Unknown("the result could not be stored"))
            except Exception as error:  # noqa: BLE001 - a database error's text holds customers' data
                log.warning("outbox.database_trouble", error=type(error).__name__)
            else:
                return
            await asyncio.sleep(self._pause)
