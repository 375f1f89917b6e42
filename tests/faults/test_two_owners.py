"""Two owners who shut each other out at one moment, each through a process of their own: one stays."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from config.database import SessionLocal, engine, transaction, utc_now
from models import Admin
from models.admin import Role
from services import session_service
from tests.factories import make_admin
from tests.faults.processes import Process, desks
from tests.plain_client import plain_client
from tests.pretend_graph import PretendGraph

Act = Callable[[int], tuple[str, str, dict[str, str]]]
ACTS: dict[str, Act] = {
    "disable": lambda other: ("POST", f"/api/people/{other}/disable", {}),
    "role": lambda other: ("PUT", f"/api/people/{other}/role", {"role": "agent"}),
}


@pytest.fixture
def graph() -> Iterator[PretendGraph]:
    with PretendGraph() as graph:
        yield graph


def duel(both: list[Process], acts: tuple[Act, Act]) -> tuple[int, list[int]]:
    """How many owners may still sign in, and what the two were told."""
    with SessionLocal() as db:
        with transaction(db):
            db.execute(update(Admin).values(disabled_at=utc_now()))
        pair = [make_admin(db, role=Role.OWNER) for _ in both]
        cookies = [session_service.start(db, each, "127.0.0.1", "tests") for each in pair]
    begin = threading.Barrier(2)

    def run(number: int) -> int:
        method, path, body = acts[number](pair[1 - number].id)
        headers = {"Cookie": f"session={cookies[number]}"}
        with plain_client(both[number].url, timeout=60, headers=headers) as client:
            assert client.get("/api/auth/me").status_code == 200  # the connection stands
            begin.wait(30)
            return client.request(method, path, json=body).status_code

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(run, range(2)))
    with SessionLocal() as db:
        owners = select(func.count()).where(Admin.role == Role.OWNER, Admin.disabled_at.is_(None))
        return db.scalar(owners) or 0, told


@pytest.mark.parametrize(
    "acts", [("disable", "disable"), ("role", "role"), ("disable", "role")], ids="-".join
)
def test_one_owner_stays(
    graph: PretendGraph, tmp_path: Path, acts: tuple[str, str], exhaustive: bool
) -> None:
    with desks(graph.url, tmp_path, 2) as both:
        ends = [duel(both, (ACTS[acts[0]], ACTS[acts[1]])) for _ in range(50 if exhaustive else 8)]
    assert {owners for owners, _ in ends} == {1}, ends
    # the slower one is the last owner's victim already, or is told that nobody else would be left
    assert {told[0] for _, told in ends} == {200}, ends
    assert {told[1] for _, told in ends} <= {401, 403, 409}, ends


@pytest.mark.skipif(engine.dialect.name == "sqlite", reason="SQLite has one writer at a time")
def test_owners_who_go_by_what_they_saw_are_found_out(graph: PretendGraph, tmp_path: Path) -> None:
    """The negative control: who reads without a lock does not see the other."""
    with desks(graph.url, tmp_path, 2, "unlocked_owners") as both:
        ends = [duel(both, (ACTS["disable"], ACTS["disable"])) for _ in range(3)]
    assert 0 in {owners for owners, _ in ends}, ends
