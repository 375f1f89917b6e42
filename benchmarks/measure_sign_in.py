"""What the time of a refused sign-in tells of who has an account."""

import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.processes import own_environment
from config.settings import ROOT
from tests.mariadb_server import create_database

MOST_RATIO = 1.1


def measure(bench: Bench) -> Iterator[Figure]:
    """The two medians; whichever is longer must not be so by more than a tenth."""
    settings = {"DATABASE_URL": create_database(bench.server.port, "sign_in"), "SECRET_KEY": "x" * 40}
    environment = own_environment(settings)
    _run(["cli.py", "migrate"], environment)
    repeats = "50" if bench.quick else "200"
    found: dict[str, float] = json.loads(_run(["-m", "benchmarks.sign_in", repeats], environment))
    longer = max(found, key=lambda kind: found[kind])
    yield Figure(
        "sign_in_known_unknown",
        f"A refused sign-in, {longer} address",
        "ms",
        [found[longer]],
        beside="the other kind of address",
        beside_value=min(found.values()),
        most_ratio=MOST_RATIO,
        note=f"medians of {repeats} each, in turns",
        details={"medians": found},
    )


def _run(words: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout
