"""Makes the calls beside messages: read marks, typing, templates, the number's health. In its own thread.

Any number of processes may run one each. Nothing of it holds up a message, and nothing is lost that the next
call would not tell again.
"""

import asyncio
import contextlib
import threading
import uuid

import structlog
from sqlalchemy.exc import SQLAlchemyError

from config.loop_watch import LoopWatch
from whatsapp.client import CallFailed, WhatsAppClient
from whatsapp.errors import ErrorClass
from worker import graph_calls, graph_store
from worker.graph_store import Task
from worker.outbox_database import DatabaseThread

POLL_SECONDS = 2.0
SCHEDULE_SECONDS = 60.0

log = structlog.get_logger()


class GraphTasks:
    """One process's thread for these calls."""

    def __init__(self, client: WhatsAppClient, poll: float = POLL_SECONDS) -> None:
        self._client = client
        self._poll = poll
        self._owner = uuid.uuid4().hex
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._woken = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], Task] = {}
        self._scheduled_at = float("-inf")

    def start(self) -> None:
        """Begin to work."""
        self._stopped.clear()
        self._thread = threading.Thread(target=self._work, name="graph-tasks", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 30.0) -> None:
        """Make no new calls and wait so many seconds for the answers that are due."""
        self._stopped.set()
        self.wake()
        if self._thread is not None:
            self._thread.join(timeout)

    def wake(self) -> None:
        """There may be something to do. Callable from every thread, at any time."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._woken.set)

    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                asyncio.run(self._run())
            except Exception:
                log.exception("graph_tasks.crashed")
                self._stopped.wait(self._poll)

    async def _run(self) -> None:
        self._woken, self._under_way = asyncio.Event(), {}
        self._loop = asyncio.get_running_loop()
        with contextlib.closing(DatabaseThread()) as database, LoopWatch():
            async with self._client:
                while not self._stopped.is_set():
                    if not await self._round(database):
                        await self._wait()
                await asyncio.gather(*self._under_way)

    async def _round(self, database: DatabaseThread) -> bool:
        """Begin what is due; whether there was anything.

        One call that WhatsApp is slow to answer must not hold up the marks: they are soon too late.
        """
        busy = {task.kind for task in self._under_way.values()} - graph_store.SIDE_BY_SIDE
        room = graph_store.BATCH - len(self._under_way)
        try:
            await self._schedule(database)
            tasks = await database.run(graph_store.claim, room, but_not=busy)
        except SQLAlchemyError as error:
            log.warning("graph_tasks.database_trouble", error=type(error).__name__)
            return False
        for task in tasks:
            doing = asyncio.create_task(self._try(task, database))
            self._under_way[doing] = task
            doing.add_done_callback(self._ended)
        return bool(tasks)

    def _ended(self, doing: asyncio.Task[None]) -> None:
        del self._under_way[doing]
        self._woken.set()  # there is room for another

    async def _try(self, task: Task, database: DatabaseThread) -> None:
        try:
            await self._do(task, database)
        except SQLAlchemyError as error:  # it is done again when the claim has run out
            log.warning("graph_tasks.database_trouble", error=type(error).__name__)

    async def _schedule(self, database: DatabaseThread) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._scheduled_at >= SCHEDULE_SECONDS:
            await database.run(graph_store.schedule, self._owner)
            self._scheduled_at = now

    async def _do(self, task: Task, database: DatabaseThread) -> None:
        try:
            await graph_calls.make(task, self._client, database)
        except CallFailed as error:
            log.warning("graph_tasks.failed", kind=task.kind, code=error.code, attempts=task.attempts)
            is_mended_later = error.kind is ErrorClass.CONFIGURATION and task.kind in graph_store.LASTING
            if is_mended_later or error.kind in (ErrorClass.RETRY, ErrorClass.UNKNOWN):
                await database.run(graph_store.put_off, task)
                return
        except SQLAlchemyError:
            raise
        except Exception:  # an answer that nobody foresaw; the other tasks go on
            log.exception("graph_tasks.task_failed", kind=task.kind)
        await database.run(graph_store.finish, [task.id])

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._poll):
                await self._woken.wait()
        self._woken.clear()
