"""Signing in, staying signed in, and being refused."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from config.database import transaction, utc_now
from models.admin import Admin, AdminSession, LoginAttempt, Role
from services import admin_service, api_token_service, people_service, session_service
from services.actor import COMMAND_LINE
from tests.api.conftest import PASSWORD


def sign_in(client: TestClient, email: str = "ada@example.com", password: str = PASSWORD) -> int:
    return client.post("/api/auth/login", json={"email": email, "password": password}).status_code


def test_signing_in_gives_a_cookie_that_scripts_cannot_read(client: TestClient, admin: Admin) -> None:
    answer = client.post("/api/auth/login", json={"email": " ADA@example.com ", "password": PASSWORD})
    ada = {"id": admin.id, "email": "ada@example.com", "name": "Ada", "role": "owner"}
    assert answer.json()["data"] == {"admin": ada}
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    me = client.get("/api/auth/me").json()
    assert me["status"] == "success"
    assert me["data"] == {
        "admin": ada,
        "permissions": ["hand_over_data", "manage_desk", "manage_everybody", "manage_people", "read_audit"],
        "business_name": "Chat Support",
        "simulator": True,
    }


@pytest.mark.parametrize(
    "path", ["/api/auth/me", "/api/support/admins", "/metrics", "/docs", "/openapi.json"]
)
def test_without_a_session_there_is_only_a_401(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


def test_wrong_password_unknown_account_and_disabled_admin_look_alike(
    client: TestClient, db: Session, admin: Admin
) -> None:
    admin_service.create(db, "gone@example.com", "", PASSWORD)
    people_service.disable(db, COMMAND_LINE, admin_service.get_active(db, "gone@example.com").id)
    answers = [
        client.post("/api/auth/login", json={"email": email, "password": password})
        for email, password in (
            ("ada@example.com", "wrong"),
            ("nobody@example.com", PASSWORD),
            ("gone@example.com", PASSWORD),
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["code"] == "wrong_credentials"


def test_the_database_holds_no_token(signed_in: TestClient, db: Session) -> None:
    session = db.scalars(select(AdminSession)).one()
    assert session.token_hash != signed_in.cookies["session"]
    client = signed_in
    client.cookies.set("session", session.token_hash)
    assert client.get("/api/auth/me").status_code == 401


def test_a_session_chosen_before_the_sign_in_is_not_taken_over(client: TestClient, admin: Admin) -> None:
    client.cookies.set("session", "chosen-by-somebody-else")
    answer = client.post("/api/auth/login", json={"email": admin.email, "password": PASSWORD})
    assert "chosen-by-somebody-else" not in answer.headers["set-cookie"]


def test_after_signing_out_the_old_cookie_is_dead(signed_in: TestClient) -> None:
    token = signed_in.cookies["session"]
    answer = signed_in.post("/api/auth/logout")
    assert answer.status_code == 200
    assert answer.headers["clear-site-data"] == '"storage"'
    signed_in.cookies.set("session", token)
    assert signed_in.get("/api/auth/me").status_code == 401


@pytest.mark.parametrize(
    ("visits", "status"),
    [
        ([timedelta(days=6, hours=23)], 200),
        ([timedelta(days=7, minutes=1)], 401),
        ([timedelta(days=day) for day in (6, 12, 18, 24)] + [timedelta(days=29, hours=23)], 200),
        ([timedelta(days=day) for day in (6, 12, 18, 24)] + [timedelta(days=30, minutes=1)], 401),
    ],
)
def test_a_session_ends_after_a_week_of_rest_and_after_a_month(
    client: TestClient, db: Session, admin: Admin, visits: list[timedelta], status: int
) -> None:
    _, token = session_service.sign_in(db, admin.email, PASSWORD, "127.0.0.1")
    start = utc_now()
    found = None
    for after in visits:
        with time_machine.travel(start + after, tick=False):
            found = session_service.find(db, token)
            db.rollback()
    assert (200 if found else 401) == status


def test_a_new_password_ends_all_sessions(signed_in: TestClient, db: Session) -> None:
    admin_service.change_password(db, "ada@example.com", "short-blue-elephant")
    assert signed_in.get("/api/auth/me").status_code == 401
    assert sign_in(signed_in) == 401
    assert sign_in(signed_in, password="short-blue-elephant") == 200


def test_a_disabled_admin_is_out_at_once(signed_in: TestClient, db: Session, admin: Admin) -> None:
    _, text = api_token_service.create(db, admin.email, "script")
    admin_service.create(db, "owner@example.com", "", PASSWORD, Role.OWNER)
    people_service.disable(db, COMMAND_LINE, admin.id)
    assert signed_in.get("/api/auth/me").status_code == 401
    signed_in.cookies.clear()
    assert signed_in.get("/api/auth/me", headers={"Authorization": f"Bearer {text}"}).status_code == 401


def test_an_admin_disabled_in_the_database_is_out_as_well(
    signed_in: TestClient, db: Session, admin: Admin
) -> None:
    _, text = api_token_service.create(db, admin.email, "script")
    with transaction(db):
        admin.disabled_at = utc_now()
    for headers in ({}, {"Authorization": f"Bearer {text}"}):
        assert signed_in.get("/api/auth/me", headers=headers).status_code == 401


def test_an_api_token_acts_for_its_admin_until_it_is_revoked(
    client: TestClient, db: Session, admin: Admin
) -> None:
    token, text = api_token_service.create(db, admin.email, "script")
    assert text.startswith("cst_")
    assert text not in token.token_hash
    headers = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/auth/me", headers=headers).json()["data"]["admin"]["name"] == "Ada"
    db.refresh(token)
    assert token.last_used_at is not None
    api_token_service.revoke(db, token.id)
    assert client.get("/api/auth/me", headers=headers).status_code == 401


@pytest.mark.parametrize("given", ["Bearer cst_wrong", "Bearer", "bearer x", "Bearer \xff"])
def test_a_wrong_token_is_refused_even_beside_a_good_cookie(signed_in: TestClient, given: str) -> None:
    assert signed_in.get("/api/auth/me").status_code == 200
    answer = signed_in.get("/api/auth/me", headers={b"Authorization": given.encode("latin-1")})
    assert answer.status_code == 401


def test_guessing_is_braked_and_says_when_to_come_back(client: TestClient, db: Session, admin: Admin) -> None:
    assert [sign_in(client, password=f"guess number {n}") for n in range(12)] == [401] * 10 + [429] * 2
    answer = client.post("/api/auth/login", json={"email": admin.email, "password": PASSWORD})
    assert answer.status_code == 429, "the right password is not tried either"
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60 + 1
    with time_machine.travel(utc_now() + timedelta(minutes=15, seconds=1), tick=False):
        assert sign_in(client) == 200
    db.rollback()
    assert db.scalar(select(func.count()).select_from(LoginAttempt)) == 0, "old rows are pruned"


def test_a_spoofed_forwarding_header_changes_nothing(client: TestClient, admin: Admin) -> None:
    for n in range(10):
        sign_in(client, password=f"guess number {n}")
    answer = client.post(
        "/api/auth/login",
        json={"email": admin.email, "password": "another guess"},
        headers={"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"},
    )
    assert answer.status_code == 429


def test_login_takes_json_and_nothing_else(client: TestClient, admin: Admin) -> None:
    body = f'{{"email": "{admin.email}", "password": "{PASSWORD}"}}'
    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = client.post("/api/auth/login", content=body, headers={"Content-Type": content_type})
        assert answer.status_code == 400, content_type
        assert answer.json()["code"] == "malformed_request"


def test_the_list_of_admins_leaves_out_who_was_disabled(signed_in: TestClient, db: Session) -> None:
    admin_service.create(db, "bola@example.com", "Bola", PASSWORD)
    admin_service.create(db, "gone@example.com", "Gone", PASSWORD)
    people_service.disable(db, COMMAND_LINE, admin_service.get_active(db, "gone@example.com").id)
    admins = signed_in.get("/api/support/admins").json()["data"]["admins"]
    assert [(admin["name"], admin["email"]) for admin in admins] == [
        ("Ada", "ada@example.com"),
        ("Bola", "bola@example.com"),
    ]
    assert set(admins[0]) == {"id", "name", "email", "role"}
