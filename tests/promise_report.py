"""The part of pytest that counts: which promise was tested, with how many cases, and how it ended.

`cases(n)` in a test says how many cases it went through; without it, a test is one. What was found out is
printed at the end of the run, and kept for docs/promises.md where KEEP says that everything runs.
"""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.promises import PROMISES, RESULTS

MARK = "promise"
KEEP = "CHAT_SUPPORT_KEEP_RESULTS"


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known, and collect in the process that hears of all tests."""
    config.addinivalue_line("markers", "promise(*names): the promises of tests/promises.py that this shows")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Collector(config), "promises")


@pytest.fixture
def cases(request: pytest.FixtureRequest) -> Callable[[int], None]:
    """Call it with the number of cases that the test went through; calls add up."""

    def add(number: int) -> None:
        request.node.user_properties.append(("cases", number))

    return add


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Note the promises with each test, so that the report carries them between processes."""
    for item in items:
        names = {name for mark in item.iter_markers(MARK) for name in mark.args}
        if unknown := names - PROMISES.keys():
            raise pytest.UsageError(f"{item.nodeid}: no promise is called {sorted(unknown)}")
        if names:
            item.user_properties.append((MARK, sorted(names)))


class _Collector:
    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._cases: dict[str, int] = {}
        self._states: dict[str, set[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and not (report.failed or report.skipped):
            return
        given: list[tuple[str, Any]] = report.user_properties
        names = [name for key, value in given if key == MARK for name in value]
        counted = sum(value for key, value in given if key == "cases") or 1
        for name in names:
            self._states.setdefault(name, set()).add(report.outcome)
            if report.passed:
                self._cases[name] = self._cases.get(name, 0) + counted

    def _found(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for name in PROMISES:
            if states := self._states.get(name):
                state = next(each for each in ("failed", "passed", "skipped") if each in states)
                yield (
                    name,
                    {"state": state, "cases": self._cases.get(name, 0), "skipped": "skipped" in states},
                )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        found = dict(self._found())
        if not found:
            return
        terminalreporter.section("promises")
        for name, each in found.items():
            line = f"{name:<4}{each['state']:<8}{each['cases']:>7} cases  {PROMISES[name].text}"
            terminalreporter.write_line(line)
        if os.environ.get(KEEP):
            self._keep(found)

    def _keep(self, found: dict[str, dict[str, Any]]) -> None:
        kept = {
            "exhaustive": bool(self._config.getoption("--exhaustive")),
            "at": datetime.now(UTC).date().isoformat(),
            "promises": found,
        }
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / f"{os.environ.get('TEST_DATABASE', 'sqlite')}.json").write_text(json.dumps(kept, indent=1))
