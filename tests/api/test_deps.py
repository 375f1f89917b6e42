"""Whom a request stands for, by what it carries, and which routes let them in."""

from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api import deps
from api.deps import Allowed, BrowserCaller, CurrentAdmin, CurrentCaller, credential_of
from api.errors import install
from models import Admin
from models.admin import Role
from services import api_token_service, session_service
from services.permissions import PERMISSIONS, Permission, may
from tests.factories import make_admin

Headers = dict[str, str]


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = FastAPI()
    install(app)

    @app.get("/who")
    def who(request: Request, caller: CurrentCaller, admin: CurrentAdmin, db: deps.Database) -> Any:
        return {
            "admin": caller.admin.id,
            "same": admin.id,
            "logged": request.state.admin_id,
            "acts": db.info["acts"],
            "address": caller.address,
            "session": caller.session_id,
            "token": caller.api_token_id,
        }

    @app.get("/browser")
    def browser(caller: BrowserCaller) -> int | None:
        return caller.session_id

    for permission in Permission:

        @app.get(f"/{permission}", dependencies=[Allowed(permission)])
        def allowed() -> None: ...

        @app.get(f"/browser/{permission}", dependencies=[Allowed(permission, browser=True)])
        def allowed_in_browser() -> None: ...

    with TestClient(app, client=("192.0.2.7", 5000)) as made:
        yield made


def cookie(db: Session, admin: Admin) -> Headers:
    return {"Cookie": f"session={session_service.start(db, admin, '127.0.0.1', 'tests')}"}


def bearer(db: Session, admin: Admin, scheme: str = "Bearer") -> Headers:
    return {"Authorization": f"{scheme} {api_token_service.create(db, admin.email, 'tests')[1]}"}


def code(client: TestClient, path: str, headers: Headers) -> tuple[int, str]:
    answer = client.get(path, headers=headers)
    return answer.status_code, answer.json()["code"] if answer.status_code != 200 else ""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (False, "")),
        ({"cookie": "session=abc"}, (False, "abc")),
        ({"cookie": "other=abc"}, (False, "")),
        ({"authorization": "Bearer  abc "}, (True, "abc")),
        ({"authorization": "bEARER abc", "cookie": "session=x"}, (True, "abc")),
        ({"authorization": "Bearer"}, (True, "")),
        ({"authorization": "Bearer a b"}, (True, "a b")),
        ({"authorization": "Basic abc", "cookie": "session=x"}, (False, "x")),
    ],
    ids=str,
)
def test_what_a_request_came_with(given: Headers, expected: tuple[bool, str]) -> None:
    headers = [(name.encode(), value.encode()) for name, value in given.items()]
    found = credential_of(Request({"type": "http", "headers": headers}))
    assert (found.is_token, found.text) == expected
    assert not found.text or found.text not in repr(found)


def test_a_request_from_nowhere_has_no_address() -> None:
    assert deps.client_address(Request({"type": "http", "headers": []})) == ""


def test_a_browser_and_a_program_stand_for_their_admin(client: TestClient, db: Session) -> None:
    ada, bola = make_admin(db), make_admin(db)
    by_cookie, by_token = cookie(db, ada), bearer(db, ada)
    session = session_service.list_current(db, ada.id)[0].id
    both = {"admin": ada.id, "same": ada.id, "logged": ada.id, "acts": 0, "address": "192.0.2.7"}
    assert client.get("/who", headers=by_cookie).json() == both | {"session": session, "token": None}
    token = client.get("/who", headers=by_token).json()
    assert token == both | {"session": None, "token": token["token"]}
    assert token["token"] is not None
    assert client.get("/who", headers=cookie(db, bola) | by_token).json()["admin"] == ada.id


def test_nobody_and_strangers_get_a_401(client: TestClient, db: Session) -> None:
    ada = make_admin(db)
    good = cookie(db, ada)
    for headers in (
        {},
        {"Cookie": "session=x"},
        good | {"Authorization": "Bearer x"},
        bearer(db, ada, "Basic"),
    ):
        for path in ("/who", "/browser", "/manage_desk", "/browser/manage_desk"):
            assert code(client, path, headers) == (401, "not_signed_in")


def test_a_door_for_browsers_is_closed_to_programs(client: TestClient, db: Session) -> None:
    owner = make_admin(db, role=Role.OWNER)
    assert code(client, "/browser", bearer(db, owner)) == (403, "browser_needed")
    assert code(client, "/browser/manage_people", bearer(db, owner)) == (403, "browser_needed")
    assert code(client, "/manage_people", bearer(db, owner)) == (200, "")
    assert code(client, "/browser", cookie(db, owner)) == (200, "")


@pytest.mark.parametrize("role", Role)
def test_each_role_gets_through_its_doors_alone(client: TestClient, db: Session, role: Role) -> None:
    headers = cookie(db, make_admin(db, role=role))
    for permission in Permission:
        allowed = permission in PERMISSIONS[role]
        assert may(role, permission) is allowed
        for path in (f"/{permission}", f"/browser/{permission}"):
            assert code(client, path, headers) == ((200, "") if allowed else (403, "not_allowed"))


def test_a_request_gives_its_connection_back(client: TestClient, db: Session) -> None:
    from config.database import engine  # noqa: PLC0415

    headers = cookie(db, make_admin(db))
    db.close()
    before = engine.pool.status()
    for _ in range(3):
        assert client.get("/who", headers=headers).status_code == 200
    assert engine.pool.status() == before


def test_a_request_that_is_broken_off_gives_its_connection_back() -> None:
    async def broken_off() -> Session:
        with anyio.CancelScope() as request_scope:
            sessions = deps.get_db(Request({"type": "http"}))
            db = await anext(sessions)
            db.execute(text("SELECT 1"))
            request_scope.cancel()
            await sessions.aclose()
        return db

    assert not anyio.run(broken_off).in_transaction()
