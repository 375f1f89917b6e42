"""S19: requests that are made to cost more than they are worth, each within a bound and without a 5xx."""

import gzip
import json
import time
from collections.abc import Callable

import pytest

from tests.pretend_meta import APP_SECRET
from tests.running_desk import WEBHOOK, RunningDesk
from tests.security.wire import exchange, send
from whatsapp.signature import sign

LOGIN, TICKETS, MEDIA = "/api/auth/login", "/api/support/tickets", "/api/support/media/1"
SECONDS = 2.0
"""On a machine that runs many tests at once; what these requests are after takes minutes."""

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MIB = 1024 * 1024


def nested(depth: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    return opening * depth + closing * depth


def ranges(count: int) -> str:
    return "bytes=" + ",".join(f"{n}-{n}" for n in range(count))


BODIES: dict[str, tuple[str, str, bytes]] = {
    "a million form fields": (LOGIN, FORM, b"a=&" * 340_000),
    "half a million semicolons": (LOGIN, FORM, b"a;" * 500_000),
    "a form without end": (LOGIN, "multipart/form-data; boundary=x", b"--x\r\n" * 200_000),
    "a form of 100,000 parts": (
        LOGIN,
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n" * 20_000,
    ),
    "a boundary of its own size": (LOGIN, "multipart/form-data; boundary=" + "x" * 7000, b"--x" * 1000),
    "lists in lists, 100,000 deep": (LOGIN, JSON, nested(100_000)),
    "objects in objects, 100,000 deep": (LOGIN, JSON, nested(100_000, b'{"a":', b"}")),
    "lists that are only opened": (LOGIN, JSON, b"[" * 900_000),
    "a number of 5,000 digits": (TICKETS, JSON, b'{"phone_number": ' + b"9" * 5_000 + b"}"),
    "a number of 900,000 digits": (TICKETS, JSON, b'{"phone_number": ' + b"9" * 900_000 + b"}"),
    "an exponent": (TICKETS, JSON, b'{"phone_number": 1e999999999}'),
    "100,000 keys": (
        TICKETS,
        JSON,
        json.dumps({f"k{n}": n for n in range(60_000)}).encode(),
    ),
    "one key 100,000 times": (TICKETS, JSON, b"{" + b'"a":1,' * 100_000 + b'"a":1}'),
    "a phone number of 900,000 digits": (
        TICKETS,
        JSON,
        b'{"phone_number": "' + b"1" * 900_000 + b'", "sender_name": "", "issue_description": ""}',
    ),
    "a password of 900,000 letters": (
        LOGIN,
        JSON,
        b'{"email": "ada@example.com", "password": "' + b"p" * 900_000 + b'"}',
    ),
    "an address of 250 at signs": (
        LOGIN,
        JSON,
        json.dumps({"email": "@" * 250, "password": "p"}).encode(),
    ),
    "bytes that are no text": (TICKETS, JSON, b'{"phone_number": "\xff\xfe\xed\xa0\x80"}'),
    "UTF-16": (TICKETS, JSON, '{"phone_number": "1"}'.encode("utf-16")),
    "compressed, which nobody offered": (TICKETS, JSON, gzip.compress(b" " * 100 * MIB)),
    "more than is read": (TICKETS, JSON, b" " * (MIB + 1)),
}


def test_no_body_costs_more_than_a_moment(desk: RunningDesk) -> None:
    for name, (path, content_type, body) in BODIES.items():
        encoding = {"Content-Encoding": "gzip"} if name.startswith("compressed") else {}
        headers = {"Content-Type": content_type} | encoding
        began = time.monotonic()
        answer = desk.api.post(path, content=body, headers=headers)
        took = time.monotonic() - began
        assert (name, answer.status_code // 100) == (name, 4), answer.text[:300]
        assert took < SECONDS, (name, took)
        began = time.monotonic()
        assert desk.stranger.get("/api/health/live").status_code == 200
        assert time.monotonic() - began < SECONDS, f"others waited for {name}"


def webhook_bodies() -> dict[str, bytes]:
    return {
        "lists, 100,000 deep": nested(100_000),
        "an entry 50,000 deep": b'{"entry": ' + nested(50_000) + b"}",
        "a number of 5,000 digits": b'{"entry": ' + b"9" * 5_000 + b"}",
        "a million digits": b'{"entry": [{"id": ' + b"9" * 1_000_000 + b"}]}",
        "three megabytes that are no text": b"\xff" * (3 * MIB),
        "three megabytes of blanks": b" " * (3 * MIB),
        "three megabytes of escapes": b'"' + b"\\u0000" * 500_000 + b'"',
        "10,000 events": b'{"entry": [' + b",".join(b'{"id": %d}' % n for n in range(10_000)) + b"]}",
        "200,000 empty entries": b'{"entry": [' + b"{}," * 200_000 + b"{}]}",
        "100,000 keys": json.dumps(
            {"entry": [{"changes": [{"value": {str(n): n for n in range(90_000)}}]}]}
        ).encode(),
    }


@pytest.mark.timeout(180)
def test_a_signed_delivery_of_any_shape_is_taken_within_a_moment(desk: RunningDesk) -> None:
    """200 and kept: what Meta signed is never refused for its shape, or it would come again for days."""
    for name, body in webhook_bodies().items():
        headers = {"X-Hub-Signature-256": sign(body, APP_SECRET), "Content-Type": JSON}
        began = time.monotonic()
        answer = desk.stranger.post(WEBHOOK, content=body, headers=headers)
        took = time.monotonic() - began
        assert (name, answer.status_code) == (name, 200)
        assert took < 5 * SECONDS, (name, took)
    began = time.monotonic()
    for name, body in webhook_bodies().items():
        forged = {"X-Hub-Signature-256": sign(body, "another"), "Content-Type": JSON}
        assert desk.stranger.post(WEBHOOK, content=body, headers=forged).status_code == 401, name
    assert time.monotonic() - began < 5 * SECONDS


def many_headers(count: int) -> list[str]:
    return [f"X-{n}: {n}" for n in range(count)]


HEADS: dict[str, Callable[[], list[str]]] = {
    "10,000 ranges": lambda: [f"Range: {ranges(10_000)}"],
    "a range of huge numbers": lambda: ["Range: bytes=" + "9" * 5000 + "-"],
    "10,000 headers": lambda: many_headers(10_000),
    "a header of a megabyte": lambda: ["X-Long: " + "x" * MIB],
    "10,000 cookies": lambda: ["Cookie: " + "; ".join(f"c{n}={n}" for n in range(10_000))],
    "a cookie of nothing but quotes": lambda: ['Cookie: a="' + '\\"' * 50_000],
    "as many quotes as a cookie may have": lambda: ['Cookie: a="' + '\\"' * 4_000],
    "100,000 accepted encodings": lambda: ["Accept-Encoding: " + ",".join(["gzip;q=0.1"] * 50_000)],
    "a token of a megabyte": lambda: ["Authorization: Bearer " + "x" * MIB],
    "a type without end": lambda: ["Content-Type: application/json" + "; a=b" * 50_000],
    "a tag without end": lambda: ["If-None-Match: " + '"x",' * 50_000],
}


def test_no_head_costs_more_than_a_moment(desk: RunningDesk) -> None:
    token = f"Authorization: {desk.api.headers['Authorization']}"
    for name, lines in HEADS.items():
        for path in (MEDIA, "/dashboard/", "/api/auth/me"):
            began = time.monotonic()
            status, _ = send(
                desk.url, f"GET {path} HTTP/1.1", *([] if "token" in name else [token]), *lines()
            )
            took = time.monotonic() - began
            assert status < 500, (name, path, status)
            assert took < SECONDS, (name, path, took)
            assert desk.stranger.get("/api/health/live").status_code == 200


def test_a_request_that_can_be_read_in_two_ways_is_read_in_none(desk: RunningDesk) -> None:
    """Behind a proxy that reads it otherwise, a second request would hide in the first."""
    hidden = b"GET /api/auth/me HTTP/1.1\r\nHost: localhost\r\n\r\n"
    start = b"POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    for lines in (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345" + hidden,
        b"Content-Length: +5\r\n\r\n12345" + hidden,
        b"Content-Length: 5, 5\r\n\r\n12345" + hidden,
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
        b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" + hidden,
        b"Transfer-Encoding: chunked\r\n\r\n-1\r\n" + hidden,
        b"Content-Length : 5\r\n\r\n12345" + hidden,
        b" Content-Length: 5\r\n\r\n12345" + hidden,
    ):
        _, answer = exchange(desk.url, start + lines)
        assert answer.count(b"HTTP/1.1 ") <= 1 or answer.count(b" 400 ") >= 1, lines
        assert b" 200 " not in answer, lines
    assert desk.stranger.get("/api/health/live").status_code == 200


def test_unknown_methods_are_refused(desk: RunningDesk) -> None:
    for method in ("TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", "OPTIONS", "DELETE"):
        for path in ("/api/auth/me", "/dashboard/", WEBHOOK, "/"):
            status, answer = send(desk.url, f"{method} {path} HTTP/1.1", "X-Canary: reflected-canary")
            assert status in (0, 400, 404, 405, 501), (method, path, status)
            assert b"reflected-canary" not in answer
