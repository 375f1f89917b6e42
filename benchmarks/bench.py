"""What every measurement is given: a durable MariaDB, and how much time there is."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import Figure
from benchmarks.processes import cpu_seconds, own_environment
from benchmarks.product import Product
from config.settings import ROOT
from tests.mariadb_server import MariaDBServer

DURABLE = (
    "--innodb-flush-log-at-trx-commit=1",
    "--innodb-doublewrite=1",
    "--innodb-buffer-pool-size=1G",
    "--innodb-log-file-size=1G",
)


@dataclass
class Bench:
    """`runs` is how often everything is measured, `seconds` how long a load lasts."""

    server: MariaDBServer
    quick: bool
    full: bool

    @property
    def runs(self) -> int:
        return 1 if self.quick else 3

    def seconds(self, full: float) -> float:
        """How long a load lasts that should last so long."""
        return min(full, 3.0) if self.quick else full


Measure = Callable[[Bench], Iterator[Figure]]


def load(port: int, count: int, **options: object) -> dict[str, Any]:
    """Load the desk (`benchmarks.load`), and tell what came of it."""
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", "--port", str(port), "--count", str(count), *words],
        cwd=ROOT,
        env=own_environment({}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def cpu_of(bench: Bench, product: Product) -> tuple[float, float]:
    """CPU seconds so far, of the product's processes and of the database."""
    return sum(cpu_seconds(each.pid) for each in product.processes), cpu_seconds(bench.server.pid)


def pending(product: Product) -> int:
    """How much waits in the inbox."""
    [[count]] = product.query("SELECT COUNT(*) FROM inbound_events WHERE state = 'pending'")
    assert isinstance(count, int)
    return count


def drain(product: Product, patience: float) -> float:
    """Wait until the inbox is empty; the seconds that it took, or infinity."""
    began = time.monotonic()
    while pending(product):
        if time.monotonic() - began > patience:
            return float("inf")
        time.sleep(0.1)
    return time.monotonic() - began


def taken_in(product: Product, count: int = 2_000) -> float:
    """Messages a second, from a burst of so many to the last one worked off."""
    began = time.monotonic()
    load(product.port, count, customers=200, connections=200, run=time.time(), patience=60)
    drain(product, 120)
    return count / (time.monotonic() - began)
