"""The same thing done by many at once, and waiting for what others do."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy.orm import Session

from config.database import SessionLocal

Result = TypeVar("Result")

PATIENCE_SECONDS = 30


def together(count: int, act: Callable[[Session, int], Result]) -> list[Result | Exception]:
    """What `act(db, number)` gave or raised in as many threads, each with a session, begun at one moment."""
    begin = threading.Barrier(count)

    def run(number: int) -> Result | Exception:
        with SessionLocal() as db:
            begin.wait(PATIENCE_SECONDS)
            try:
                return act(db, number)
            except Exception as error:  # noqa: BLE001 - the test looks at it
                return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until this holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
