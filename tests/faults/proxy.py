"""A proxy on loopback that stands before a database, a Redis or Graph and fails as networks do."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from enum import StrEnum
from typing import Any, Self

from tests.ports import free_port


class Fault(StrEnum):
    """How it fails.

    DOWN refuses connections and cuts those that are open. BLACKHOLE takes everything and gives nothing, and
    what was open stays dead afterwards. SWALLOW lets requests through and cuts the line at their answers.
    """

    NONE = "none"
    DOWN = "down"
    BLACKHOLE = "blackhole"
    SWALLOW = "swallow"


class _Line:
    """One connection through the proxy."""

    def __init__(self) -> None:
        self.is_dead = False
        self.writers: list[asyncio.StreamWriter] = []

    def cut(self) -> None:
        for writer in self.writers:
            writer.transport.abort()


class FaultProxy:
    """While entered, forwards its port of 127.0.0.1 to another there, or fails as it is told."""

    def __init__(self, target: int) -> None:
        self.port, self._target = free_port(), target
        self._fault = Fault.NONE
        self._lines: set[_Line] = set()
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy")

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen())
        return self

    def __exit__(self, *error: object) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def become(self, fault: Fault) -> None:
        """Fail like this from now on; NONE heals."""
        self._run(self._become(fault))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _become(self, fault: Fault) -> None:
        self._fault = fault
        if fault is Fault.DOWN:
            await self._close()
        elif self._server is None:
            await self._listen()
        for line in self._lines:
            line.is_dead = line.is_dead or fault is Fault.BLACKHOLE

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for line in list(self._lines):
            line.cut()

    async def _end(self) -> None:
        await self._close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = _Line()
        line.writers.append(writer)
        line.is_dead = self._fault is Fault.BLACKHOLE
        self._lines.add(line)
        try:
            if line.is_dead:
                await self._drain(reader)
                return
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
            line.writers.append(far_writer)
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(line, reader, far_writer, is_answer=False))
                pumps.create_task(self._pump(line, far_reader, writer, is_answer=True))
        except* OSError:
            pass  # one of the two hung up
        finally:
            line.cut()
            self._lines.discard(line)

    async def _pump(
        self, line: _Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool
    ) -> None:
        while piece := await reader.read(65536):
            if line.is_dead:
                continue
            if is_answer and self._fault is Fault.SWALLOW:
                line.cut()
                return
            writer.write(piece)
            await writer.drain()
        writer.close()

    @staticmethod
    async def _drain(reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while await reader.read(65536):
                pass
