"""A MariaDB of the tests' own, in a temporary folder, as durable as in production."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pymysql

from tests.ports import free_port

START_SECONDS = 60
STOP_SECONDS = 30
LARGE_SECONDS = 600
"""What is kept may be ten gigabytes, which are written at the end and looked through after a crash."""
SETTINGS = (
    "--innodb-flush-log-at-trx-commit=1",
    "--innodb-buffer-pool-size=128M",
    "--max-connections=400",
    "--character-set-server=utf8mb4",
    "--skip-log-bin",
)


class MariaDBServer:
    """Starts on construction and listens on loopback, for user root without a password.

    `kept` is a folder whose data outlive the server. `settings` overrule those above.
    """

    own_settings: tuple[str, ...] = ("--skip-name-resolve",)

    def __init__(self, kept: Path | None = None, settings: Sequence[str] = ()) -> None:
        program = self._program()
        self._is_kept, self._settings = kept is not None, (*SETTINGS, *self.own_settings, *settings)
        self.folder = kept or Path(tempfile.mkdtemp(prefix="cs-mariadb-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log = self.folder / "server.log"
        self.port = free_port()
        user = _server_user()
        if user:
            shutil.chown(self.folder, user)
        own = [f"--user={user}"] if user else []
        try:
            if not (self.folder / "data" / "mysql").is_dir():
                self._install(own)
            self._start([program, "--no-defaults", *own])
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server by its process id and delete what it kept."""
        process = getattr(self, "_process", None)
        if process is not None:
            process.terminate()
            try:
                process.wait(timeout=LARGE_SECONDS if self._is_kept else STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if not self._is_kept:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        return self._process.pid

    def _program(self) -> str:
        return _found("mariadbd", "/usr/sbin/mariadbd")

    def _installer(self) -> list[str]:
        program = _found("mariadb-install-db", "/usr/bin/mariadb-install-db")
        return [program, "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]

    def _install(self, own: list[str]) -> None:
        command = [*self._installer(), *own, f"--datadir={self.folder / 'data'}"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    def _start(self, program: list[str]) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *program,
                    f"--datadir={self.folder / 'data'}",
                    f"--socket={self.folder / 'sock'}",
                    f"--pid-file={self.folder / 'pid'}",
                    f"--port={self.port}",
                    "--bind-address=127.0.0.1",
                    *self._settings,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + (LARGE_SECONDS if self._is_kept else START_SECONDS)
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(pymysql.err.OperationalError):
                pymysql.connect(host="127.0.0.1", port=self.port, user="root").close()
                return
            time.sleep(0.1)
        raise RuntimeError(f"The database did not start:\n{self.log.read_text(errors='replace')}")


def create_database(port: int, name: str) -> str:
    """An empty database on the tests' server, as an address for SQLAlchemy."""
    with (
        pymysql.connect(host="127.0.0.1", port=port, user="root") as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")
        cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
    return f"mysql+pymysql://root@127.0.0.1:{port}/{name}"


def _found(name: str, otherwise: str) -> str:
    found = shutil.which(name) or otherwise  # sbin is often not on a user's path
    if not Path(found).exists():
        raise RuntimeError(f"{name} is missing: apt-get install mariadb-server (macOS: brew install mariadb)")
    return found


def _server_user() -> str:
    """MariaDB refuses to run as root; everyone else runs it as who they are."""
    if os.geteuid() != 0:
        return ""
    import pwd  # noqa: PLC0415 - there is none on Windows

    return "mysql" if any(entry.pw_name == "mysql" for entry in pwd.getpwall()) else "nobody"
