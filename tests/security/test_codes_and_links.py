"""S7, S8, S22, S23: second factors, invitations, and what is in the database for whoever steals it."""

import threading
import time
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from api.deps import SESSION_COOKIE
from config.database import Base, SessionLocal, engine, transaction, utc_now
from models.admin import Admin, AdminInvite, AdminSession, Role
from services import admin_service
from tests.plain_client import plain_client
from tests.running_desk import RunningDesk

LOGIN = "/api/auth/login"
EMAIL, PASSWORD = "bola@example.com", "tall-green-giraffe"


class Browser:
    """Somebody who is signed in with a browser."""

    def __init__(self, desk: RunningDesk, role: Role = Role.OWNER, email: str = EMAIL) -> None:
        with SessionLocal() as db:
            admin_service.create(db, email, "Bola", PASSWORD, role)
        self.email = email
        self.client = plain_client(desk.url, headers={"Origin": desk.url})

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def sign_in(self, **more: Any) -> int:
        answer = self.client.post(LOGIN, json={"email": self.email, "password": PASSWORD} | more)
        return answer.status_code

    def data(self, method: str, path: str, **more: Any) -> Any:
        answer = self.client.request(method, path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


def with_second_factor(browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    assert browser.sign_in() == 200
    begun = browser.data("POST", "/api/profile/second-factor", json={})
    app = pyotp.TOTP(begun["secret"])
    codes = browser.data("POST", "/api/profile/second-factor/confirm", json={"code": app.now()})["codes"]
    browser.client.cookies.clear()
    return app, codes


def test_a_code_is_taken_once_and_guessing_it_is_braked(desk: RunningDesk) -> None:
    with Browser(desk) as browser:
        app, recovery = with_second_factor(browser)
        assert browser.sign_in() == 401, "the password alone is not enough"
        used = app.now()
        assert browser.sign_in(code=used) == 403, "the code that turned it on is used up"
        following = app.at(int(time.time()) + 30)
        assert browser.sign_in(code=following) == 200, "the next one counts already"
        assert browser.sign_in(code=following) == 403
        assert browser.sign_in(code=recovery[0]) == 200
        assert browser.sign_in(code=recovery[0]) == 403, "a recovery code works once"
        far = [app.at(int(time.time()) + 30 * step) for step in (-9, -5, 5, 9, 20)]
        guesses = [browser.sign_in(code=code) for code in [*far, *(f"{n:06d}" for n in range(20))]]
        assert set(guesses) == {403, 429}
        assert guesses.count(403) <= 10
        assert browser.sign_in(code=recovery[1]) == 429, "also a right code is not tried then"


def test_an_old_session_is_not_enough_to_stay_for_good(desk: RunningDesk) -> None:
    """A phone that was left on the counter: what would outlast the session asks for the password."""
    new_password = {"old_password": "not it at all", "new_password": "short-blue-elephant"}
    wanted: list[tuple[str, str, dict[str, str]]] = [
        ("POST", "/api/profile/second-factor", {}),
        ("POST", "/api/profile/tokens", {"name": "mine now"}),
        ("POST", "/api/people/invites", {"email": "mine@example.com", "role": "owner"}),
        ("PUT", "/api/people/1/role", {"role": "owner"}),
        ("POST", "/api/people/1/enable", {}),
        ("POST", "/api/profile/password", new_password),
    ]
    with Browser(desk) as browser:
        assert browser.sign_in() == 200
        with SessionLocal() as db, transaction(db):
            for session in db.scalars(select(AdminSession)):
                session.created_at = utc_now() - timedelta(minutes=31)
        for method, path, body in wanted:
            answer = browser.client.request(method, path, json=body)
            assert (path, answer.status_code) == (path, 403), answer.text
        assert browser.client.get("/api/support/tickets").status_code == 200, "work goes on"


def test_a_stolen_database_lets_nobody_in(desk: RunningDesk) -> None:
    with Browser(desk) as browser:
        app, recovery = with_second_factor(browser)
        assert browser.sign_in(code=recovery[0]) == 200
        cookie = browser.client.cookies[SESSION_COOKIE]
        body = {"name": "a program"}
        token = browser.data("POST", "/api/profile/tokens", json=body)["text"]
        invited = {"email": "c@example.com", "role": "agent"}
        link = browser.data("POST", "/api/people/invites", json=invited)["link"]
    with engine.connect() as connection:
        rows = [
            str(row) for table in Base.metadata.sorted_tables for row in connection.execute(table.select())
        ]
    stolen = "\n".join(rows)
    assert "bola@example.com" in stolen
    for secret in (PASSWORD, cookie, token, link.rpartition("#")[2], app.secret, *recovery):
        assert secret not in stolen
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in stolen


def invitation(desk: RunningDesk, browser: Browser, email: str = "chi@example.com", host: str = "") -> str:
    headers = {"X-Forwarded-Host": host, "X-Forwarded-Proto": "https"} if host else {}
    body = {"email": email, "role": "agent"}
    link = str(browser.data("POST", "/api/people/invites", json=body, headers=headers)["link"])
    assert link.startswith("http://localhost:8000/"), "PUBLIC_URL, whatever the request says"
    return link.rpartition("#")[2]


def accept(desk: RunningDesk, token: str) -> int:
    body = {"token": token, "name": "Chi", "password": "seven-old-bicycles"}
    with plain_client(desk.url, timeout=30) as client:
        return client.post("/api/invites/accept", json=body).status_code


def test_an_invitation_lets_one_in_once(desk: RunningDesk) -> None:
    with Browser(desk) as browser:
        assert browser.sign_in() == 200
        token = invitation(desk, browser, host="evil.example")
        statuses: list[int] = []
        racers = [
            threading.Thread(target=lambda: statuses.append(accept(desk, token)), daemon=True)
            for _ in range(8)
        ]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join(30)
        assert statuses.count(200) == 1, statuses
        assert set(statuses) <= {200, 409, 410}
        assert accept(desk, token) == 410
        with SessionLocal() as db:
            assert len(db.scalars(select(Admin).where(Admin.email == "chi@example.com")).all()) == 1
        assert browser.client.post("/api/invites/look", json={"token": token}).status_code == 410
        for wrong in ("", "x" * 43, token[:-1], token.swapcase(), "' OR 1=1 --"):
            assert accept(desk, wrong) in (400, 410)


def test_an_invitation_ends_by_time_by_hand_and_with_its_sender(desk: RunningDesk) -> None:
    with Browser(desk) as browser, Browser(desk, Role.ADMIN, "dayo@example.com") as other:
        assert browser.sign_in() == other.sign_in() == 200
        late, taken_back, orphaned = (
            invitation(desk, each, f"{n}@example.com") for n, each in enumerate((browser, browser, other))
        )
        with SessionLocal() as db, transaction(db):
            first = db.scalars(select(AdminInvite).order_by(AdminInvite.id)).first()
            assert first is not None
            first.expires_at = utc_now()
        people = browser.data("GET", "/api/people")
        second = next(each for each in people["invites"] if each["email"] == "1@example.com")
        browser.data("DELETE", f"/api/people/invites/{second['id']}")
        dayo = next(each for each in people["people"] if each["email"] == "dayo@example.com")
        browser.data("POST", f"/api/people/{dayo['id']}/disable", json={})
        assert [accept(desk, each) for each in (late, taken_back, orphaned)] == [410] * 3


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN])
def test_nobody_makes_themselves_more_than_they_are(desk: RunningDesk, role: Role) -> None:
    with Browser(desk, role) as browser:
        assert browser.sign_in() == 200
        me = browser.data("GET", "/api/auth/me")["admin"]["id"]
        with SessionLocal() as db:
            owner = admin_service.create(db, "owner@example.com", "Owner", PASSWORD, Role.OWNER).id
        tries = [
            browser.client.put(f"/api/people/{me}/role", json={"role": "owner"}),
            browser.client.patch("/api/profile", json={"name": "Bola", "role": "owner"}),
            browser.client.post("/api/people/invites", json={"email": "e@example.com", "role": "owner"}),
            browser.client.post("/api/people/invites", json={"email": "e@example.com", "role": "admin"}),
            browser.client.post(f"/api/people/{owner}/disable", json={}),
            browser.client.delete(f"/api/people/{owner}/second-factor"),
            browser.client.get("/api/audit"),
            browser.client.get("/api/audit/export"),
        ]
        assert {answer.status_code for answer in tries} <= {400, 403}
        assert browser.data("GET", "/api/auth/me")["admin"].get("role", role) == role
