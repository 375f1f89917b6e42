"""What a phone downloads before the dashboard can be used, and how the inbox does on a slow one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.bench import Bench
from benchmarks.bundle import pages
from benchmarks.figures import Figure
from benchmarks.product import running
from benchmarks.seed import seed
from bin.install import node_environment
from config.settings import ROOT

SHOWN = ("/dashboard/", "/support-tickets/", "/login/")
TICKETS = 100_000
OWNER = {"ADMIN_EMAIL": "bench@example.com", "ADMIN_PASSWORD": "a-tall-green-giraffe"}
ROUND_TRIPS = (
    "on this profile every request takes two seconds before its first byte, and six go at once. A first "
    "visit needs the page, then styles and scripts (160 kB at 50 kB/s) and the first questions in two "
    "rounds; a second one the page, then the questions. It would take a service worker that keeps the page"
)
NO_GRAPHICS = "Chromium draws without a graphics card, on the cores that the desk and MariaDB have as well"


def measure(bench: Bench) -> Iterator[Figure]:
    """The script of the first load, page by page, and the inbox on a slow phone."""
    subprocess.run([sys.executable, "-m", "bin.install"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    found = pages()
    for page in SHOWN:
        yield Figure(
            f"script_{page.strip('/')}",
            f"Script of the first load of {page}, compressed",
            "kB",
            [found[page]],
            at_most=150,
            why="React's renderer is 64 of it, Next 30, Mantine's base 25 and the queries' cache 11",
            details={"pages": found},
        )
    if not bench.quick:
        yield from _on_a_phone(bench)


def _on_a_phone(bench: Bench) -> Iterator[Figure]:
    subprocess.run(
        [sys.executable, "-m", "bin.install", "--for-tests"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True
    )
    with running(bench.server, settings=OWNER) as product:
        seed(bench.server.port, "desk", TICKETS, lambda _text: None)
        runs = [_visit(product.port) for _ in range(bench.runs)]
    for name, title, goal in (
        ("first", "Inbox usable on Chromium's slow 3G, first visit", 6.0),
        ("second", "… second visit", 1.5),
    ):
        yield Figure(f"inbox_{name}", title, "s", [run[name] for run in runs], at_most=goal, why=ROUND_TRIPS)
    yield Figure(
        "inbox_frames",
        f"Inbox with {TICKETS:,} tickets, scrolled on a CPU slowed four times",
        "frames/s",
        [run["frames"] for run in runs],
        at_least=60,
        why=NO_GRAPHICS,
        details={"runs": runs},
    )


def _visit(port: int) -> dict[str, Any]:
    words = [f"http://127.0.0.1:{port}", *OWNER.values()]
    done = subprocess.run(
        ["node", "on-a-phone.mjs", *words],  # noqa: S607 - whichever node there is
        cwd=ROOT / "admin-ui",
        env=node_environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
