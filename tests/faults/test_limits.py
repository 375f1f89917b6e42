"""Bodies that are too large or too slow, texts at their limits, and floods: nobody else notices."""

import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.deliveries import delivering
from tests.faults.processes import WEBHOOK, Process, desks, wait_until
from tests.pretend_meta import PretendMeta

MEGABYTE = 1024 * 1024
BUSY = 3.0
"""Seconds that 99 of 100 requests may take on a machine that runs other tests beside these."""

UNSIGNED = f"POST {WEBHOOK} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
SIGNED = f"{UNSIGNED}X-Hub-Signature-256: sha256={'0' * 64}\r\n"
SLOW_BODIES = {"unsigned": f"{UNSIGNED}\r\n", "signed": f"{SIGNED}\r\n"}
SLOW_HEAD = f"POST {WEBHOOK} HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


@pytest.fixture
def process(pretend_meta: PretendMeta, tmp_path: Path) -> Iterator[Process]:
    with desks(pretend_meta.graph_url, tmp_path, broken="hurry") as [started]:
        pretend_meta.point_at(started.url + WEBHOOK)
        yield started


def percentile(seconds: list[float], part: int) -> float:
    return statistics.quantiles(seconds, n=100)[part - 1]


@pytest.mark.promise("P30")
def test_a_stream_without_end_is_cut_off_before_it_costs_memory(process: Process) -> None:
    """A gigabyte in chunks, without a length: refused once it is too long, and kept nowhere."""
    before, piece = process.memory(), b"x" * MEGABYTE
    most = before
    with socket.create_connection(("127.0.0.1", process.port), timeout=30) as line:
        head = f"POST {WEBHOOK} HTTP/1.1\r\nHost: localhost\r\nX-Hub-Signature-256: sha256={'0' * 64}\r\n"
        line.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        sent = 0
        with suppress(OSError):  # cut off, as it should be
            for _ in range(1024):
                line.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                sent += len(piece)
                most = max(most, process.memory())
    assert sent < 64 * MEGABYTE
    assert most - before < 20 * MEGABYTE


@pytest.mark.promise("P30")
def test_a_head_without_end_is_cut_off_too(process: Process) -> None:
    before, sent = process.memory(), 0
    with socket.create_connection(("127.0.0.1", process.port), timeout=30) as line:
        line.sendall(SLOW_HEAD.encode())
        with suppress(OSError):
            for _ in range(200):
                line.sendall(b"x" * MEGABYTE)
                sent += 1
    assert sent < 64
    assert process.memory() - before < 20 * MEGABYTE


@contextmanager
def slow_bodies(process: Process, count: int, head: str) -> Iterator[list[socket.socket]]:
    """So many connections that begin a request, and then send a byte a second."""
    lines = [socket.create_connection(("127.0.0.1", process.port), timeout=10) for _ in range(count)]
    stop = threading.Event()

    def dribble() -> None:
        while not stop.wait(1):
            for line in lines:
                try:
                    line.sendall(b"x")
                except OSError:
                    continue  # the desk has had enough of it

    for line in lines:
        line.sendall(head.encode())
    thread = threading.Thread(target=dribble)
    thread.start()
    try:
        yield lines
    finally:
        stop.set()
        thread.join()
        for line in lines:
            line.close()


@pytest.mark.promise("P30")
@pytest.mark.parametrize("head", [*SLOW_BODIES.values(), SLOW_HEAD], ids=[*SLOW_BODIES, "head"])
def test_five_hundred_slow_senders_hold_up_nobody_and_are_cut_off(process: Process, head: str) -> None:
    with slow_bodies(process, 500, head) as lines, delivering(process) as told:
        time.sleep(1)
        wait_until(lambda: all(map(is_cut_off, lines)), "the slow ones to be cut off")
    assert percentile([each.seconds for each in told.answers], 99) < BUSY
    assert {each.status for each in told.answers} == {200}


def is_cut_off(line: socket.socket) -> bool:
    line.settimeout(0.001)
    try:
        while line.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True
