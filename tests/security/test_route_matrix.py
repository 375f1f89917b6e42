"""Who gets through which door: every route of the OpenAPI document, tried by every kind of caller."""

import re
from collections.abc import Iterable
from typing import Any

import httpx2
import pytest
from sqlalchemy.orm import Session

from models.admin import Role
from services import permissions
from services.permissions import PERMISSIONS, Permission
from tests.running_desk import RunningDesk
from tests.security.access import OUTSIDE_THE_DOCUMENT, ROUTES, Access
from tests.security.callers import STRANGERS, Callers

ALL = ROUTES | OUTSIDE_THE_DOCUMENT
JSON = {"Content-Type": "application/json"}
NOWHERE = "2000000000"  # a number that nothing has, so that what is let in finds nothing to do


def routes_of(document: dict[str, Any]) -> set[str]:
    return {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}


def call(client: httpx2.Client, route: str, headers: dict[str, str]) -> tuple[int, str]:
    """Status and error code; of a stream only its head is read."""
    method, path = route.split()
    address = re.sub(r"\{\w+\}", NOWHERE, path)
    body = None if method == "GET" else b"{}"
    with client.stream(method, address, headers=JSON | headers, content=body) as response:
        if response.headers["content-type"].startswith("text/event-stream"):
            return response.status_code, ""
        response.read()
        is_json = response.headers["content-type"] == "application/json"
        return response.status_code, response.json().get("code", "") if is_json else ""


def expected(access: Access, caller: str) -> str:
    """The code of the refusal, or nothing."""
    if access.is_open:
        return ""
    if caller in STRANGERS:
        return "not_signed_in"
    if caller.startswith("token ") and not access.token:
        return "browser_needed"
    role = Role(caller.removeprefix("token "))
    return "" if access.permission is None or access.permission in PERMISSIONS[role] else "not_allowed"


REFUSALS = {"not_signed_in": 401, "browser_needed": 403, "not_allowed": 403}


def unexpected(desk: RunningDesk, callers: Callers, routes: Iterable[str] = ALL) -> list[str]:
    """Every route and caller for which the answer is another than the table says."""
    wrong = []
    for route in routes:
        access, _ = ALL[route]
        for caller in (*STRANGERS, *Role, *(f"token {role}" for role in Role)):
            status, code = call(desk.stranger, route, callers.headers(caller))
            want = expected(access, caller)
            seen = code if code in REFUSALS else ""
            if seen != want or status == 500 or (want and status != REFUSALS[want]):
                wrong.append(f"{route} by {caller}: {status} {code}, not {want or 'let in'}")
        callers.renew()
    return wrong


def test_every_route_is_listed(desk: RunningDesk) -> None:
    assert routes_of(desk.api.get("/openapi.json").json()) == set(ROUTES)


def test_the_matrix(desk: RunningDesk, db: Session) -> None:
    assert unexpected(desk, Callers(db)) == []


def test_the_matrix_notices_a_hole(desk: RunningDesk, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: agents who may manage the desk get through doors that are closed to them."""
    monkeypatch.setitem(permissions.PERMISSIONS, Role.AGENT, frozenset({Permission.MANAGE_DESK}))
    before = {Role.AGENT: frozenset[Permission](), **{r: PERMISSIONS[r] for r in (Role.ADMIN, Role.OWNER)}}
    monkeypatch.setattr("tests.security.test_route_matrix.PERMISSIONS", before)
    holes = unexpected(desk, Callers(db), ["PATCH /api/support/settings", "GET /metrics", "GET /api/auth/me"])
    assert [hole.partition(":")[0] for hole in holes] == [
        "PATCH /api/support/settings by agent",
        "PATCH /api/support/settings by token agent",
        "GET /metrics by agent",
        "GET /metrics by token agent",
    ]
