"""The product as `bin/run` starts it, in production form, with a database and a pretend Graph of ours."""

import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pymysql

from benchmarks.processes import Process, own_environment
from benchmarks.story import NUMBER, SECRET
from config.settings import ROOT
from tests.mariadb_server import MariaDBServer, create_database
from tests.ports import free_port

START_SECONDS = 60


@dataclass
class Product:
    """A running desk. `processes`: the web process first."""

    port: int
    token: str
    database: str
    processes: list[Process]
    settings: dict[str, str]

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """Ask its database, beside it."""
        return ask(self.database, statement)


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    """One statement on a connection of its own."""
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60)) as file:
            return file.execute(statement).fetchall()
    found = re.fullmatch(r"mysql\+pymysql://root@127\.0\.0\.1:(\d+)/(\w+)", url)
    assert found
    with (
        pymysql.connect(host="127.0.0.1", port=int(found[1]), user="root", database=found[2]) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
        rows = list(cursor.fetchall())
        connection.commit()
    return rows


@contextmanager
def running(
    database: str | MariaDBServer | None,
    *,
    graph_seconds: float = 0.05,
    web: int = 1,
    workers: int = 0,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Product]:
    """A desk of so many processes, on a fresh database of the server, the one at the address, or SQLite.

    With workers of their own the web processes only serve, as `bin/run --workers` has it.
    """
    serve = ["cli.py", "serve", *(["--without-workers"] if workers else [])]
    with ExitStack() as ends:
        folder = Path(tempfile.mkdtemp(prefix="chat-support-benchmark-"))
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        if isinstance(database, MariaDBServer):
            database = create_database(database.port, "desk")
        database = database or f"sqlite:///{folder / 'desk.db'}"
        graph_port = free_port()
        graph = Process(
            ["-m", "benchmarks.pretend_graph", str(graph_port), str(graph_seconds)], folder / "graph.log"
        )
        ends.callback(graph.stop)
        common = {
            "DATABASE_URL": database,
            "DATA_DIR": str(folder),
            "SECRET_KEY": "the benchmark's secret key, which is long enough",
            "ADMIN_EMAIL": "bench@example.com",
            "WHATSAPP_PROVIDER": "cloud",
            "WHATSAPP_API_BASE_URL": f"http://127.0.0.1:{graph_port}",
            "WHATSAPP_PHONE_NUMBER_ID": NUMBER,
            "WHATSAPP_ACCESS_TOKEN": "the benchmark's access token",
            "WHATSAPP_APP_SECRET": SECRET,
            "WHATSAPP_VERIFY_TOKEN": "the benchmark's verify token",
            **(settings or {}),
        }
        ports = [free_port() for _ in range(web)]
        processes = []
        for index, port in enumerate(ports):
            own = {**common, "PORT": str(port)}
            process = Process(serve, folder / f"web-{index}.log", own)
            ends.callback(process.stop)
            processes.append(process)
            wait_ready(port, process)
        for index in range(workers):
            process = Process(["cli.py", "worker"], folder / f"worker-{index}.log", common)
            ends.callback(process.stop)
            processes.append(process)
        yield Product(ports[0], make_token(common), database, processes, {**common, "GRAPH": str(graph_port)})


def wait_ready(port: int, process: Process) -> float:
    """Wait until the desk says that it is ready; the seconds that it took."""
    began = time.perf_counter()
    address = f"http://127.0.0.1:{port}/api/health/ready"
    while time.perf_counter() - began < START_SECONDS and process.is_alive():
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return time.perf_counter() - began
        time.sleep(0.02)
    raise RuntimeError(f"The desk did not start:\n{process.log.read_text(errors='replace')[-3000:]}")


def make_token(settings: Mapping[str, str]) -> str:
    """An API token of the first admin."""
    return subprocess.run(
        [sys.executable, "cli.py", "create-token", "benchmark"],
        cwd=ROOT,
        env=own_environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    ).stdout.strip()
