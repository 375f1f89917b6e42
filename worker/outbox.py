"""The sender: takes messages out of the outbox and brings them to WhatsApp, in its own thread."""

import asyncio
import contextlib
import threading
import uuid

import structlog
from sqlalchemy.exc import SQLAlchemyError

from config.loop_watch import LoopWatch
from whatsapp.client import WhatsAppClient
from whatsapp.media import MediaClient
from worker.outbox_database import DatabaseThread
from worker.outbox_number import NumberSender, Pace
from worker.outbox_store import numbers_with_work

log = structlog.get_logger()


class Outbox:
    """One process's sender, for all numbers. Among processes, one sends for a number at a time."""

    def __init__(self, client: WhatsAppClient, media: MediaClient, pace: Pace | None = None) -> None:
        self._client, self._media = client, media
        self._pace = pace or Pace()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._stop_timeout = 0.0
        self._woken = asyncio.Event()
        self._senders: dict[str, NumberSender] = {}

    def start(self) -> None:
        """Begin to send what is in the outbox."""
        self._stopped.clear()
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 30.0) -> None:
        """Send nothing new and wait so many seconds for the answers that are due.

        What has no answer by then is unknown.
        """
        self._stop_timeout = timeout
        self._stopped.set()
        self.wake()
        if self._thread is not None:
            self._thread.join()

    def wake(self) -> None:
        """There may be something to send. Callable from every thread, at any time."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._wake)

    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def _wake(self) -> None:
        for sender in self._senders.values():
            sender.wake()
        if not self._senders or self._stopped.is_set():  # a number's first message may wait for the poll
            self._woken.set()

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                asyncio.run(self._run())
            except Exception:
                log.exception("outbox.crashed")
                self._stopped.wait(self._pace.poll)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken, self._senders = asyncio.Event(), {}
        owner = uuid.uuid4().hex  # a new one each time: what an earlier run was sending is not ours
        with contextlib.closing(DatabaseThread()) as database, LoopWatch():
            async with self._client, self._media, asyncio.TaskGroup() as tasks:
                while not self._stopped.is_set():
                    for number in await self._numbers(database):
                        if number not in self._senders:
                            clients = (self._client, self._media)
                            sender = NumberSender(number, owner, clients, database, self._pace)
                            self._senders[number] = sender
                            tasks.create_task(sender.run())
                    await self._wait()
                for sender in self._senders.values():
                    sender.stop(self._stop_timeout)

    async def _numbers(self, database: DatabaseThread) -> list[str]:
        try:
            return list(await database.run(numbers_with_work))
        except SQLAlchemyError as error:
            log.warning("outbox.database_trouble", error=type(error).__name__)
            return []

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pace.poll):
                await self._woken.wait()
        self._woken.clear()
