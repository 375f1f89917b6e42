"""What a phone downloads before the dashboard can be used."""

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.bundle import pages
from benchmarks.figures import Figure
from config.settings import ROOT

SHOWN = ("/dashboard/", "/support-tickets/", "/login/")


def measure(_bench: Bench) -> Iterator[Figure]:
    """The script of the first load, page by page."""
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
