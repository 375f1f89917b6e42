"""S25, S26, S28, S29: what logs, errors, caches and closed doors tell to whoever looks."""

import json
import logging
import re
import time
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from config import observability
from services import admin_service
from services.support_service import SupportService
from tests.pretend_meta import ACCESS_TOKEN, APP_SECRET, wait_until
from tests.running_desk import VERIFY_TOKEN, WEBHOOK, RunningDesk, outbox_states, text_message, webhook
from tests.security.routes import STREAM, document, routes
from tests.security.wire import send

CANARY = "canary-7f3a"
CANARY_PHONE = "2348039997777"
FORGED = "%0a%0d{}%1b[31mFORGED%e2%80%a8%e2%80%ae"
INSIDES = re.compile(
    r"Traceback|File \\?\"|\.py\b|sqlalchemy|pymysql|sqlite3|pydantic|starlette|SELECT |0x[0-9a-f]{8}",
    re.IGNORECASE,
)


@pytest.fixture
def logs() -> Iterator[StringIO]:
    root = logging.getLogger()
    before = root.handlers, root.level
    stream = StringIO()
    observability.configure(stream)
    yield stream
    root.handlers, root.level = before


@pytest.fixture
def desk_with_logs(logs: StringIO, desk: RunningDesk) -> tuple[RunningDesk, StringIO]:
    """The desk, whose every line is kept from its start."""
    return desk, logs


def lines(logs: StringIO) -> list[dict[str, Any]]:
    """Every line of ours; the clients of these tests log as well, and would not in the product."""
    ours = [line for line in logs.getvalue().split("\n") if line and '"httpx2"' not in line]
    return [json.loads(line) for line in ours]


def test_the_log_has_no_word_no_number_and_no_secret_of_anybody(
    desk_with_logs: tuple[RunningDesk, StringIO],
) -> None:
    desk, logs = desk_with_logs
    password = f"{CANARY}-tall-green-giraffe"
    body = webhook(
        text_message("Chat Support", number=CANARY_PHONE),
        text_message(f"{CANARY} lost my parcel", number=CANARY_PHONE),
        {"id": f"wamid.{CANARY}", "from": CANARY_PHONE, "timestamp": "x", "type": f"{CANARY}-kind"},
        {"id": f"wamid.{CANARY}2", "type": "text", "text": {"body": CANARY}},
    )
    assert desk.deliver(body).status_code == 200
    assert desk.deliver(f'{{"entry": "{CANARY}'.encode()).status_code == 200
    assert desk.stranger.post(WEBHOOK, content=f"{CANARY}").status_code == 401
    desk.settle()
    from config.database import SessionLocal  # noqa: PLC0415

    with SessionLocal() as db:
        admin_service.create(db, f"{CANARY}@example.com", CANARY, password)
    for tried in (password, f"{password}-wrong"):
        desk.stranger.post("/api/auth/login", json={"email": f"{CANARY}@example.com", "password": tried})
    token = desk.stranger.cookies.get("session") or ""
    desk.stranger.get("/api/auth/me", headers={"Authorization": f"Bearer cst_{CANARY}"})
    desk.stranger.get(f"/{CANARY}/{CANARY_PHONE}?phone={CANARY_PHONE}&token={CANARY}")
    desk.stranger.get(WEBHOOK, params={"hub.verify_token": CANARY, "hub.challenge": CANARY})
    ticket = desk.open_ticket(phone_number=CANARY_PHONE, sender_name=CANARY, issue_description=CANARY)
    messages = f"/api/support/tickets/{ticket['id']}/messages"
    desk.data("POST", messages, json={"message": f"{CANARY} answer"})
    desk.api.post(messages, json={"message": {"wrong": CANARY}})
    upload = f"/api/support/media?ticket_id={ticket['id']}&kind=document&filename={CANARY}.pdf"
    desk.api.post(upload, content=b"%PDF-1.4 " + CANARY.encode())
    wait_until(lambda: "queued" not in outbox_states() and "sending" not in outbox_states(), "the answer")
    said = json.dumps(lines(logs))
    assert len(lines(logs)) > 10
    for secret in (CANARY, CANARY_PHONE, token, ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN, desk.admin.email):
        assert secret
        assert secret not in said, re.findall(f".{{200}}{re.escape(secret)}.{{100}}", said)[:3]


def test_an_error_nobody_foresaw_tells_its_number_and_nothing_else(
    desk_with_logs: tuple[RunningDesk, StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, logs = desk_with_logs

    def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(SupportService, "get_notifications", fail)
    answer = desk.api.get("/api/support/notifications")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert answer.headers["x-request-id"] in answer.json()["message"]
    assert CANARY not in answer.text + logs.getvalue()
    assert not INSIDES.search(answer.text)


def test_an_error_while_asking_who_it_is_lets_nobody_in(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_ticket(sender_name=CANARY)

    def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError

    for place in ("services.api_token_service.find", "services.session_service.find"):
        monkeypatch.setattr(place, fail)
    for headers in ({"Authorization": "Bearer cst_x"}, {"Cookie": "session=x"}):
        for path in ("/api/support/tickets", "/api/auth/me", STREAM):
            answer = desk.stranger.get(path, headers=headers)
            assert (path, answer.status_code) == (path, 500)
            assert CANARY not in answer.text


BROKEN_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"\\ud800"',
    b"\xff",
    b'{"a": NaN}',
    b"{}" * 9,
    b"[[[[[[",
    b'{"\\ud800": 1}',
]


def test_no_error_shows_what_the_desk_is_made_of(desk: RunningDesk) -> None:
    for route in routes(document(desk)):
        if route.path == STREAM:
            continue
        for body in BROKEN_BODIES if route.method != "get" else [b""]:
            for address in (route.address(), route.address(ticket_id="x", media_id="-", message_id="9" * 40)):
                answer = desk.api.request(
                    route.method, address, content=body, headers={"Content-Type": "application/json"}
                )
                assert answer.status_code < 500, (route.name, body)
                if answer.status_code >= 400 and route.path != "/metrics":
                    assert answer.headers["content-type"] == "application/json", (route.name, body)
                    assert not INSIDES.search(answer.text), (route.name, body, answer.text[:300])


def test_a_stranger_finds_every_door_closed(desk: RunningDesk) -> None:
    for path in (
        "/docs /docs/oauth2-redirect /redoc /openapi.json /api/openapi.json /metrics /api /api/ /admin "
        "/debug /console /actuator/health /server-status /phpinfo.php /wp-login.php /graphql /.env "
        "/.git/HEAD /backup.sql /chat-support.db /var/chat-support.db /media/ /api/support/media/1 "
    ).split():
        answer = desk.stranger.get(path)
        assert answer.status_code in (401, 404), (path, answer.status_code)
        assert "openapi" not in answer.text.lower()
        assert "server" not in answer.headers
        assert "x-powered-by" not in answer.headers
    for folder in (
        "/_next/",
        "/_next/static/",
        "/_next/static/chunks/",
        "/dashboard/../",
        "/simulator/samples/",
    ):
        answer = desk.stranger.get(folder, follow_redirects=True)
        assert "Index of" not in answer.text
        assert answer.status_code in (200, 404)
    ready = desk.stranger.get("/api/health/ready").text
    for inside in ("mysql+pymysql", "sqlite:///", "127.0.0.1", "/tmp", ACCESS_TOKEN):  # noqa: S108
        assert inside not in ready


def test_nothing_that_is_said_in_private_may_be_kept(desk: RunningDesk) -> None:
    ticket = desk.open_ticket()
    upload = f"/api/support/media?ticket_id={ticket['id']}&kind=document&filename=a.txt"
    media = desk.data("POST", upload, content=b"words")
    known = {"ticket_id": str(ticket["id"]), "media_id": str(media["id"])}
    for route in routes(document(desk)):
        address = route.address(**known)
        if route.method == "get":
            with desk.api.stream("get", address) as answer:
                kept = answer.headers["cache-control"]
        else:
            kept = desk.api.request(route.method, address, json={}).headers["cache-control"]
        assert (route.name, kept) == (route.name, "no-store")
        assert not re.search(r"phone|email|name}|user", route.path), (
            "personal data has no place in an address"
        )


def test_signing_out_clears_what_the_browser_keeps(desk: RunningDesk) -> None:
    answer = desk.api.post("/api/auth/logout", json={})
    assert answer.status_code == 200
    assert '"storage"' in answer.headers["clear-site-data"]


def test_no_line_of_the_log_can_be_forged(desk_with_logs: tuple[RunningDesk, StringIO]) -> None:
    desk, logs = desk_with_logs
    before = len(lines(logs))
    raw = "\x1b[31mFAKE\x1b[0m \x85 \x9b2J"
    for path in (
        f"/{FORGED}",
        f"/api/{FORGED}",
        f"/api/support/tickets/{FORGED}",
        f"{WEBHOOK}?hub.mode={FORGED}",
    ):
        send(
            desk.url, f"GET {path} HTTP/1.1", f"User-Agent: {raw}", f"X-Request-ID: {raw}", f"Referer: {raw}"
        )
    send(desk.url, f"X{raw.split(maxsplit=1)[0]} / HTTP/1.1")
    desk.deliver(
        webhook(text_message('\n{"event": "FORGED"}\x1b[2J\u2028'), {"id": "a\nFORGED", "type": "x\nFORGED"})
    )
    desk.settle()
    time.sleep(0)
    after = lines(logs)
    assert len(after) >= before + 4
    assert all(set(line) >= {"event", "level", "timestamp"} for line in after)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", logs.getvalue())
    assert "FORGED" not in logs.getvalue()
