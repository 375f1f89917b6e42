"""Several web processes on one port, a worker beside them, Redis between: killed, replaced, one desk."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from config.database import SessionLocal
from config.settings import ROOT, get_settings
from models import SupportMessage
from tests.faults.processes import WEBHOOK, wait_until
from tests.faults.scenario import nothing_under_way
from tests.plain_client import plain_client
from tests.ports import free_port
from tests.pretend_meta import ACCESS_TOKEN, APP_SECRET, PHONE_NUMBER_ID, PretendMeta
from tests.redis_server import RedisServer
from tests.running_desk import text_message, webhook
from whatsapp.signature import sign


def children(parent: int) -> list[tuple[int, str]]:
    """The processes that this one started, with their commands."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [(int(pid), Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")) for pid in listed]


@contextmanager
def desk_of(
    count: int, graph_url: str, folder: Path, redis_url: str, status: int = 0
) -> Iterator[tuple[str, int]]:
    """A running desk of so many web processes; its address and the id of the parent, which ends like this."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": get_settings().database_url,
        "REDIS_URL": redis_url,
        "PORT": str(port),
        "DATA_DIR": str(folder),
        "WHATSAPP_PROVIDER": "cloud",
        "WHATSAPP_API_BASE_URL": graph_url,
        "WHATSAPP_ACCESS_TOKEN": ACCESS_TOKEN,
        "WHATSAPP_APP_SECRET": APP_SECRET,
        "WHATSAPP_VERIFY_TOKEN": "the-verify-token",
        "WHATSAPP_PHONE_NUMBER_ID": PHONE_NUMBER_ID,
    }
    log = (folder / "desk.log").open("wb")
    desk = subprocess.Popen(
        [sys.executable, "cli.py", "serve", "--workers", str(count)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    try:
        yield f"http://127.0.0.1:{port}", desk.pid
    finally:
        desk.terminate()
        try:
            assert desk.wait(90) == status, (folder / "desk.log").read_text()[-2000:]
        finally:
            desk.kill()
            log.close()


def answers(url: str) -> bool:
    try:
        with plain_client(url, timeout=5) as client:
            return client.get("/api/health/live").status_code == 200
    except httpx2.TransportError:
        return False


def deliver(url: str, body: bytes) -> bool:
    headers = {"X-Hub-Signature-256": sign(body, APP_SECRET), "Content-Type": "application/json"}
    try:
        with plain_client() as client:
            return client.post(f"{url}{WEBHOOK}", content=body, headers=headers).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.stop()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the processes in /proc")
@pytest.mark.promise("P27")
@pytest.mark.timeout(300)
def test_killed_processes_are_replaced_and_nothing_is_lost_or_doubled(
    pretend_meta: PretendMeta, tmp_path: Path, redis: RedisServer, request: pytest.FixtureRequest, cases: Any
) -> None:
    seconds = 180 if request.config.getoption("--exhaustive") else 12
    taken: list[str] = []
    stop = threading.Event()
    with desk_of(2, pretend_meta.graph_url, tmp_path, redis.url) as (url, parent):
        wait_patiently(lambda: answers(url) and len(children(parent)) == 3)
        pretend_meta.point_at(url + WEBHOOK)

        def write(worker: int) -> None:
            number = 0
            while not stop.is_set():
                message = text_message(f"{worker} {number}", number=f"234803888{worker:04}")
                body = webhook(message)
                while not (is_taken := deliver(url, body)) and not stop.is_set():
                    time.sleep(0.05)  # Meta tries again
                if is_taken:
                    taken.append(message["id"])
                number += 1

        kills = 0
        with ThreadPoolExecutor(4) as pool:
            writers = [pool.submit(write, worker) for worker in range(4)]
            ends = time.monotonic() + seconds
            while time.monotonic() < ends:
                running = children(parent)
                if running:
                    os.kill(running[kills % len(running)][0], signal.SIGKILL)
                    kills += 1
                time.sleep(3)
            stop.set()
            for each in writers:
                each.result()
        wait_patiently(lambda: len(children(parent)) == 3)
        wait_patiently(nothing_under_way)
        with SessionLocal() as db:
            found = list(
                db.execute(
                    select(SupportMessage.wamid, func.count())
                    .where(SupportMessage.wamid.in_(taken))
                    .group_by(SupportMessage.wamid)
                )
            )
        assert len(found) == len(set(taken)), "lost"
        assert {count for _, count in found} == {1}, "doubled"
        assert kills > 2
        cases(kills)


def wait_patiently(condition: Any) -> None:
    for attempt in range(4):
        try:
            return wait_until(condition, "the desk of several processes")
        except AssertionError:
            if attempt == 3:
                raise
    return None


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the processes in /proc")
@pytest.mark.promise("P27")
def test_the_children_of_a_killed_parent_free_its_address(
    pretend_meta: PretendMeta, tmp_path: Path, redis: RedisServer
) -> None:
    with desk_of(1, pretend_meta.graph_url, tmp_path, redis.url, -signal.SIGKILL) as (url, parent):
        wait_patiently(lambda: answers(url) and len(children(parent)) == 2)
        orphans = [pid for pid, _ in children(parent)]
        os.kill(parent, signal.SIGKILL)
        wait_patiently(lambda: not any(is_running(pid) for pid in orphans))
        with socket.create_server(("127.0.0.1", int(url.rpartition(":")[2]))):
            pass


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_several_processes_need_redis_and_a_real_number(tmp_path: Path) -> None:
    for settings, word in (
        ({}, "REDIS_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:9/0"}, "real WhatsApp number"),
    ):
        done = subprocess.run(
            [sys.executable, "cli.py", "serve", "--workers", "2"],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(tmp_path), "PORT": str(free_port())} | settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1
        assert word in done.stderr
        assert "Traceback" not in done.stderr
