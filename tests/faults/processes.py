"""Desks in processes of their own, on the tests' database, with a pretend Meta, and kills at will."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import update

from config.database import SessionLocal, transaction, utc_now
from config.settings import get_settings
from models import Lease, MediaFile
from services import api_token_service
from tests.factories import make_admin
from tests.faults.nursery import LIBRARIES, launch
from tests.plain_client import plain_client
from tests.ports import free_port
from tests.pretend_meta import ACCESS_TOKEN, APP_SECRET, PHONE_NUMBER_ID
from whatsapp.signature import sign

WEBHOOK = "/api/webhook/whatsapp"
PATIENCE_SECONDS = 60

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(LIBRARIES)


class Launcher:
    """Forks desks; see launcher.py. All of them share the settings given here."""

    def __init__(self, graph_url: str, more_settings: Mapping[str, str]) -> None:
        settings = get_settings()
        environment = os.environ | {
            "DATABASE_URL": settings.database_url,
            "WHATSAPP_PROVIDER": "cloud",
            "WHATSAPP_API_BASE_URL": graph_url,
            "WHATSAPP_ACCESS_TOKEN": ACCESS_TOKEN,
            "WHATSAPP_APP_SECRET": APP_SECRET,
            "WHATSAPP_VERIFY_TOKEN": "the-verify-token",
            "WHATSAPP_PHONE_NUMBER_ID": PHONE_NUMBER_ID,
            **more_settings,
        }
        self._orders, orders = _context.Pipe()
        self._process = _context.Process(target=launch, args=(environment, orders), daemon=True)
        self._process.start()
        orders.close()

    def ask(self, *words: object) -> str:
        """The answer to some words."""
        self._orders.send([str(word) for word in words])
        answer: str = self._orders.recv()
        return answer

    def close(self) -> None:
        """End it; no desk of it may be left."""
        self._orders.close()
        self._process.join(PATIENCE_SECONDS)
        assert self._process.exitcode == 0, "the launcher did not end"


class Process:
    """A desk on a port of its own that is started, killed and started again."""

    def __init__(self, launcher: Launcher, orders: Path, token: str, broken: str = "") -> None:
        self._launcher, self._orders, self._broken = launcher, orders, broken
        self._rounds = 0
        self._pid = 0
        self._orders.write_text("")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        headers = {"Authorization": f"Bearer {token}"}
        self.api = plain_client(self.url, headers=headers, timeout=PATIENCE_SECONDS)

    def start(self, *, leases_stay: bool = False) -> None:
        """Start, as an operator would after a crash: what the dead one had leased or claimed is free by then.

        With `leases_stay` nothing is touched: another desk is at work, and this one gave its own back.
        """
        self._orders.write_text("")
        if not leases_stay:
            with SessionLocal() as db, transaction(db):
                db.execute(update(Lease).values(expires_at=utc_now() - timedelta(days=1)))
                db.execute(update(MediaFile).values(next_attempt_at=None))
        self._pid = int(self._launcher.ask("start", self.port, self._orders, self._broken))
        wait_until(self._answers, "the desk to start")

    def _answers(self) -> bool:
        assert self.is_alive(), "the desk ended at its start"
        try:
            return self.api.get("/api/health/live").status_code == 200
        except httpx2.TransportError:
            return False

    def is_alive(self) -> bool:
        """Whether it runs. Once it has ended, it is not asked again."""
        if self._pid and self._launcher.ask("poll", self._pid) != "running":
            self._pid = 0
        return bool(self._pid)

    def kill_at(self, event: int) -> None:
        """Kill it at the event of this number, counted from now."""
        self._rounds += 1
        written = self._orders.with_suffix(".new")
        written.write_text(f"{self._rounds} {event}")
        written.replace(self._orders)

    def spare(self) -> None:
        """Do not kill it any more."""
        self._orders.write_text("")

    def end(self, number: signal.Signals) -> str:
        """Send the signal and wait for the end; gives the exit status."""
        if not self.is_alive():
            return ""
        os.kill(self._pid, number)
        status = self._launcher.ask("wait", self._pid)
        self._pid = 0
        return status

    def jump(self, days: int) -> None:
        """Its clock jumps by a day, forward (1) or back (-1)."""
        os.kill(self._pid, signal.SIGUSR1 if days > 0 else signal.SIGUSR2)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._pid

    def memory(self) -> int:
        """How many bytes of memory it has now."""
        pages = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def deliver(self, body: bytes) -> bool:
        """Bring a webhook once; whether it was answered with 200."""
        headers = {"X-Hub-Signature-256": sign(body, APP_SECRET), "Content-Type": "application/json"}
        try:
            return self.api.post(WEBHOOK, content=body, headers=headers).status_code == 200
        except httpx2.TransportError:
            return False

    def try_call(self, method: str, path: str, body: Any = None) -> Any:
        """The `data` of the answer, or None where none came."""
        try:
            response = self.api.request(method, path, json=body)
        except httpx2.TransportError:
            return None
        return response.json()["data"] if response.status_code == 200 else None


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until this holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


@contextmanager
def desks(
    graph_url: str, folder: Path, count: int = 1, broken: str = "", settings: Mapping[str, str] | None = None
) -> Iterator[list[Process]]:
    """Started desks on the tests' database, unless `settings` say otherwise."""
    with SessionLocal() as db:
        token = api_token_service.create(db, make_admin(db).email, "faults")[1]
    launcher = Launcher(graph_url, settings or {})
    processes = [Process(launcher, folder / f"orders-{n}", token, broken) for n in range(count)]
    try:
        for process in processes:
            process.start()
        yield processes
    finally:
        for process in processes:
            process.end(signal.SIGKILL)
            process.api.close()
        launcher.close()
