"""A Redis of the tests' own, in memory, on a free loopback port; it can be killed and come back."""

import contextlib
import shutil
import subprocess
import tempfile
import time

import redis

from tests.ports import free_port

START_SECONDS = 30


class RedisServer:
    """Starts on construction, with nothing on disk."""

    def __init__(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError(
                "redis-server is missing: apt-get install redis-server (or brew install redis)"
            )
        self._program = program
        self._folder = tempfile.mkdtemp(prefix="cs-redis-")
        self._port = free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Again on the same port, with nothing in it."""
        self._process = subprocess.Popen(
            [
                *(self._program, "--port", str(self._port), "--bind", "127.0.0.1"),
                *("--save", "", "--dir", self._folder),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self.url) as connection:
                connection.ping()
                return
            time.sleep(0.02)
        raise RuntimeError("redis-server did not start")

    def kill(self) -> None:
        """Gone from one moment to the next."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
