"""What a desk feels: events on open dashboards, answers that leave, memory, the second start."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.bench import Bench, load, taken_in
from benchmarks.figures import Figure
from benchmarks.processes import own_environment, resident_megabytes
from benchmarks.product import Product, running, wait_ready
from benchmarks.seed import seed
from config.settings import ROOT
from tests.redis_server import RedisServer

DASHBOARDS = {50: 15.0, 500: 60.0}
MANY = 1_000
PROTOTYPE = {50: 2.6, 500: 18.0}
BATCH = 4_000


def measure(bench: Bench) -> Iterator[Figure]:
    """Every figure of a running desk."""
    with running(bench.server) as product:
        time.sleep(2)
        idle = resident_megabytes(product.processes[0].pid)
        yield Figure("memory_idle", "Memory, everything in one process, idle", "MB", [idle], at_most=150)
        yield from _events(bench, product)
        yield from _visible(bench, product)
        yield from _leaving(bench, product)
    yield from _outbox(bench)
    yield from _second_start(bench)
    if not bench.quick:
        yield from _many_dashboards(bench)
        yield from _two_of_each(bench)


def _program(name: str, *words: object, settings: dict[str, str] | None = None) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *map(str, words)],
        cwd=ROOT,
        env=own_environment(settings or {}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _events(bench: Bench, product: Product) -> Iterator[Figure]:
    for count, goal in DASHBOARDS.items():
        messages = 20 if bench.quick else 150
        words = ("--port", product.port, "--token", product.token, "--dashboards", count)
        runs = [_program("live", *words, "--messages", messages) for _ in range(bench.runs)]
        yield Figure(
            f"events_{count}",
            f"Written → event at the last of {count} dashboards, p99 (the commit included)",
            "ms",
            [run["last_ms"].get("p99", float("inf")) for run in runs],
            at_most=goal,
            beside="prototype (measured elsewhere)",
            beside_value=PROTOTYPE[count],
            why="the commit and the reading of the new events are in it, each some statements",
            details={"runs": runs},
        )


def _visible(bench: Bench, product: Product) -> Iterator[Figure]:
    seconds = bench.seconds(15)
    runs = [
        load(
            product.port,
            int(200 * seconds),
            rate=200,
            customers=100,
            token=product.token,
            run=time.time(),
        )
        for _ in range(bench.runs)
    ]
    values = [run["visible_ms"].get("p50", float("inf")) for run in runs]
    yield Figure(
        "visible",
        "Webhook → dashboard at 200 messages/s, median",
        "ms",
        values,
        at_most=50,
        why="at this rate most of the one core for Python is taken, by batches of a few messages and some "
        "twenty statements each; the load and MariaDB have what is left",
        details={"runs": runs},
    )


def _leaving(bench: Bench, product: Product) -> Iterator[Figure]:
    words = ("--port", product.port, "--token", product.token, "--graph", product.settings["GRAPH"])
    messages = 20 if bench.quick else 60
    runs = [_program("live", *words, "--messages", messages) for _ in range(bench.runs)]
    for share, goal, prototype in (("p50", 5.0, 3.0), ("p99", 15.0, 4.1)):
        yield Figure(
            f"leaving_{share}",
            f"Answer written → its request at Graph, {share} (two commits included)",
            "ms",
            [run["leaving_ms"].get(share, float("inf")) for run in runs],
            at_most=goal,
            beside="prototype (measured elsewhere)",
            beside_value=prototype,
            why="a dozen statements between the two: lease, due, lock, customer, window, state, events",
            details={"runs": runs},
        )


def _outbox(bench: Bench) -> Iterator[Figure]:
    with running(bench.server, graph_seconds=0.1) as product:
        settings = {name: each for name, each in product.settings.items() if name != "GRAPH"}
        product.processes[0].stop()
        port = int(settings["DATABASE_URL"].rpartition(":")[2].partition("/")[0])
        seed(port, "desk", 5_000, lambda _text: None)
        held = _program("outbox", 2_000, 80, 4 if bench.quick else 8, settings=settings)
        batch = BATCH // 4 if bench.quick else BATCH
        lifted = [_program("outbox", batch, 100_000, 60, settings=settings) for _ in range(bench.runs)]
    yield Figure(
        "outbox_held",
        "Outbox: the most that left in any second, of the 80 allowed",
        "",
        [held["most_in_a_second"]],
        at_most=80,
        details=held,
    )
    yield Figure(
        "outbox_pace",
        "… and how many on average",
        "/s",
        [held["per_second"]],
        at_least=75,
        why="a window of 80 lasts 1.03 s, for what the network may add, and is refilled by eights",
    )
    yield Figure(
        "outbox_lifted",
        "Outbox with the limit lifted, against a Graph that takes 100 ms",
        "/s",
        [run["per_second"] for run in lifted],
        at_least=1_000,
        why="CPU: each is claimed, sent, written back and told twice. Meta allows a number 80/s",
        details={"runs": lifted},
    )


def _many_dashboards(bench: Bench) -> Iterator[Figure]:
    with running(bench.server) as product:
        taken_in(product)
        without = taken_in(product)
        pid = product.processes[0].pid
        before = resident_megabytes(pid)
        watchers = subprocess.Popen(
            [
                *(sys.executable, "-m", "benchmarks.live", "--port", str(product.port)),
                *("--token", product.token, "--dashboards", str(MANY), "--hold"),
            ],
            cwd=ROOT,
            env=own_environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert watchers.stdout is not None
        assert watchers.stdin is not None
        try:
            watchers.stdout.readline()
            each = (resident_megabytes(pid) - before) * 1000 / MANY
            with_them = taken_in(product)
        finally:
            watchers.stdin.close()
            watchers.wait(60)
    yield Figure(
        f"dashboard_memory_{MANY}", f"{MANY:,} open dashboards: memory of each", "kB", [each], at_most=100
    )
    yield Figure(
        f"dashboard_ingest_{MANY}",
        "… messages taken in with them",
        "/s",
        [with_them],
        beside="without them",
        beside_value=without,
        least_ratio=0.8,
        why="each change is written to a thousand sockets by the one core for Python, and the load reads "
        "them on the same two cores",
    )


def _second_start(bench: Bench) -> Iterator[Figure]:
    seconds = []
    # whatever a first start installs or builds is there after this
    subprocess.run([sys.executable, "-m", "bin.install"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    for _ in range(bench.runs):
        with running(bench.server) as product:
            first = product.processes[0]
            first.stop()
            settings = {name: each for name, each in product.settings.items() if name != "GRAPH"}
            began = time.perf_counter()
            again = subprocess.Popen(
                [str(ROOT / "bin" / "run")],
                cwd=ROOT,
                env=own_environment({**settings, "PORT": str(product.port)}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            first.process = again
            wait_ready(product.port, first)
            seconds.append(time.perf_counter() - began)
    yield Figure(
        "second_start",
        "bin/run, second start, until it is ready",
        "s",
        seconds,
        at_most=5,
        why="most of it is importing: SQLAlchemy, FastAPI and Pydantic with the models of every route",
    )


def _two_of_each(bench: Bench) -> Iterator[Figure]:
    try:
        redis = RedisServer()
    except RuntimeError:
        return
    found: dict[int, list[float]] = {1: [], 2: []}
    try:
        for _ in range(bench.runs):
            for count, taken in found.items():
                settings = {"REDIS_URL": redis.url}
                with running(bench.server, web=count, workers=count, settings=settings) as product:
                    taken_in(product, 1_000)
                    taken.append(taken_in(product))
    finally:
        redis.stop()
    yield Figure(
        "two_of_each",
        "Two web and two worker processes with Redis: messages taken in",
        "/s",
        found[2],
        beside="one of each",
        beside_value=sorted(found[1])[len(found[1]) // 2],
        least_ratio=1.0,
        why="seven programs share two cores: the second pair has none of its own, and its hand-overs cost",
        note="1.5 × where there are cores for it; never slower",
    )
