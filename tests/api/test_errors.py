"""Whatever goes wrong, the answer has the one shape and gives nothing away."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.deps import Database
from config.database import make_engine
from models.admin import Admin
from services.errors import DeskError

CANARY = "canary-4711"


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=50)
    size: float = Field(ge=0)


class TooOdd(DeskError):
    status = 409
    code = "too_odd"


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    routes = list(app.router.routes)
    app.router.routes.clear()

    @app.post("/api/things")
    def take(thing: Thing) -> None:
        raise TooOdd("That is too odd for us.")

    @app.get("/api/things/{number}")
    def give(number: int) -> None:
        raise RuntimeError(CANARY)

    @app.patch("/api/things/{number}")
    def change(number: int) -> None:
        raise RuntimeError(CANARY)

    @app.get("/api/cut-short")
    def lose_the_database() -> None:
        with make_engine("mysql+pymysql://nobody@127.0.0.1:9/none").connect():
            pass

    @app.get("/api/no-table")
    def miss_a_table(db: Database) -> None:
        db.execute(sa.text("SELECT * FROM nowhere WHERE x = :x"), {"x": CANARY})

    app.router.routes.extend(routes)
    return app


def shape(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    body: dict[str, Any] = answer.json()
    assert set(body) == {"status", "message", "code", "details"}
    assert body["status"] == "error"
    assert body["code"] == code
    assert body["message"]
    return body


def test_a_named_error_carries_its_own_status(client: TestClient) -> None:
    body = shape(client.post("/api/things", json={"name": "x", "size": 1}), 409, "too_odd")
    assert body["message"] == "That is too odd for us."


def test_what_is_wrong_is_said_field_by_field_without_the_input(client: TestClient) -> None:
    answer = client.post("/api/things", json={"name": 5, "size": -1, "role": CANARY, f"<b>{CANARY}": 1})
    body = shape(answer, 400, "malformed_request")
    assert [detail["field"] for detail in body["details"]] == ["name", "size", "role", "?"]
    assert all(detail["message"] for detail in body["details"])
    assert CANARY not in answer.text


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"\xff\xfe"',
        b'{"name": "\\ud800", "size": 1}',
        b'{"\\ud800": 1, "name": "x", "size": 1}',
        b'{"name": "x", "size": NaN}',
        b'{"name": "x", "size": -Infinity}',
        b'{"name": "x", "size": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"name": {"a": [1, {}]}, "size": "\\u0000"}',
        b"\xef\xbb\xbf{}",
        bytes(range(256)),
    ],
    ids=range(14),
)
def test_no_body_is_odd_enough_for_a_500(client: TestClient, body: bytes) -> None:
    shape(client.post("/api/things", content=body, headers=JSON), 400, "malformed_request")


def test_json_under_another_name_is_refused(client: TestClient) -> None:
    for content_type in (b"text/plain", b"multipart/form-data; boundary=x", b"application/octet-stream"):
        answer = client.post(
            "/api/things", content=b'{"name": "x", "size": 1}', headers={b"content-type": content_type}
        )
        shape(answer, 400, "malformed_request")
    shape(client.post("/api/things", content=b'{"name": "x", "size": 1}'), 400, "malformed_request")


def test_unknown_addresses_below_api_are_json_even_beside_a_dashboard(
    app: FastAPI, client: TestClient, tmp_path: Path
) -> None:
    (tmp_path / "404.html").write_text("<p>no such page</p>")
    app.frontend("/", directory=tmp_path, fallback="404.html")
    for path in ("/api/nothing", "/api", "/api/", "/api/things/1/2", "/api/%00", "/api/auth/nothing"):
        shape(client.get(path), 404, "not_found")
    page = client.get("/nothing", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


def test_an_unknown_address_without_a_dashboard(client: TestClient) -> None:
    shape(client.get("/nothing"), 404, "not_found")


def test_a_wrong_method_says_so(client: TestClient) -> None:
    for path, methods in (("/api/things", "POST"), ("/api/things/1", "GET, PATCH")):
        answer = client.delete(path)
        shape(answer, 405, "method_not_allowed")
        assert answer.headers["allow"] == methods


def test_the_unforeseen_is_logged_without_its_text_and_answered_without_either(
    client: TestClient, logs: StringIO
) -> None:
    answer = client.get("/api/things/1")
    body = shape(answer, 500, "internal_error")
    assert answer.headers["x-request-id"] in body["message"]
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    told = [json.loads(line) for line in logs.getvalue().splitlines()]
    (told_error,) = (line for line in told if line["level"] == "error")
    assert told_error["request_id"] == answer.headers["x-request-id"]
    assert "in give" in told_error["exception"]
    assert CANARY not in logs.getvalue()


def test_a_database_that_is_away_is_a_503(client: TestClient) -> None:
    answer = client.get("/api/cut-short")
    shape(answer, 503, "database_unavailable")
    assert answer.headers["retry-after"]


def test_a_failing_query_gives_away_neither_itself_nor_its_values(client: TestClient, logs: StringIO) -> None:
    answer = client.get("/api/no-table")
    assert answer.status_code in (500, 503)  # MariaDB and SQLite name a missing table differently
    assert CANARY not in answer.text + logs.getvalue()
    assert "nowhere" not in answer.text
    assert "OperationalError" in logs.getvalue() or "ProgrammingError" in logs.getvalue()


def test_the_openapi_document_tells_of_the_one_shape(client: TestClient, signed_in: TestClient) -> None:
    document = signed_in.get("/openapi.json").json()
    responses = document["paths"]["/api/auth/login"]["post"]["responses"]
    assert set(responses) == {"200", "default"}
    assert responses["default"]["content"]["application/json"]["schema"]["$ref"].endswith("/Failure")
    assert document["paths"]["/api/support/admins"]["get"]["security"] == [
        {"APIKeyCookie": []},
        {"HTTPBearer": []},
    ]


def test_the_docs_page_lists_the_calls_and_needs_no_script(
    signed_in: TestClient, admin: Admin, db: Session
) -> None:
    page = signed_in.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "/api/auth/login" in page.text
    assert "<script" not in page.text
    assert "src=" not in page.text
