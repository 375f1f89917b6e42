"""SIGKILL at the events of acts on accounts: each is whole, with its entry in the audit log, or was not."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction, utc_now
from models import Admin, AdminInvite, AdminSession, ApiToken, AuditEntry
from models.admin import LoginAttempt, RecoveryCode, Role
from services import second_factor_service, session_service
from services.actor import Caller
from tests.factories import make_admin
from tests.faults.processes import Process, desks, wait_until
from tests.plain_client import plain_client
from tests.pretend_graph import PretendGraph
from tests.security.people_calls import CALLS, PASSWORD, Prepared, second_factor

ADDRESS = "127.0.0.1"
Prepare = Callable[[Session, Caller], Prepared]


def sign_in(db: Session, me: Caller) -> Prepared:
    second_factor(db, me)
    with SessionLocal() as other:
        codes = second_factor_service.renew_recovery_codes(other, me, PASSWORD)
    return "/api/auth/login", {"json": {"email": me.admin.email, "password": PASSWORD, "code": codes[0]}}


def shut_out(db: Session, _me: Caller) -> Prepared:
    return f"/api/people/{make_admin(db, disabled_at=utc_now()).id}/enable", {"json": {}}


def lost_phone(db: Session, _me: Caller) -> Prepared:
    other = Caller(make_admin(db, role=Role.AGENT), ADDRESS)
    second_factor(db, other)
    return f"/api/people/{other.admin.id}/second-factor", {}


ACTS: dict[str, Prepare] = {
    "POST /api/auth/login": sign_in,
    **CALLS,
    "POST /api/people/{admin_id}/enable": shut_out,
    "DELETE /api/people/{admin_id}/second-factor": lost_phone,
}


@pytest.fixture
def graph() -> Iterator[PretendGraph]:
    with PretendGraph() as graph:
        yield graph


def accounts() -> list[tuple[Any, ...]]:
    """All that is kept of who may come in, and by what."""
    with SessionLocal() as db:
        return [
            tuple(row)
            for model in (Admin, AdminInvite, AdminSession, ApiToken, RecoveryCode)
            for row in db.execute(select(*model.__table__.columns).order_by(model.id))
        ]


def entries() -> int:
    with SessionLocal() as db:
        return db.scalar(select(func.count()).select_from(AuditEntry)) or 0


def half_done(process: Process, route: str, event: int) -> tuple[bool, str]:
    """Whether it died at the event of the act, and what is wrong with what is left."""
    with SessionLocal() as db:
        admin = make_admin(db, role=Role.OWNER)
        token = session_service.start(db, admin, ADDRESS, "tests")
        session = session_service.find(db, token)
        assert session is not None
        address, more = ACTS[route](db, Caller(admin, ADDRESS, session_id=session.id))
        with transaction(db):
            db.execute(delete(LoginAttempt))  # one that a kill cut short counts as a failure, and fifty brake
    before, noted = accounts(), entries()
    process.kill_at(event)
    with plain_client(process.url, headers={"Cookie": f"session={token}"}, timeout=60) as client:
        try:
            answer = client.request(route.split(maxsplit=1)[0], address, **more)
        except httpx2.TransportError:
            answer = None
    process.spare()
    died = answer is None
    assert answer is None or answer.status_code == 200, answer.text
    if died:
        wait_until(lambda: not process.is_alive(), "the killed desk to be gone")
    changed, entered = accounts() != before, entries() > noted
    if died:
        process.start()
    wrong = f"{route} at {event}: changed {changed}, noted {entered}" if changed is not entered else ""
    return died, wrong


def enumerate_kills(process: Process, route: str, step: int, first: int = 1) -> tuple[int, list[str]]:
    """How many kills it took until one came too late, and what they left half done."""
    found = []
    for kills, event in enumerate(count(first, step)):
        died, wrong = half_done(process, route, event)
        found += [wrong] if wrong else []
        if not died:
            return kills, found
    raise AssertionError("counts without end")


@pytest.mark.timeout(900)
def test_an_act_on_an_account_is_whole_or_was_not(
    graph: PretendGraph, tmp_path: Path, exhaustive: bool
) -> None:
    """A recovery code is spent for a session, an invitation for an account: never for nothing."""
    killed, broken = 0, []
    with desks(graph.url, tmp_path) as [process]:
        for number, route in enumerate(ACTS):
            step, first = (1, 1) if exhaustive else (9, 1 + number % 9)
            kills, found = enumerate_kills(process, route, step, first)
            killed += kills
            broken += found
    assert broken == []
    assert killed > len(ACTS)


def test_what_is_noted_after_the_act_is_found_out(graph: PretendGraph, tmp_path: Path) -> None:
    """Within three rounds: what the desk does beside it when it starts counts too, and may take the kill."""
    found: list[str] = []
    with desks(graph.url, tmp_path, broken="note_later") as [process]:
        for _ in range(3):
            found += enumerate_kills(process, "PATCH /api/profile", 1)[1]
            if any("changed True, noted False" in each for each in found):
                return
    raise AssertionError(found)
