"""A second migrator waits for the first and says so, also when that takes too long."""

import fcntl
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from commands.migration import migrate
from config.database import engine
from migrations import lock
from services.errors import DeskError


@pytest.mark.skipif(engine.dialect.name == "sqlite", reason="it waits for as long as the first takes")
def test_who_waited_in_vain_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "SECONDS", 0)
    with engine.connect() as first:
        first.execute(sa.text("SELECT GET_LOCK('chat-support-migrations', 0)"))
        with pytest.raises(DeskError, match="still changing the tables"):
            migrate()
        first.execute(sa.text("SELECT RELEASE_LOCK('chat-support-migrations')"))
    migrate()


@contextmanager
def first_migrator() -> Iterator[None]:
    if engine.dialect.name == "sqlite":
        held = os.open(Path(str(engine.url.database)).parent, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(held)
        return
    with engine.connect() as first:
        first.execute(sa.text("SELECT GET_LOCK('chat-support-migrations', 0)"))
        try:
            yield
        finally:
            first.execute(sa.text("SELECT RELEASE_LOCK('chat-support-migrations')"))


def test_who_waits_is_told_for_what(capsys: pytest.CaptureFixture[str]) -> None:
    with ThreadPoolExecutor(1) as pool:
        with first_migrator():
            second = pool.submit(migrate)
            said, until = "", time.monotonic() + 10
            while "waiting for it to end" not in said and time.monotonic() < until:
                time.sleep(0.05)
                said += capsys.readouterr().err
            assert not second.done()
        second.result()
    assert said == "Another process is changing the tables; waiting for it to end.\n"
