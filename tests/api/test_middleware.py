"""What happens to every request and every answer, whatever the route."""

import asyncio
import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from api import middleware
from api.content_security import content_security_policy
from api.host_check import HostCheck, origin_is_ours
from config.settings import get_settings

MIB = 1024 * 1024


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    @app.post("/api/webhook/whatsapp")
    @app.post("/echo/{name}")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.get("/_next/static/app.js")
    @app.get("/page")
    async def page() -> None:
        return None

    @app.get("/large")
    async def large() -> str:
        return "a" * 5000

    return app


def chunks(total: int) -> Iterator[bytes]:
    for _ in range(total // 1024):
        yield b"x" * 1024
    yield b"x" * (total % 1024)


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/echo/a", MIB, 200),
        ("/echo/a", MIB + 1, 413),
        ("/api/webhook/whatsapp", 3 * MIB, 200),
        ("/api/webhook/whatsapp", 3 * MIB + 1, 413),
    ],
)
def test_a_body_has_a_largest_size(client: TestClient, path: str, size: int, status: int) -> None:
    for body in (b"x" * size, chunks(size)):  # with Content-Length, and without
        answer = client.post(path, content=body)
        assert answer.status_code == status
        if status == 413:
            assert answer.json()["code"] == "body_too_large"


@pytest.mark.promise("P30")
def test_a_body_is_not_read_to_its_end_to_find_it_too_large(app: FastAPI) -> None:
    read = 0

    async def endless() -> dict[str, Any]:
        nonlocal read
        read += 65536
        return {"type": "http.request", "body": b"x" * 65536, "more_body": True}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 413

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/echo/a",
        "raw_path": b"/echo/a",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(app(scope, endless, send))
    assert MIB < read <= MIB + 65536


@pytest.mark.parametrize("announced", ["99999999999999999999", "-1", "1e3", "²"])
def test_an_odd_content_length_is_refused(client: TestClient, announced: str) -> None:
    headers = {b"content-length": announced.encode()}
    assert client.post("/echo/a", content=chunks(10), headers=headers).status_code == 413


def test_a_request_has_an_id_of_ours_or_of_the_callers(client: TestClient) -> None:
    assert re.fullmatch(r"[0-9a-f-]{36}", client.get("/page").headers["x-request-id"])
    given = client.get("/page", headers={"X-Request-ID": "proxy-0123456789"})
    assert given.headers["x-request-id"] == "proxy-0123456789"
    for odd in ("short", "a" * 65, "abcdefgh\x1b[31m", "<script>alert(1)"):
        assert client.get("/page", headers={"X-Request-ID": odd}).headers["x-request-id"] != odd


def test_the_log_line_names_the_route_and_nothing_personal(client: TestClient, logs: StringIO) -> None:
    client.post(
        "/echo/canary-name?phone=2348031234567",
        content=b"canary-body",
        headers={"User-Agent": "canary-agent\x1b", "Authorization": "Bearer canary-token"},
    )
    (line,) = (json.loads(line) for line in logs.getvalue().splitlines() if '"request"' in line)
    assert line["method"] == "POST"
    assert line["route"] == "/echo/{name}"
    assert line["status"] == 200
    assert line["ms"] > 0
    ours = "".join(text for text in logs.getvalue().splitlines() if "httpx2" not in text)
    assert "canary" not in ours
    assert "234803" not in ours


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for answer in (
        client.get("/page"),
        client.get("/nothing"),
        client.get("/page", headers={"Host": "evil.example"}),
        client.post("/echo/a", content=b"x" * (MIB + 1)),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'")
        script = policy.split(";")[1]
        assert "unsafe" not in script
        assert "frame-ancestors 'none'" in policy
        assert "strict-transport-security" not in answer.headers


def test_over_https_the_browser_is_told_to_stay_there() -> None:
    app = FastAPI()
    middleware.install(app, get_settings().model_copy(update={"public_url": "https://desk.example"}))
    answer = TestClient(app, base_url="https://desk.example").get("/")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


def test_the_policy_lets_the_pages_own_scripts_run_and_no_others(tmp_path: Path) -> None:
    own = 'window.theme = "dark";\nif (1 < 2) { document.title = "&amp;"; }'
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "index.html").write_text(
        f"<script>{own}</script><script src='/a.js'>no</script>"
        '<script id="data" type="application/json">{"a": 1}</script><p>text</p>'
    )
    policy = content_security_policy(tmp_path)
    expected = b64encode(hashlib.sha256(own.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{expected}';" in policy


def test_what_browsers_may_keep(client: TestClient) -> None:
    def kept(path: str) -> str:
        return client.get(path).headers["cache-control"]

    assert kept("/api/health/live") == "no-store"
    assert kept("/_next/static/app.js") == "public, max-age=31536000, immutable"
    assert kept("/_next/static/gone/away.js") == "no-store"
    assert kept("/page") == "no-cache"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "http://localhost:8000"}, 200),
        ({"Origin": "http://127.0.0.1:8000"}, 200),
        ({"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost:8000.evil.example"}, 403),
        ({"Origin": "http://localhost:8001"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost:8000", "Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_another_sites_page_can_do_nothing_with_the_cookie(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    client.cookies.set("session", "some-token")
    del client.headers["Origin"]
    answer = client.post("/echo/a", headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "bad_origin"
    client.cookies.clear()
    assert client.post("/echo/a", headers=headers).status_code == 200, "without a cookie there is no harm"


def test_the_desk_behind_a_proxy_knows_its_public_origin() -> None:
    public = "https://desk.example"
    assert origin_is_ours("https://desk.example", public, "127.0.0.1:8000")
    assert origin_is_ours("https://desk.example:443", public, "desk.example")
    assert not origin_is_ours("http://desk.example", public, "127.0.0.1:8000")
    assert not origin_is_ours("https://desk.example.evil.example", public, "127.0.0.1:8000")
    assert not origin_is_ours("https://desk.example@evil.example", public, "127.0.0.1:8000")


@pytest.mark.parametrize(
    ("host", "local", "everywhere"),
    [
        ("localhost", 200, 200),
        ("LOCALHOST:8000", 200, 200),
        ("127.0.0.1:8000", 200, 200),
        ("[::1]:8000", 200, 200),
        ("desk.example", 200, 200),
        ("desk.example:443", 200, 200),
        ("192.168.1.5:8000", 400, 200),
        ("[fe80::1]:8000", 400, 200),
        ("evil.example", 400, 400),
        ("desk.example.evil.example", 400, 400),
        ("desk.example/../admin", 400, 400),
        ("a/../admin", 400, 400),
        ("desk.example:80:80", 400, 400),
        ("desk.example@evil.example", 400, 400),
        ("desk.example\x00", 400, 400),
        ("", 400, 400),
    ],
)
def test_the_desk_answers_to_its_own_names(host: str, local: int, everywhere: int) -> None:
    for bound_to, status in (("127.0.0.1", local), ("0.0.0.0", everywhere)):  # noqa: S104
        app = FastAPI()
        app.add_middleware(HostCheck, public_url="https://desk.example", bound_to=bound_to)
        app.get("/")(lambda: None)
        answer = TestClient(app).get("/", headers={b"host": host.encode()})
        assert answer.status_code == status, bound_to


def test_two_host_headers_are_one_too_many(client: TestClient) -> None:
    answer = client.get("/page", headers=[("Host", "localhost"), ("Host", "evil.example")])
    assert answer.status_code == 400
    assert answer.json()["code"] == "unknown_host"


def test_a_large_answer_is_compressed(client: TestClient) -> None:
    answer = client.get("/large", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 200
    assert len(answer.json()) == 5000
