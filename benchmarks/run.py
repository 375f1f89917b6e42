"""Runs every measurement, prints one table, and keeps the results (`bin/bench`)."""

import argparse
import sys
import time
import traceback

from benchmarks import measure_dashboard, measure_ingest, measure_live, measure_queries, measure_sign_in
from benchmarks.bench import DURABLE, Bench, Measure
from benchmarks.figures import Figure
from benchmarks.report import keep, table, write_page
from tests.mariadb_server import MariaDBServer

MEASURES: dict[str, Measure] = {
    "ingest": measure_ingest.measure,
    "queries": measure_queries.measure,
    "live": measure_live.measure,
    "dashboard": measure_dashboard.measure,
    "sign-in": measure_sign_in.measure,
}


def main() -> int:
    """0 when everything could be measured, whether or not it reaches its goal; the rest is kept anyway."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="one short run, within three minutes; without 1,000 dashboards and two of each process",
    )
    parser.add_argument("--full", action="store_true", help="also a million tickets, made afresh if need be")
    parser.add_argument("--only", choices=MEASURES, action="append", help="this part alone; nothing is kept")
    options = parser.parse_args()
    figures: list[Figure] = []
    broken: list[str] = []
    server = MariaDBServer(settings=DURABLE)
    try:
        bench = Bench(server, options.quick, options.full)
        for name in options.only or MEASURES:
            began = time.monotonic()
            print(f"{name} …", flush=True)
            try:
                for figure in MEASURES[name](bench):
                    figures.append(figure)
                    print(
                        f"  {figure.title}: {figure.value:.4g} {figure.unit} ({figure.verdict})", flush=True
                    )
            except Exception:  # noqa: BLE001 - half an hour of other figures must not be lost for it
                traceback.print_exc()
                broken.append(name)
            print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    finally:
        server.stop()
    for line in table(figures):
        print(line)
    if not options.only:
        kept = keep(figures, quick=options.quick)
        print(f"\nKept in {kept}")
        if not options.quick:
            write_page(figures, kept)
    if broken:
        print(f"\nNot measured to the end: {', '.join(broken)}.")
    return len(broken)


if __name__ == "__main__":
    sys.exit(main())
