"""The database for asynchronous code: blocking steps on a thread of their own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from config.conflicts import in_whole
from config.database import SessionLocal

Given = ParamSpec("Given")
Gives = TypeVar("Gives")


class DatabaseThread:
    """Runs steps one after the other, each in a session that it does not keep."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="outbox-database")

    async def run(
        self,
        step: Callable[Concatenate[Session, Given], Gives],
        /,
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Gives:
        """Give what `step(db, …)` gives."""

        def call() -> Gives:
            return in_whole(SessionLocal, lambda db: step(db, *args, **kwargs))

        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def close(self) -> None:
        """Wait for the step that is running; those that wait are dropped."""
        self._thread.shutdown(cancel_futures=True)
