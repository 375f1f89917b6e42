"""What the desk's calls cost as the tables grow. Seeded databases are kept in a temporary folder."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.bench import DURABLE, Bench
from benchmarks.figures import Figure
from benchmarks.processes import own_environment
from benchmarks.seed import seed
from config.settings import ROOT
from tests.mariadb_server import MariaDBServer, create_database

SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000
GOALS = {
    "create ticket": 5.0,
    "add message": 5.0,
    "list 50": 3.0,
    "notifications": 1.0,
    "one thread of 200": 5.0,
    "search, a word in 1 of 1,000 messages": 50.0,
    "search, a word in every message": 500.0,
}
WHY = {
    "add message": "the claim of the key, ticket and customer under lock, message, outbox and two events",
    "list 50": "most of it is the driver's own time for the same rows, which stands beside it",
    "one thread of 200": "most of it is the driver's own time for the same rows, which stands beside it",
    "create ticket": "ten statements: customer, conversation, ticket and event are found or made",
    "search, a word in 1 of 1,000 messages": "MariaDB's full-text index takes half of it, in two questions: "
    "among all messages and among the newest; the samples that tell how frequent the word is take an eighth, "
    "and showing a hundred tickets the rest",
}
MOST_GROWTH = 1.5
DRIVER_RATIO = 3.0

Measured = dict[str, dict[str, float]]


def measure(bench: Bench) -> Iterator[Figure]:
    """Every call at every size that there is time for."""
    sizes = [SMALL] if bench.quick else [SMALL, MIDDLE, LARGE]
    found: dict[int, list[Measured]] = {}
    for size in sizes:
        runs = _at(bench, size)
        if runs:
            found[size] = runs
    for name, goal in GOALS.items():
        for size, runs in found.items():
            yield _figure(name, goal, size, runs, found[SMALL])
    largest = max(found)
    yield Figure(
        "far_page",
        f"List: page 2,000 beside page 1, at {largest:,} tickets",
        "ms",
        [run["list 50, page 2,000"]["median"] for run in found[largest]],
        beside="page 1",
        beside_value=_median(found[largest], "list 50"),
        most_ratio=1.5,
    )


def _figure(name: str, goal: float, size: int, runs: list[Measured], small: list[Measured]) -> Figure:
    drivers = sorted(run[name]["driver"] for run in runs if "driver" in run[name])
    growth = _median(runs, name) / _median(small, name)
    worst = max(run[name]["p99"] / run[name]["median"] for run in runs)
    figure = Figure(
        f"{name.replace(' ', '_')}_{size}",
        f"{name[0].upper()}{name[1:]}, at {size:,} tickets",
        "ms",
        [run[name]["median"] for run in runs],
        at_most=goal,
        beside="the driver alone" if drivers else "",
        beside_value=drivers[len(drivers) // 2] if drivers else None,
        most_ratio=DRIVER_RATIO if drivers else None,
        why=WHY.get(name, ""),
        note=f"{growth:.2f} × of {SMALL:,} tickets; p99 {worst:.1f} × the median",
        details={"growth": growth, "p99_ratio": worst, "runs": runs},
    )
    figure.further = {
        f"growth {growth:.2f} × (≤ {MOST_GROWTH})": growth <= MOST_GROWTH,
        f"p99 {worst:.1f} × the median (≤ 5)": worst <= 5,
    }
    return figure


def _median(runs: list[Measured], name: str) -> float:
    return sorted(run[name]["median"] for run in runs)[len(runs) // 2]


def _at(bench: Bench, tickets: int) -> list[Measured]:
    """The runs at this size; none where the database is not there and making it would take too long."""
    kept = Path(tempfile.gettempdir()) / "chat-support-benchmark" / f"{tickets}-{_schema()}"
    if tickets == LARGE and not (kept / "seeded").exists() and not bench.full:
        print(f"  {tickets:,} tickets are not seeded: --full makes them, in about five minutes", flush=True)
        return []
    pool = "--innodb-buffer-pool-size=4G" if tickets == LARGE else "--innodb-buffer-pool-size=1G"
    if not (kept / "seeded").exists():
        _fill(kept, tickets, pool)
    server = MariaDBServer(kept, (*DURABLE, pool))
    try:
        url = f"mysql+pymysql://root@127.0.0.1:{server.port}/desk"
        repeats = 50 if bench.quick or tickets == LARGE else 200
        return [_run(url, repeats) for _ in range(bench.runs)]
    finally:
        server.stop()


def _fill(kept: Path, tickets: int, pool: str) -> None:
    server = MariaDBServer(kept, (*DURABLE, pool, "--innodb-flush-log-at-trx-commit=0"))
    try:
        environment = _environment(create_database(server.port, "desk"))
        subprocess.run(
            [sys.executable, "cli.py", "migrate"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        seconds = seed(server.port, "desk", tickets, lambda text: print(f"  {text}", flush=True))
        print(f"  {tickets:,} tickets seeded in {seconds:.0f} s", flush=True)
    finally:
        server.stop()
    (kept / "seeded").touch()


def _run(url: str, repeats: int) -> Measured:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.queries", str(repeats)],
        cwd=ROOT,
        env=_environment(url),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: Any = json.loads(done.stdout)
    measured: Measured = found
    return measured


def _environment(url: str) -> dict[str, str]:
    folder = tempfile.gettempdir()
    return own_environment(
        {"DATABASE_URL": url, "DATA_DIR": folder, "SECRET_KEY": "x" * 40, "WHATSAPP_PROVIDER": "simulator"}
    )


def _schema() -> str:
    """The newest migration: another schema needs another database."""
    return max(path.name[:3] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
