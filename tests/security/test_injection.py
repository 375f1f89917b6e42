"""S13, S20: SQL, search syntax, templates, paths and host names where a value is expected."""

import time
from urllib.parse import quote

from sqlalchemy import inspect

from config.database import engine
from models import SupportTicket
from tests.desk import count
from tests.running_desk import RunningDesk
from tests.security.routes import STREAM, document, routes, status_of
from tests.security.wire import send

PAYLOADS = [
    "'",
    '"',
    'q="',
    "\\",
    "%",
    "_",
    "`",
    "1' OR '1'='1",
    "1 OR 1=1",
    '") OR ("1"="1',
    "1; DROP TABLE support_tickets; --",
    "' UNION SELECT password_hash FROM admins --",
    "1 AND SLEEP(9)",
    "1'||(SELECT CASE WHEN 1=1 THEN randomblob(900000000) END)||'",
    "created_at; DELETE FROM admins",
    "(SELECT 1)",
    "id DESC, (SELECT password_hash FROM admins)",
    "newest' --",
    "NEAR(a b, 5)",
    "a* OR b:c AND NOT (",
    "*",
    "+-><()~*@",
    '"unterminated',
    "{{7*7}}",
    "${7*7}",
    "%(name)s",
    ":name",
    "?",
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "|id",
    "$(id)",
    "\r\nSet-Cookie: session=fixed",
    "\x00",
    "a\x00b",
    "\ufeff",
    "\u202e",
    "ｕｎｉｏｎ",
    "ʼ",
    "１",
    "0x31",
    "1e3",
    "-1",
    "0",
    "9" * 30,
    "1" * 400,
    "x" * 10_000,
    "[]",
    "{}",
    '{"$gt": ""}',
    "null",
    "true",
    "NaN",
    "",
]
ODD_BYTES = ["%ff", "%c0%a7", "%ed%a0%80", "%u0027", "%", "%00"]
SECONDS = 5


def test_no_parameter_of_any_route_reaches_the_database_as_words(desk: RunningDesk) -> None:
    ticket = desk.open_ticket()
    tables = set(inspect(engine).get_table_names())
    tried = 0
    for route in routes(document(desk)):
        if route.method != "get" or route.path == STREAM:
            continue
        for parameter in route.parameters:
            name = parameter["name"]
            if parameter["in"] not in ("query", "path"):
                continue
            for payload in [*map(quote, PAYLOADS), *ODD_BYTES]:
                if parameter["in"] == "path":
                    address = route.address(**{name: payload})
                else:
                    address = f"{route.address(ticket_id=str(ticket['id']))}?{name}={payload}"
                began = time.monotonic()
                status = status_of(desk.api, "get", address)
                told = (route.name, name, payload[:60], status)
                assert status < 500, told
                assert time.monotonic() - began < SECONDS, told
                tried += 1
    assert tried > 500
    assert set(inspect(engine).get_table_names()) == tables
    assert count(SupportTicket) == 1


def test_a_number_in_the_path_is_a_number(desk: RunningDesk) -> None:
    ticket = desk.open_ticket()
    for said in (f"{ticket['id']} OR 1=1", f"{ticket['id']};", "1e0", "0x1", "٣", f"{ticket['id']}%00"):
        answer = desk.api.get(f"/api/support/tickets/{quote(said, safe='%')}")
        assert (said, answer.status_code) == (said, 400)


def test_a_cursor_that_was_tampered_with_is_refused_in_words(desk: RunningDesk) -> None:
    for number in range(3):
        desk.open_ticket(phone_number=f"0803555014{number}")
    cursor = desk.data("GET", "/api/support/tickets?limit=1")["next_cursor"]
    spoilt = [
        cursor[:-1],
        cursor + "A",
        cursor[::-1],
        cursor.upper(),
        "'" + cursor,
        "A" * 60,
        "' OR 1=1 --",
        "../../etc",
        "MA==",
        "-1",
    ]
    for each in spoilt:
        for sort in ("", "&sort=newest"):
            answer = desk.api.get(f"/api/support/tickets?limit=1&cursor={quote(each)}{sort}")
            assert answer.status_code in (200, 400), each
            if (
                answer.status_code == 200
            ):  # as good as a cursor that the desk gave: it only says where to go on
                assert len(answer.json()["data"]["tickets"]) <= 1


HOSTS = [
    "evil.example",
    "a/../admin",
    "localhost/../evil",
    "localhost#evil.example",
    "localhost?evil",
    "localhost@evil.example",
    "user:pass@localhost",
    "localhost.evil.example",
    "evil.example:80",
    "localhost:99999999",
    "localhost:",
    "127.0.0.1.nip.io",
    "0x7f000001",
    "2130706433",
    "127.1",
    "[::ffff:7f00:1]evil",
    "localhost evil.example",
    "localhost,evil.example",
    "localhost\tevil",
    "lоcalhost".encode().decode("latin-1"),
    "",
]


def test_no_other_name_is_answered_to(desk: RunningDesk) -> None:
    for host in HOSTS:
        lines = ["GET /api/health/live HTTP/1.1", f"X-Forwarded-Host: {desk.url}"]
        status, answer = send(desk.url, *lines, host=host or " ")
        assert (host, status) == (host, 400)
        assert b"evil" not in answer
    status, _ = send(desk.url, "GET /api/health/live HTTP/1.1", "Host: evil.example")
    assert status == 400, "two of them"
    status, _ = send(desk.url, "GET http://evil.example/api/health/live HTTP/1.1")
    assert status in (200, 400, 404), "the address in the request line decides nothing"
    spoof = [
        "GET /api/auth/me HTTP/1.1",
        "X-Forwarded-Host: evil.example",
        "X-Original-URL: /api/health/live",
    ]
    assert send(desk.url, *spoof)[0] == 401


def test_no_spelling_of_a_path_gets_round_the_door(desk: RunningDesk) -> None:
    spellings = [
        "/api/auth/../auth/me",
        "/api/health/live/../../auth/me",
        "/api/health/live/%2e%2e/%2e%2e/auth/me",
        "//api/auth/me",
        "/API/AUTH/ME",
        "/api/auth/me/",
        "/api/auth/me;x=1",
        "/api/auth/me%00",
        "/api/auth/me%20",
        "/api%2fauth%2fme",
        "/api/auth/me?x=/api/health/live",
        "/./api/auth/me",
        "/simulator/../api/auth/me",
        "/_next/static/../../api/auth/me",
        "/_next/static/%2e%2e/%2e%2e/%2e%2e/main.py",
        "/../main.py",
        "/%2e%2e/main.py",
        "/..%2fmain.py",
        "/..%5cmain.py",
        "/%252e%252e/main.py",
        "/dashboard/../../main.py",
        "/../../../../../etc/passwd",
        "/.env",
        "/.git/config",
        "/var/secret-key",
        "/config/settings.py",
    ]
    for path in spellings:
        status, answer = send(desk.url, f"GET {path} HTTP/1.1")
        assert status in (0, 307, 400, 401, 404, 405), (path, status)
        for leak in (b"ada@example.com", b"import ", b"root:", b"[core]", b"SECRET"):
            assert leak not in answer, (path, leak)
