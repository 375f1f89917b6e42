"""Runs every suite of tests and checks, and says at the end what became of each.

A suite that cannot run here (no MariaDB, no Chromium) is told apart from one that failed.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TextIO

from bin.install import ADMIN_UI, BROWSERS, VENV, find_program, node_environment
from bin.steps import ROOT
from tests import promises
from tests.promise_report import KEEP

CHECKS_AT_ONCE = 2
SUITE_SECONDS = 30 * 60
EXHAUSTIVE_SECONDS = 4 * 60 * 60
ON_NO_DATABASE = (
    "tests/config/test_loop_watch.py",
    "tests/services/test_media_images.py",
    "tests/services/test_media_storage.py",
    "tests/simulator",
    "tests/structure",
    "tests/whatsapp",
    "tests/test_cli.py",
    "tests/test_cli_secrets.py",
    "tests/test_cli_stopped.py",
)
"""Tests that know no tables, or have an SQLite file of their own: once is enough."""


@dataclass(frozen=True)
class Suite:
    """A line of the final table. It runs where one of the programs in `needs`, from `package`, is there.

    Checks have one thread, and run two at a time; the others take all the machine has.
    """

    title: str
    command: tuple[str, ...]
    in_dashboard: bool = False
    is_check: bool = False
    slow: bool = False
    needs: tuple[str, ...] = ()
    package: str = ""
    settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """`state` is passed, failed or not run."""

    suite: Suite
    state: str
    seconds: float = 0.0
    why: str = ""


def suites(options: Collection[str]) -> list[Suite]:
    """Every suite, the quick ones first; the options only narrow or widen what pytest does."""
    narrow = ("-m", "not slow and not browser") if "--quick" in options else ()
    wide = ("--exhaustive",) if "--exhaustive" in options else ()
    pytest = ("pytest", "-n", "4", "--dist", "worksteal", *narrow, *wide)
    keep = {} if narrow else {KEEP: "yes"}
    return [
        Suite("ruff", ("ruff", "check", "."), is_check=True),
        Suite("ruff format", ("ruff", "format", "--check", "."), is_check=True),
        Suite("mypy", ("mypy",), is_check=True),
        Suite("import-linter", ("lint-imports", "--no-logo"), is_check=True),
        Suite("deptry", ("deptry", "."), is_check=True),
        Suite("codespell", ("codespell",), is_check=True),
        Suite("eslint", ("npm", "run", "--silent", "lint"), in_dashboard=True, is_check=True),
        Suite("tsc", ("npm", "run", "--silent", "typecheck"), in_dashboard=True, is_check=True),
        Suite("knip", ("npm", "run", "--silent", "knip"), in_dashboard=True, is_check=True),
        Suite("API types", ("npm", "run", "--silent", "types:check"), in_dashboard=True, is_check=True),
        Suite("vitest", ("npm", "run", "--silent", "test"), in_dashboard=True, is_check=True),
        Suite("pytest on SQLite", pytest, settings={"TEST_DATABASE": "sqlite"} | keep),
        Suite(
            "pytest on MariaDB",
            (*pytest, *(f"--ignore={each}" for each in ON_NO_DATABASE)),
            slow=True,
            needs=("mariadbd",),
            package="mariadb-server",
            settings={"TEST_DATABASE": "mariadb"} | keep,
        ),
        Suite("the story", ("python", "test_support_feature.py")),
        Suite(
            "browser",
            ("npm", "run", "--silent", "e2e"),
            in_dashboard=True,
            slow=True,
            needs=BROWSERS,
            package="chromium-headless-shell",
        ),
    ]


def main() -> int:
    """Run them; 0 when none failed."""
    options = sys.argv[1:]
    environment = node_environment()
    # The tests start hundreds of desks. Without its bytecode kept, each would compile every module anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PATH"] = os.pathsep.join([str(VENV / "bin"), environment["PATH"]])
    found = suites(options)
    with ThreadPoolExecutor(CHECKS_AT_ONCE) as pool:
        checks = [each for each in found if each.is_check]
        results = list(pool.map(lambda suite: _run(suite, environment, options), checks))
    results += [_run(suite, environment, options) for suite in found if not suite.is_check]
    for line in (*_promises(), *_table(results)):
        print(line)
    return any(result.state == "failed" for result in results)


def _run(suite: Suite, environment: dict[str, str], options: Collection[str]) -> Result:
    if "--quick" in options and suite.slow:
        return Result(suite, "not run", why="--quick")
    if suite.needs and not any(find_program(name) for name in suite.needs):
        return Result(
            suite, "not run", why=f"{suite.needs[0]} is missing: sudo apt-get install {suite.package}"
        )
    began = time.monotonic()
    most = EXHAUSTIVE_SECONDS if "--exhaustive" in options else SUITE_SECONDS
    title = f"\n=== {suite.title}: {' '.join(suite.command)}\n"
    with tempfile.TemporaryFile("w+") if suite.is_check else contextlib.nullcontext(sys.stdout) as output:
        output.write(title)
        output.flush()
        why = _fault(suite, {**environment, **suite.settings}, most, output)
        seconds = time.monotonic() - began
        said = ""
        if suite.is_check:
            output.seek(0)
            said = output.read()
        print(f"{said}=== {suite.title}: {why or 'passed'} after {seconds:.1f} s", flush=True)
    return Result(suite, "failed" if why else "passed", seconds, why)


def _fault(suite: Suite, environment: dict[str, str], most_seconds: int, output: TextIO) -> str:
    """Run the suite in a process group of its own; empty when it passed."""
    try:
        process = subprocess.Popen(
            suite.command,
            cwd=ADMIN_UI if suite.in_dashboard else ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if suite.is_check else None,
            start_new_session=True,
        )
    except OSError as error:
        return str(error)
    try:
        code = process.wait(timeout=most_seconds)
    except subprocess.TimeoutExpired:
        return f"stopped after {most_seconds // 60} minutes"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return f"exit code {code}" if code else ""


def _promises() -> Iterator[str]:
    """What docs/promises.md says, in short, from the last whole run."""
    found = promises.results()
    yield ""
    for number, promise in promises.PROMISES.items():
        last = [f"{words:<40}" for each in found.values() for words in [promises.last_result(number, each)]]
        yield f"{number:<4}{''.join(last)}{promise.untested or promise.text}"


def _table(results: list[Result]) -> Iterator[str]:
    yield ""
    for result in results:
        time_taken = f"{result.seconds:6.1f} s" if result.state != "not run" else " " * 8
        yield f"{result.suite.title:<20}{result.state:<9}{time_taken}  {result.why}".rstrip()
    states = [result.state for result in results]
    if not find_program("redis-server"):
        yield "redis-server is missing, so the tests with several processes were left out of pytest."
    passed, failed, skipped = (states.count(state) for state in ("passed", "failed", "not run"))
    yield f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


if __name__ == "__main__":
    sys.exit(main())
