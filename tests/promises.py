"""What the desk promises about data, delivery and order, and which tests say so.

A test names its promise with `@pytest.mark.promise("P4")`, one of the browser with `{ tag: "@P4" }`.
`docs/promises.md` is made from this list, from those marks and from the last results (promise_report.py), by
`bin/promises`; a test holds it to the list and the marks.
"""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from config.settings import ROOT

TESTS = ROOT / "tests"
BROWSER_TESTS = ROOT / "admin-ui" / "e2e"
RESULTS = ROOT / "var" / "promises"
PAGE = ROOT / "docs" / "promises.md"
DATABASES = {"sqlite": "SQLite", "mariadb": "MariaDB"}


@dataclass(frozen=True)
class Promise:
    """`untested` says why no test shows it, where none does. `note`: what the tests leave out."""

    text: str
    untested: str = ""
    note: str = ""


PROMISES = {
    "P1": Promise("A webhook that was answered with 200 is never lost, wherever the desk is killed."),
    "P2": Promise("Nothing is answered with 200 before the disk has it."),
    "P3": Promise("Whatever is validly signed is kept: understood, or in quarantine and replayable."),
    "P4": Promise("A webhook that comes fifty times is one message, one unread, one event."),
    "P5": Promise("One item that cannot be worked off neither loses nor holds up those beside it."),
    "P6": Promise("A message is there whatever becomes of its file, and its file is the right one or none."),
    "P7": Promise("Nothing is ever half written: message, conversation, unread and event are one act."),
    "P8": Promise("One click is one reply, whatever the network does."),
    "P9": Promise("An accepted reply is sent, failed or unknown in the end; never lost, never stuck."),
    "P10": Promise("A send of which nobody knows is shown as such and never repeated by itself."),
    "P11": Promise("A send of which nobody knew settles itself when evidence comes."),
    "P12": Promise("A reply is shown exactly once to everyone who looks."),
    "P13": Promise("What is said about a delivery never goes backwards, in whatever order it is told."),
    "P14": Promise("What can never go fails at once, what may go later waits, and a retry really sends."),
    "P15": Promise("Replies to a customer leave in their order, and customers do not wait for others."),
    "P16": Promise("What a customer wrote stands in the order they wrote it, for everyone."),
    "P17": Promise("No change is ever skipped by who follows, and following equals fetching."),
    "P18": Promise("Of many who claim a ticket one gets it, and the others are told who."),
    "P19": Promise("A message that races the closing of its ticket is never hidden."),
    "P20": Promise("Thirty photos at once of a new customer are one contact, one ticket, thirty messages."),
    "P21": Promise("Who changes what has been changed meanwhile is told so; nothing is overwritten."),
    "P22": Promise(
        "What is assigned by itself never takes a ticket from a person.",
        untested="Nothing is assigned by itself; a ticket has the assignee that a person gave it.",
    ),
    "P23": Promise("Without its database the desk says 503 in time, loses nothing, and recovers by itself."),
    "P24": Promise("Without Redis everything works, at most ten seconds later."),
    "P25": Promise("Without WhatsApp everything else works, and replies leave later, in order, once."),
    "P26": Promise("Poison and bulk never hold up the living."),
    "P27": Promise("Stopping and killing lose nothing; the next process goes on."),
    "P28": Promise(
        "Clocks that jump neither send again nor freeze.",
        note="On SQLite the database's clock is the machine's: while it is a day ahead, WhatsApp's 24-hour "
        "windows count as closed; while it is behind, messages stand in the thread by their arrival.",
    ),
    "P29": Promise("A full or broken disk is a 5xx and no corruption, and it goes on once there is room."),
    "P30": Promise("Bodies that are too large or too slow cost nothing."),
    "P31": Promise("Lengths are the same everywhere and nothing is cut in silence."),
    "P32": Promise("Who floods the desk hurts nobody else."),
    "P33": Promise("An upgrade may be killed at any statement and run again."),
    "P34": Promise(
        "The last release goes on working while the tables are upgraded.",
        note="From 003 on, which gave tickets and messages their customer; for it the desk must be stopped.",
    ),
    "P35": Promise("A backup of the running desk restores to a consistent state."),
    "P36": Promise("What is erased is gone and stays gone."),
}


def marked_tests() -> dict[str, list[str]]:
    """The promises that tests name, and those tests; read from the source, nothing is run."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        file = path.relative_to(TESTS).as_posix()
        for node in ast.parse(path.read_text()).body:
            for promise in sorted(_of_file(node)):
                found[promise].append(file)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for promise in sorted(_named(node.decorator_list)):
                    found[promise].append(f"{file} {node.name}")
    for path in sorted(BROWSER_TESTS.glob("*.spec.ts")):
        for promise in sorted(set(re.findall(r"@(P\d+)\b", path.read_text()))):
            found[promise].append(f"browser: {path.name}")
    return dict(found)


def _of_file(node: ast.stmt) -> set[str]:
    is_marks = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    return _named([node.value]) if is_marks and isinstance(node, ast.Assign) else set()


def _named(marks: list[ast.expr]) -> set[str]:
    calls = [each for mark in marks for each in ast.walk(mark) if isinstance(each, ast.Call)]
    return {
        argument.value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "promise"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def rows() -> Iterator[tuple[str, str, str]]:
    """Number, text and what shows it, of each promise."""
    tests = marked_tests()
    for number, promise in PROMISES.items():
        where = "<br>".join(f"`{name}`" for name in tests.get(number, ()))
        yield number, promise.text, "<br>".join(filter(None, (where, promise.untested, promise.note)))


def results() -> dict[str, dict[str, Any]]:
    """What the last run of the whole suite found out, by database."""
    files = {name: RESULTS / f"{name}.json" for name in DATABASES}
    return {name: json.loads(file.read_text()) for name, file in files.items() if file.is_file()}


def last_result(number: str, found: dict[str, Any]) -> str:
    """In words, from what is kept of one database."""
    each = found.get("promises", {}).get(number)
    if each is None:
        return "—"
    way = ", exhaustive" if found["exhaustive"] else ""
    if each["state"] == "skipped":
        return "not in this run"
    part = ", in part" if each.get("skipped") else ""
    return f"{each['state']}{part}, {each['cases']:,} cases, {found['at']}{way}"


def page() -> str:
    """What `docs/promises.md` is to hold."""
    found = results()
    lines = [INTRODUCTION]
    for number, text, shown_by in rows():
        last = [last_result(number, found.get(name, {})) for name in DATABASES]
        lines.append(f"| {number} | {text} | {shown_by} | {' | '.join(last)} |")
    return "\n".join([*lines, ""])


INTRODUCTION = """\
# Promises

What the desk promises about data, delivery and order, the tests that show it, and what became of them when
the whole suite last ran. `bin/test` prints the same at its end, and `bin/promises` writes this page from it.
A *case* is one kill, one payload, one order of events: what a test went through one by one. A harness is
first shown a desk that breaks its word on purpose, and has to notice; those tests stay. With `--exhaustive`
`bin/test` takes every kill, and outages as long as they are in life. *In part*, and *not in
this run*: its other tests need the other database, or `--exhaustive`. A dash: its tests are a browser's.

| | promise | tests (below `tests/`) | SQLite | MariaDB |
|---|---|---|---|---|"""
