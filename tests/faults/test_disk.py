"""The disk is full or broken: no 200 without a durable row, no corruption, and it goes on when there is room.

strace does it to a running desk, at the system call. MariaDB's own server stops itself when its log cannot be
written, which the tests of database outages cover.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from config.database import SessionLocal
from tests.faults.deliveries import delivering
from tests.faults.processes import WEBHOOK, Process, desks, wait_until
from tests.faults.scenario import nothing_pending
from tests.faults.test_database_outages import lost
from tests.pretend_meta import PretendMeta
from tests.running_desk import text_message, webhook

pytestmark = [
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is missing: apt-get install strace"),
    pytest.mark.skipif(
        os.environ.get("TEST_DATABASE", "sqlite") != "sqlite", reason="the desk itself writes no data"
    ),
]


@contextmanager
def traced(process: Process, folder: Path, *options: str) -> Iterator[Path]:
    """Meanwhile strace looks at the desk, or gets in its way."""
    output = folder / "strace"
    command = ["strace", "-f", "-qq", "-p", str(process.pid), "-o", str(output), *options]
    tracer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: is_traced(process.pid) or tracer.poll() is not None, "strace to begin")
    if tracer.poll() is not None:
        pytest.skip(f"strace may not attach here: {tracer.communicate()[1].strip()}")
    try:
        yield output
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=30)


def is_traced(pid: int) -> bool:
    tasks = [each / "status" for each in Path(f"/proc/{pid}/task").iterdir()]
    return all("TracerPid:\t0\n" not in each.read_text() for each in tasks)


@pytest.mark.promise("P29")
@pytest.mark.parametrize(
    "fault",
    [
        "pwrite64:error=ENOSPC:when=1+",
        "pwrite64:error=ENOSPC:when=5+3",
        "fdatasync:error=EIO:when=1+2",
        "pwrite64:error=EIO:when=2+7",
    ],
)
def test_a_disk_that_refuses_loses_and_corrupts_nothing(
    pretend_meta: PretendMeta, tmp_path: Path, fault: str, cases: Callable[[int], None]
) -> None:
    with desks(pretend_meta.graph_url, tmp_path) as [process]:
        pretend_meta.point_at(process.url + WEBHOOK)
        with delivering(process) as told:
            wait_until(lambda: len(told.taken) > 20, "some load")
            with traced(
                process, tmp_path, "-e", f"trace={fault.split(':', maxsplit=1)[0]}", "-e", f"inject={fault}"
            ):
                time.sleep(2)
            healed = time.monotonic()
            wait_until(lambda: told.first_taken_after(healed) is not None, "the next message to be taken")
        assert {each.status for each in told.answers} <= {200, 503}
        assert any(each.status == 503 for each in told.answers)
        wait_until(nothing_pending, "the inbox to be worked off")
        assert lost(told) == []
        with SessionLocal() as db:
            assert db.scalar(text("PRAGMA integrity_check")) == "ok"
        cases(len(told.answers))


@pytest.mark.promise("P2")
def test_the_disk_is_synced_between_a_webhook_and_its_answer(
    pretend_meta: PretendMeta, tmp_path: Path, cases: Callable[[int], None]
) -> None:
    with desks(pretend_meta.graph_url, tmp_path) as [process]:
        pretend_meta.point_at(process.url + WEBHOOK)
        assert process.deliver(webhook(text_message("Warm-up")))
        calls = "trace=fdatasync,fsync,recvfrom,recvmsg,read,sendto,sendmsg,write,writev"
        with traced(process, tmp_path, "-s", "40", "-e", calls) as output:
            for number in range(100):
                assert process.deliver(webhook(text_message(f"{number}")))
        synced, answered, is_synced = 0, 0, False
        for line in output.read_text(errors="replace").splitlines():
            if "POST /api/webhook" in line:
                is_synced = False
            elif re.search(r"f(data)?sync\(|<\.\.\. f(data)?sync resumed", line) and line.endswith("= 0"):
                is_synced = True
            elif re.search(
                r'(sendto|sendmsg|write|writev)\(\d+, .*"HTTP/1.1 200', line
            ):  # not what Meta answers us
                answered, synced = answered + 1, synced + is_synced
        assert (answered, synced) == (100, 100)
        cases(100)
