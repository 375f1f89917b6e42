"""The database goes away and comes back: 503 in time, nothing lost, and no restart."""

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from config.database import SessionLocal
from config.settings import get_settings
from models import SupportMessage
from tests.faults.deliveries import Deliveries, delivering
from tests.faults.processes import WEBHOOK, Process, desks, wait_until
from tests.faults.proxy import Fault, FaultProxy
from tests.faults.scenario import nothing_pending
from tests.pretend_meta import PretendMeta

ANSWERED_WITHIN = 5.0
HEALED_WITHIN = 5.0
MOST_GROWTH = 50 * 1024 * 1024
SETTLING_SECONDS = 0.5
"""A try that began before the outage may end in it."""

on_mariadb = pytest.mark.skipif(
    os.environ.get("TEST_DATABASE", "sqlite") == "sqlite", reason="SQLite has no connection that could fail"
)
on_sqlite = pytest.mark.skipif(
    os.environ.get("TEST_DATABASE", "sqlite") != "sqlite", reason="only SQLite locks the whole database"
)

Outage = Callable[[bool], None]


@contextmanager
def desk_behind_proxy(
    meta: PretendMeta, folder: Path, broken: str = ""
) -> Iterator[tuple[Process, FaultProxy]]:
    url = make_url(get_settings().database_url)
    assert url.port is not None
    with FaultProxy(url.port) as proxy:
        through = url.set(port=proxy.port).render_as_string(hide_password=False)
        with desks(meta.graph_url, folder, broken=broken, settings={"DATABASE_URL": through}) as [process]:
            meta.point_at(process.url + WEBHOOK)
            yield process, proxy


def go_through(
    process: Process, outage: Outage, seconds: float, told: Deliveries, *, is_noticed: bool = True
) -> None:
    """An outage under load, and what must hold while it lasts and afterwards."""
    wait_until(lambda: len(told.taken) > 20, "some load")
    outage(True)
    began = time.monotonic()
    time.sleep(seconds / 2)
    assert process.api.get("/api/health/live").status_code == 200
    if is_noticed:
        assert process.api.get("/api/health/ready", timeout=15).status_code == 503
    time.sleep(max(0.0, began + seconds - time.monotonic()))
    healed = time.monotonic()
    outage(False)
    wait_until(lambda: told.first_taken_after(healed) is not None, "the next message to be taken")
    after = told.first_taken_after(healed)
    assert after is not None
    assert after < HEALED_WITHIN
    during = [each for each in told.answers if began + SETTLING_SECONDS <= each.began < healed]
    assert during
    assert [each for each in during if each.ended < healed and each.status == 200] == []
    assert max(each.seconds for each in during) < ANSWERED_WITHIN + SETTLING_SECONDS


def has_taken(told: Deliveries, number: int) -> bool:
    return len(told.taken) > number


def lost(told: Deliveries) -> list[str]:
    """Messages that were taken and are not in the thread exactly once."""
    with SessionLocal() as db:
        found = Counter(db.scalars(select(SupportMessage.wamid).where(SupportMessage.wamid.in_(told.taken))))
    return [wamid for wamid in told.taken if found[wamid] != 1]


@on_mariadb
@pytest.mark.promise("P23")
@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.BLACKHOLE])
def test_a_database_that_goes_away_costs_nothing(
    pretend_meta: PretendMeta,
    tmp_path: Path,
    fault: Fault,
    outage_seconds: float,
    cases: Callable[[int], None],
) -> None:
    with desk_behind_proxy(pretend_meta, tmp_path) as (process, proxy):
        with delivering(process) as told:
            before = process.memory()
            go_through(process, lambda on: proxy.become(fault if on else Fault.NONE), outage_seconds, told)
            assert process.memory() - before < MOST_GROWTH
        wait_until(nothing_pending, "the inbox to be worked off")
        assert lost(told) == []
        wait_until(lambda: process.api.get("/api/health/ready").status_code == 200, "the desk to be ready")
        cases(len(told.answers))


@on_mariadb
@pytest.mark.promise("P23")
def test_an_answer_of_the_database_that_gets_lost_loses_nothing(
    pretend_meta: PretendMeta, tmp_path: Path
) -> None:
    with desk_behind_proxy(pretend_meta, tmp_path) as (process, proxy):
        with delivering(process) as told:
            for turn in range(1, 6):
                wait_until(partial(has_taken, told, 10 * turn), "some load")
                proxy.become(Fault.SWALLOW)
                time.sleep(0.5)
                proxy.become(Fault.NONE)
        wait_until(nothing_pending, "the inbox to be worked off")
        assert lost(told) == []


@on_mariadb
@pytest.mark.promise("P23")
def test_a_desk_that_answers_before_it_stores_is_found_out(pretend_meta: PretendMeta, tmp_path: Path) -> None:
    with desk_behind_proxy(pretend_meta, tmp_path, "answer_before_storing") as (process, proxy):
        with delivering(process) as told:
            wait_until(lambda: len(told.taken) > 20, "some load")
            proxy.become(Fault.DOWN)
            time.sleep(2)
            proxy.become(Fault.NONE)
        wait_until(nothing_pending, "the inbox to be worked off")
        assert lost(told)


@on_sqlite
@pytest.mark.promise("P23")
def test_a_database_that_another_program_locks_costs_nothing(
    pretend_meta: PretendMeta, tmp_path: Path, outage_seconds: float, cases: Callable[[int], None]
) -> None:
    file = make_url(get_settings().database_url).database
    assert file is not None
    other = sqlite3.connect(file, isolation_level=None, timeout=30)

    def lock(on: bool) -> None:
        other.execute("BEGIN EXCLUSIVE" if on else "ROLLBACK")

    try:
        with desks(pretend_meta.graph_url, tmp_path) as [process]:
            pretend_meta.point_at(process.url + WEBHOOK)
            with delivering(process) as told:
                # reading goes on, so the desk is as ready as it can be
                go_through(process, lock, outage_seconds, told, is_noticed=False)
            wait_until(nothing_pending, "the inbox to be worked off")
            assert lost(told) == []
            cases(len(told.answers))
    finally:
        other.close()
