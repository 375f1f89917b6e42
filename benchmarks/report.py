"""The table on the terminal and in the documentation, and the results as JSON."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import charts
from benchmarks.figures import Figure, number
from benchmarks.machine import describe
from config.settings import ROOT

RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "performance.md"
INTRODUCTION = """\
# How fast the desk is

`bin/bench` measures it on one machine in one go, and writes this page. It starts a MariaDB that
syncs its disk at every commit, the desk as `bin/run` starts it, a pretend Graph and a load on
loopback: all of them share the cores. Each figure is the median of its runs and stands beside its
goal, and beside the floor or peer that it is measured against; those that say *measured elsewhere*
are not from this run. The goals come from a machine that says 42,000 bare hellos a second: the first
row tells how far this one is from it. What the figures mean for a larger desk is in
[scaling](scaling.md), what was done for them in [hot paths](decisions/012-hot-paths.md).

The newest run: {holds} hold, {short} fall short. {machine}. All of it is in `{kept}`.

![How far each figure is from its goal, on a logarithmic scale](images/performance.svg)

{table}

## What holds back those that fall short

{reasons}
"""
HEAD = ("what", "measured", "goal", "beside", "ratio", "verdict")


def rows(figures: list[Figure]) -> list[tuple[str, ...]]:
    """One row for each figure."""
    return [
        (
            figure.title,
            f"{number(figure.value)} {figure.unit}".strip(),
            figure.goal,
            f"{figure.beside}: {number(figure.beside_value)}" if figure.beside_value else figure.beside,
            f"{number(figure.ratio)} ×" if figure.ratio is not None else "",
            figure.verdict,
        )
        for figure in figures
    ]


def table(figures: list[Figure]) -> Iterator[str]:
    """For a terminal."""
    lines = [HEAD, *rows(figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    yield ""
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    yield ""
    yield from reasons(figures)
    verdicts = [figure.verdict for figure in figures]
    yield ""
    yield f"{verdicts.count('holds')} hold, {verdicts.count('falls short')} fall short. {describe()}."


def reasons(figures: list[Figure]) -> Iterator[str]:
    """A line for each thing that holds figures back which fall short."""
    held_back: dict[str, list[str]] = {}
    for figure in figures:
        if figure.verdict == "falls short" and figure.why:
            held_back.setdefault(figure.why, []).append(figure.title.removeprefix("… "))
    for why, titles in held_back.items():
        yield f"- {'; '.join(titles)}: {why}."


def keep(figures: list[Figure], *, quick: bool) -> Path:
    """Write the results to a file of their own."""
    now = datetime.now(UTC)
    result = {
        "date": now.isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": describe(),
        "quick": quick,
        "figures": [
            asdict(figure)
            | {"value": figure.value, "ratio": figure.ratio, "verdict": figure.verdict, "goal": figure.goal}
            for figure in figures
        ],
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{now:%Y-%m-%d-%H%M}{'-quick' if quick else ''}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    return path.relative_to(ROOT)


def write_page(figures: list[Figure], kept: Path) -> None:
    """`docs/performance.md`: the table and the chart of this run."""
    charts.goals(figures, ROOT / "docs" / "images" / "performance.svg")
    lines = [HEAD, ("---",) * len(HEAD), *rows(figures)]
    verdicts = [figure.verdict for figure in figures]
    shape = "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)
    PAGE.write_text(
        INTRODUCTION.format(
            holds=verdicts.count("holds"),
            short=verdicts.count("falls short"),
            machine=describe(),
            kept=kept,
            table=shape,
            reasons="\n".join(reasons(figures)),
        )
    )


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"
