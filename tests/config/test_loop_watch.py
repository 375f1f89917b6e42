import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from fastapi.testclient import TestClient

import main
from config.loop_watch import LoopWatch
from config.settings import get_settings

LIFE = """
import asyncio, contextlib, os, sys, threading, time
from config.loop_watch import LoopWatch

async def live():
    with LoopWatch(look_seconds=0.1, looks=5):
        print("begun", flush=True)
        until = time.monotonic() + float(sys.argv[1])
        while time.monotonic() < until:
            time.sleep(0.25)  # slow, but no standstill
            await asyncio.sleep(0)
        if len(sys.argv) > 3:
            fill(2)
        if len(sys.argv) > 2:
            stand_still()


def fill(pipe):
    os.set_blocking(pipe, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(pipe, bytes(4096))
    os.set_blocking(pipe, True)

def stand_still():
    never = threading.Lock()
    never.acquire()
    never.acquire()

asyncio.run(live())
"""


@contextmanager
def life(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", LIFE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"begun\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_process_whose_loop_stands_still_ends_and_says_where() -> None:
    with life("0.3", "and stand still") as process:
        _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert b"stood still" in said
    assert b"in stand_still" in said


def test_it_ends_also_where_nobody_reads_why() -> None:
    with life("0.3", "and stand still", "with a full log") as process:
        assert process.wait(30) == -signal.SIGALRM


def test_a_process_that_was_suspended_goes_on() -> None:
    with life("4") as process:
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(2)  # four times what would end it
        os.kill(process.pid, signal.SIGCONT)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, b"")


def test_the_desk_is_watched_until_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(main, "LoopWatch", partial(LoopWatch, 0.1, 5, ended.set))
    with TestClient(main.create_app(get_settings())) as client:
        assert client.portal is not None
        assert not ended.is_set()
        client.portal.call(ended.wait, 30)
        assert ended.is_set()
