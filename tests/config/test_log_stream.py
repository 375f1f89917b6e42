"""A log that nobody reads holds nothing up."""

import json
import logging
import os
import threading
from collections.abc import Callable, Iterator

import pytest
import structlog

from config import observability

LINES = 2_000
"""Several times what a pipe or a terminal holds."""


@pytest.fixture(params=[os.pipe, os.openpty])
def reading(request: pytest.FixtureRequest) -> Iterator[int]:
    """Where the log can be read, which goes into a pipe or to a terminal."""
    make: Callable[[], tuple[int, int]] = request.param
    root = logging.getLogger()
    before = root.handlers, root.level
    read, write = make()
    with os.fdopen(write, "w") as stream:
        observability.configure(stream)
        yield read
        root.handlers, root.level = before
        os.close(read)  # whoever still writes is let go


def read_until(file: int, words: bytes) -> bytes:
    found = b""
    while words not in found:
        piece = os.read(file, 65536)
        assert piece
        found += piece
    return found


def logs(text: str, times: int = 1) -> None:
    for number in range(times):
        structlog.stdlib.get_logger("ours").info(text, number=number, padding="x" * 300)


def test_who_logs_does_not_wait_for_the_reader_and_is_heard_again_afterwards(reading: int) -> None:
    writer = threading.Thread(target=logs, args=("unread", LINES), daemon=True)
    writer.start()
    writer.join(60)
    assert not writer.is_alive(), "it waits until somebody reads"
    # the terminal gives line by line, and is empty after the last that it took
    reader = threading.Thread(target=lambda: found.append(read_until(reading, b"heard again")), daemon=True)
    found: list[bytes] = []
    reader.start()
    while reader.is_alive():
        logs("heard again")
        reader.join(0.05)
    assert b"were left out" in found[0]


def test_lines_that_were_left_out_are_counted_and_spoil_no_other() -> None:
    root = logging.getLogger()
    before = root.handlers, root.level
    read, write = os.pipe()
    with os.fdopen(write, "w") as stream, os.fdopen(read, "rb") as log:
        observability.configure(stream)
        structlog.stdlib.get_logger("ours").info("long", padding="x" * 200_000)
        logs("unread", 3)
        log.read1(65536)
        logs("read")
        root.handlers, root.level = before
        stream.close()
        words, line = (json.loads(each) for each in log.read().splitlines()[-2:])
    assert words["event"].startswith("4 lines of the log were left out")
    assert line["event"] == "read"
