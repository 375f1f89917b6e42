"""The way in: webhooks that are answered, messages that are worked off, and a burst of everything at once."""

import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.bench import Bench, cpu_of, drain, load, pending, taken_in
from benchmarks.figures import Figure
from benchmarks.processes import Process, peak_megabytes
from benchmarks.product import Product, running
from tests.ports import free_port
from tests.redis_server import RedisServer

CUSTOMERS = 5_000
WHATICKET = 156.0
"""Messages that Whaticket took in each second: measured elsewhere, on two cores that all shared as well."""

STUDY_HELLO = 42_000.0
"""Hellos a second of the machine on which the goals were found to be possible."""

ONE_CORE = (
    "one process has one core for Python. Most of its CPU goes into the inbox, then into HTTP and the shared "
    "commit; the profile of the inbox is flat, objects of the ORM and some twenty statements a batch. It "
    "would take plain rows in their place, or a second process on a core of its own"
)
TWO_CORES = "desk, MariaDB, load and the pretend Graph share two cores, and all of them are busy"
QUEUE = "more is offered than is borne, and an open loop counts what waits meanwhile"

WEBHOOKS = 3_000
MESSAGES = 1_000
SHARES = (1.0, 0.85, 0.75, 0.65, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3)
"""Of the rate at which a burst is taken in, tried in this order: a burst makes larger batches."""

VISIBLE_MS = 1_000
BURST = 30_000
HELD = 0.97
"""The share of what is offered that counts as all of it: the rest is what is on its way when time is up."""


def measure(bench: Bench) -> Iterator[Figure]:
    """Every figure of the way in."""
    floor = median(_hello(bench, "bare") for _ in range(bench.runs))
    signed = median(_hello(bench, "signed") for _ in range(bench.runs))
    yield Figure(
        "hello",
        "Floor: bare ASGI hello, closed loop",
        "/s",
        [floor],
        beside="the machine of the goals",
        beside_value=STUDY_HELLO,
    )
    yield Figure("signed", "Floor: the same, with Meta's signature checked", "/s", [signed])
    yield from _webhooks(bench, floor)
    yield from _processed(bench)
    yield from _burst(bench)


def _hello(bench: Bench, name: str) -> float:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        hello = Process(["-m", "benchmarks.hello", str(port), name], Path(folder) / "hello.log")
        try:
            _wait_for_port(port)
            customers = {"customers": 100} if name == "signed" else {}
            found = load(port, 10_000 if bench.quick else 40_000, connections=64, **customers)
        finally:
            hello.stop()
    return float(found["per_second"])


def _wait_for_port(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the floor did not start")


def _webhooks(bench: Bench, floor: float) -> Iterator[Figure]:
    runs = []
    for seconds in _lengths(bench):
        with running(bench.server) as product:
            runs.append(
                load(
                    product.port,
                    int(WEBHOOKS * seconds),
                    rate=WEBHOOKS,
                    customers=CUSTOMERS,
                    connections=128,
                    run=time.time(),
                )
            )
    yield Figure(
        "webhook",
        f"Webhook → durable 200, {WEBHOOKS:,}/s offered for {_in_words(bench)}: answered",
        "/s",
        [run["per_second"] for run in runs],
        at_least=WEBHOOKS * 0.99,
        why=ONE_CORE,
        details={"runs": runs},
    )
    yield Figure(
        "webhook_p99", "… p99", "ms", [run["answer_ms"]["p99"] for run in runs], at_most=25, why=QUEUE
    )
    yield Figure(
        "webhook_most",
        "… as many as 128 connections bring, closed loop",
        "/s",
        [_most(bench) for _ in range(bench.runs)],
        beside="bare ASGI hello",
        beside_value=floor,
        least_ratio=0.12,
        why=ONE_CORE,
    )


def _most(bench: Bench) -> float:
    with running(bench.server) as product:
        taken_in(product, 1_000)
        count = 4_000 if bench.quick else 20_000
        run = load(product.port, count, customers=CUSTOMERS, connections=128, run=time.time(), patience=60)
    return float(run["per_second"])


def _lengths(bench: Bench) -> list[float]:
    """Seconds of each run: one proves that the rate is sustained, the others that it was no accident."""
    return [bench.seconds(60), 20.0, 20.0][: bench.runs]


def _in_words(bench: Bench) -> str:
    return ", ".join(f"{seconds:.0f}" for seconds in _lengths(bench)) + " s"


def _processed(bench: Bench) -> Iterator[Figure]:
    rate, runs = _sustained(bench, {"database": bench.server})
    title = f"Processed to the end; {CUSTOMERS:,} customers, {_in_words(bench)} at {rate:,}/s"
    yield from _held("processed", title, runs, ONE_CORE)
    for name in ("product", "database"):
        yield Figure(
            f"processed_cpu_{name}",
            f"… CPU of the {name} for 1,000 messages",
            "s",
            [run[f"cpu_{name}"] for run in runs],
        )
    yield Figure(
        "memory_ingest",
        "Memory, everything in one process, under ingest",
        "MB",
        [run["peak"] for run in runs],
        at_most=300,
    )
    if not bench.quick:
        yield from _processed_apart(bench)
        yield from _processed_on_sqlite(bench)


def _processed_apart(bench: Bench) -> Iterator[Figure]:
    try:
        redis = RedisServer()
    except RuntimeError:
        return
    try:
        apart = {"database": bench.server, "workers": 1, "settings": {"REDIS_URL": redis.url}}
        rate, runs = _sustained(bench, apart)
    finally:
        redis.stop()
    title = f"Processed to the end with `--workers 1` (a worker of its own, and Redis), at {rate:,}/s"
    yield from _held("processed_apart", title, runs, TWO_CORES)


def _processed_on_sqlite(bench: Bench) -> Iterator[Figure]:
    rate, runs = _sustained(bench, {"database": None})
    yield Figure(
        "processed_sqlite",
        f"Processed to the end on SQLite, as `bin/run` starts by itself, at {rate:,}/s",
        "/s",
        [run["processed_per_second"] for run in runs],
        beside="Whaticket (measured elsewhere)",
        beside_value=WHATICKET,
        details={"runs": runs},
    )
    shown = [run["visible_ms"].get("p99", float("inf")) for run in runs]
    yield Figure("processed_sqlite_visible", "… from POST to the open dashboard, p99", "ms", shown)
    cpu = [run["cpu_product"] for run in runs]
    yield Figure("processed_sqlite_cpu", "… CPU for 1,000 messages, the database included", "s", cpu)


def _held(key: str, title: str, runs: list[dict[str, Any]], why: str) -> Iterator[Figure]:
    yield Figure(
        key,
        title,
        "/s",
        [run["processed_per_second"] for run in runs],
        at_least=MESSAGES * HELD,
        beside="Whaticket (measured elsewhere)",
        beside_value=WHATICKET,
        least_ratio=6,
        why=why,
        details={"runs": runs},
    )
    yield Figure(
        f"{key}_visible",
        "… from POST to the open dashboard, p99",
        "ms",
        [run["visible_ms"].get("p99", float("inf")) for run in runs],
        at_most=VISIBLE_MS,
        why=QUEUE,
    )


def _sustained(bench: Bench, form: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    """The highest offered rate at which a short load leaves no backlog that grows, and longer runs at it."""
    with running(**form) as product:
        taken_in(product, 1_000)
        burst = taken_in(product, 3_000)
    *higher, rate = [int(burst * share) // 10 * 10 for share in (SHARES[5:6] if bench.quick else SHARES)]
    held = (each for each in higher if _is_held(_process(bench, form, each, 12.0, to_the_end=False)))
    rate = next(held, rate)
    return rate, [_process(bench, form, rate, seconds) for seconds in _lengths(bench)]


def _process(
    bench: Bench, form: dict[str, Any], rate: int, seconds: float, *, to_the_end: bool = True
) -> dict[str, Any]:
    with running(**form) as product:
        taken_in(product, 500)  # a process compiles its statements once, in its first second
        before = cpu_of(bench, product)
        count = int(rate * seconds)
        run = load(product.port, count, rate=rate, customers=CUSTOMERS, token=product.token, run=time.time())
        run["backlog"] = pending(product)
        run["processed_per_second"] = round((count - run["backlog"]) / run["seconds"], 1)
        if to_the_end:
            run["drained_after"] = round(drain(product, 120), 2)
        after = cpu_of(bench, product)
        run["cpu_product"], run["cpu_database"] = (
            round((each - earlier) / count * 1000, 3) for each, earlier in zip(after, before, strict=True)
        )
        run["peak"] = peak_megabytes(product.processes[0].pid)
    return run


def _is_held(run: dict[str, Any]) -> bool:
    """Whether what was offered was worked off and shown as it came."""
    shown, backlog = run["visible_ms"].get("p99", float("inf")), run["backlog"]
    return bool(shown <= VISIBLE_MS and backlog <= run["sent"] * (1 - HELD))


def _burst(bench: Bench) -> Iterator[Figure]:
    count = BURST // 10 if bench.quick else BURST
    runs = []
    for _ in range(bench.runs):
        with running(bench.server) as product:
            runs.append(_burst_once(product, count))
    yield Figure(
        "burst_lost",
        f"Burst of {count:,} webhooks at once: acknowledged and lost",
        "",
        [run["lost"] for run in runs],
        at_most=0,
        details={"runs": runs},
    )
    yield Figure(
        "burst_unanswered",
        "… neither acknowledged nor refused with 503",
        "",
        [run["unanswered"] for run in runs],
        at_most=0,
    )
    yield Figure("burst_drained", "… drained after", "s", [run["drained_after"] for run in runs])
    yield Figure("burst_memory", "… memory at most", "MB", [run["peak"] for run in runs], at_most=400)


def _burst_once(product: Product, count: int) -> dict[str, Any]:
    run = load(product.port, count, customers=CUSTOMERS, connections=1_000, run=time.time(), patience=60)
    run["drained_after"] = round(drain(product, 300), 1)
    [[stored]] = product.query("SELECT COUNT(*) FROM inbound_events WHERE state = 'done'")
    assert isinstance(stored, int)
    acknowledged = run["answers"].get("200", 0)
    run["lost"] = max(0, acknowledged - stored)
    run["unanswered"] = count - acknowledged - run["answers"].get("503", 0)
    run["peak"] = peak_megabytes(product.processes[0].pid)
    return run
