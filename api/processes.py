"""Several processes as one desk: they share the listening socket, and whoever dies is started again."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType

import structlog

from config.settings import ROOT, Settings
from services.errors import DeskError

PAUSE_SECONDS = 1.0
"""Before a process that died is started again, so that one that cannot start does not spin."""

END_SECONDS = 60.0

log = structlog.get_logger()


class CannotRunSeveral(DeskError):
    """Something that several processes need is missing; the message says what."""

    code = "cannot_run_several"


def check(settings: Settings) -> None:
    """Raises CannotRunSeveral."""
    if not settings.redis_url:
        raise CannotRunSeveral(
            "--workers needs REDIS_URL: through Redis the processes wake each other. "
            "On Debian and Ubuntu: apt-get install redis-server, then REDIS_URL=redis://127.0.0.1:6379/0."
        )
    if settings.whatsapp_provider == "simulator":
        raise CannotRunSeveral(
            "--workers needs a real WhatsApp number: the simulated phone lives in one process. "
            "Start without --workers to try things out."
        )


def end_with_parent(pipe: int) -> None:
    """Stop this process, as SIGTERM does, once the parent that holds the other end is gone, however it went.

    Children that outlived a killed parent would keep its address from the next one.
    """

    def wait() -> None:
        os.read(pipe, 1)  # nothing is ever written: it returns when the other end is closed
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


class Processes:
    """So many web processes on one socket, and a worker beside them."""

    def __init__(self, listener: socket.socket, count: int) -> None:
        web = ["serve", "--socket", str(listener.fileno())]
        self._listener = listener
        self._commands = [web] * count + [["worker"]]
        self._running: list[subprocess.Popen[bytes] | None] = [None] * len(self._commands)
        self._stopping = threading.Event()
        self._lives, self._held = os.pipe()

    def run(self) -> None:
        """Keep them running until SIGTERM or SIGINT, then let them finish what is under way."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._stopping.is_set():
            self._start_missing()
            self._stopping.wait(PAUSE_SECONDS)
        self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _start_missing(self) -> None:
        for place, command in enumerate(self._commands):
            process = self._running[place]
            if process is not None and process.poll() is None:
                continue
            if process is not None:
                log.error("process.died", command=command[0], status=process.returncode)
                self._running[place] = None
            try:
                self._running[place] = self._start(command)
            except OSError as error:  # no memory, too many processes: the others go on, and we try again
                log.error("process.not_started", command=command[0], error=error.strerror)

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "cli.py", *command, "--parent", str(self._lives)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[self._lives, *([self._listener.fileno()] if command[0] == "serve" else [])],
            start_new_session=True,  # Ctrl-C reaches us alone, and we pass it on once
        )

    def _end(self) -> None:
        running = [each for each in self._running if each is not None and each.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + END_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.error("process.killed", pid=process.pid)
                process.kill()
                process.wait()
