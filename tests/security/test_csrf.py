"""S9, S10: what another site's page can make a signed-in browser do."""

from typing import Any

import httpx2
from sqlalchemy.orm import Session

from api.deps import SESSION_COOKIE
from models import SupportTicket
from services import admin_service
from tests.desk import count
from tests.plain_client import plain_client
from tests.running_desk import RunningDesk
from tests.security.routes import STREAM, UNSAFE, document, routes, status_of

EMAIL, PASSWORD = "bola@example.com", "tall-green-giraffe"
FOREIGN: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "file://"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "invented"},
]
TICKET = b'{"phone_number": "08035550142", "sender_name": "Eve", "issue_description": "Not mine"}'
FORMS = {
    "a form": ("application/x-www-form-urlencoded", TICKET + b"="),
    "a form with a file": ("multipart/form-data; boundary=x", b'--x\r\n\r\n{"a": 1}\r\n--x--\r\n'),
    "plain text": ("text/plain", TICKET),
    "plain text that says it is JSON": ("text/plain; application/json", TICKET),
    "no type": ("", TICKET),
}


def browser(desk: RunningDesk, db: Session) -> httpx2.Client:
    """One that is signed in; each request says for itself where it comes from, or does not."""
    admin_service.create(db, EMAIL, "Bola", PASSWORD)
    answer = desk.stranger.post("/api/auth/login", json={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 200
    token = desk.stranger.cookies.get(SESSION_COOKIE)
    desk.stranger.cookies.clear()
    assert token
    cookie = {"Cookie": f"{SESSION_COOKIE}={token}"}
    client = plain_client(desk.url, headers=cookie)
    del client.headers["Origin"]
    return client


def test_no_foreign_page_can_call_anything(desk: RunningDesk, db: Session) -> None:
    with browser(desk, db) as client:
        for route in routes(document(desk)):
            for headers in FOREIGN:
                # an image, a script, a form, an event stream: what a page can point at another site
                more: dict[str, Any] = {"headers": headers}
                if route.method in UNSAFE:
                    more["content"] = b"{}"
                status = status_of(client, route.method, route.address(), **more)
                assert (route.name, headers, status) == (route.name, headers, 403)
        assert client.get("/api/auth/me").status_code == 200, "the session is good all the same"
        for own in ({"Origin": desk.url}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
            assert client.get("/api/auth/me", headers=own).status_code == 200
            assert status_of(client, "get", STREAM, headers=own) == 200


def test_a_request_that_does_not_say_from_where_changes_nothing(desk: RunningDesk, db: Session) -> None:
    with browser(desk, db) as client:
        for route in (each for each in routes(document(desk)) if each.method in UNSAFE):
            answer = client.request(route.method, route.address(), content=b"{}")
            assert (route.name, answer.status_code, answer.json()["code"]) == (route.name, 403, "bad_origin")
        assert client.get("/api/auth/me").status_code == 200
    token = {"Authorization": desk.api.headers["Authorization"]}
    with plain_client(desk.url, headers=token) as program:
        del program.headers["Origin"]
        assert program.post("/api/support/tickets", content=TICKET).status_code == 400, "a token needs none"


def test_a_link_from_elsewhere_opens_a_file_but_a_form_from_elsewhere_does_nothing(
    desk: RunningDesk, db: Session
) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    with browser(desk, db) as client:
        assert client.get("/api/support/media/1", headers=link).status_code == 404
        assert client.post("/api/auth/logout", headers=link).status_code == 403


def test_what_a_form_can_send_is_not_taken_for_json(desk: RunningDesk, db: Session) -> None:
    with browser(desk, db) as client:
        for name, (content_type, body) in FORMS.items():
            headers = {"Content-Type": content_type, "Origin": desk.url}
            answer = client.post("/api/support/tickets", content=body, headers=headers)
            assert (name, answer.status_code) == (name, 400)
    assert count(SupportTicket) == 0


def test_no_answer_lets_another_site_read_it(desk: RunningDesk) -> None:
    for path in ("/api/auth/me", "/api/support/tickets", "/api/health/live", "/api/nothing"):
        for method in ("GET", "OPTIONS"):
            headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
            answer = desk.api.request(method, path, headers=headers)
            shown = [name for name in answer.headers if name.lower().startswith("access-control-")]
            assert (path, method, shown) == (path, method, [])


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(desk: RunningDesk, db: Session) -> None:
    admin_service.create(db, EMAIL, "Bola", PASSWORD)
    answer = desk.stranger.post("/api/auth/login", json={"email": EMAIL, "password": PASSWORD})
    (cookie,) = (each for each in answer.headers.get_list("set-cookie") if each.startswith(SESSION_COOKIE))
    told = [each.strip().lower() for each in cookie.split(";")]
    assert {"httponly", "path=/"} <= set(told)
    assert {"samesite=lax", "samesite=strict"} & set(told)
    assert not any(each.startswith("domain=") for each in told)
