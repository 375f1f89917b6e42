"""Liveness, readiness and metrics."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.event_stream import Listener
from api.routes import health
from config.database import engine, make_engine, transaction, utc_now
from config.settings import Settings, get_settings
from models.inbound_event import InboundEvent, InboundState
from models.outbound_message import DeliveryState, OutboundMessage
from realtime.bus import CHANNEL
from tests.factories import make_contact
from tests.redis_server import RedisServer


def reasons(client: TestClient, status: int) -> dict[str, str]:
    answer = client.get("/api/health/ready")
    assert answer.status_code == status
    if status == 200:
        return {part["name"]: part["reason"] for part in answer.json()["data"]["parts"]}
    assert answer.json()["code"] == "not_ready"
    return {detail["field"]: detail["message"] for detail in answer.json()["details"]}


def inbound_event(number: int, state: InboundState, age: timedelta) -> InboundEvent:
    return InboundEvent(
        dedupe_key=f"{number:064}",
        kind="message",
        lane="1",
        shard=0,
        payload="{}",
        state=state,
        received_at=utc_now() - age,
    )


def test_alive_and_ready(client: TestClient) -> None:
    assert client.get("/api/health/live").json() == {"status": "success", "message": "Alive.", "data": None}
    parts = reasons(client, 200)
    assert set(parts) == {"database", "worker", "redis", "disk", "inbox"}
    assert "nothing is waiting; 0 in quarantine" in parts["inbox"]


def test_a_monitor_may_ask_for_the_head_alone(app: FastAPI, client: TestClient) -> None:
    for path in ("/api/health/live", "/api/health/ready"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
    app.state.worker_alive = lambda: False
    assert client.head("/api/health/ready").status_code == 503
    assert client.head("/api/health/live").status_code == 200


def test_a_dead_worker_is_named(app: FastAPI, client: TestClient) -> None:
    app.state.worker_alive = lambda: False
    assert "not at work" in reasons(client, 503)["worker"]
    assert client.get("/api/health/ready").json()["message"] == "Not ready: worker."
    assert client.get("/api/health/live").status_code == 200


def test_a_database_that_is_away_is_named(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable() -> Session:
        return Session(make_engine("mysql+pymysql://somebody:hunter2@127.0.0.1:9/none"))

    monkeypatch.setattr(health, "QuickSession", unreachable)
    assert "can't be reached" in reasons(client, 503)["database"]
    assert "hunter2" not in client.get("/api/health/ready").text


@pytest.mark.skipif(engine.dialect.name == "sqlite", reason="SQLite has no users and no server")
def test_a_database_that_takes_no_writes_is_named(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a full or failing server becomes read-only: each webhook is refused then, and reading goes on."""
    url = make_url(get_settings().database_url)
    with engine.connect() as root:
        root.exec_driver_sql("CREATE USER 'reader'@'127.0.0.1'")
        root.exec_driver_sql(f"GRANT SELECT ON `{url.database}`.* TO 'reader'@'127.0.0.1'")
    reading = make_engine(url.set(username="reader").render_as_string(hide_password=False))
    try:
        monkeypatch.setattr(health, "QuickSession", lambda: Session(reading))
        assert "takes nothing in" in reasons(client, 503)["database"]
    finally:
        reading.dispose()
        with engine.connect() as root:
            root.exec_driver_sql("DROP USER 'reader'@'127.0.0.1'")


def test_tables_of_another_version_are_named(client: TestClient, db: Session) -> None:
    newest = db.scalar(sa.text("SELECT version_num FROM alembic_version"))
    for version in ("001", newest):
        with transaction(db):
            db.execute(sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        parts = reasons(client, 200 if version == newest else 503)
        assert ("cli.py migrate" in parts["database"]) == (version != newest)


def test_an_inbox_that_is_not_worked_off_is_named(client: TestClient, db: Session) -> None:
    with transaction(db):
        db.add(inbound_event(1, InboundState.PENDING, timedelta(seconds=90)))
        db.add(inbound_event(2, InboundState.QUARANTINED, timedelta(days=1)))
        db.add(inbound_event(3, InboundState.DONE, timedelta(days=1)))
    assert "waited for 9" in reasons(client, 200)["inbox"]
    with transaction(db):
        db.add(inbound_event(4, InboundState.PENDING, timedelta(minutes=6)))
    assert "1 in quarantine" in reasons(client, 503)["inbox"]


def test_a_redis_that_is_away_is_named(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "redis_url", "redis://:hunter2@127.0.0.1:9/0")
    assert "Redis does not answer" in reasons(client, 503)["redis"]
    assert "hunter2" not in client.get("/api/health/ready").text


def test_a_disk_that_can_only_be_read_is_named(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Linux makes it of one that fails; space enough is left on it."""
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert "can't be written to" in reasons(client, 503)["disk"]


@pytest.mark.parametrize("files", ["", "s3://files"])
def test_a_new_desk_that_keeps_little_on_its_disk_is_ready(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: str
) -> None:
    """With a database server and a key that is given nothing is in DATA_DIR before the first file comes."""
    given = {"data_dir": tmp_path / "new", "database_url": "mysql+pymysql://desk@db/desk", "media_url": files}
    made = Settings.model_validate(given | {"secret_key": "k" * 32}).complete()
    for name in given:
        monkeypatch.setattr(get_settings(), name, getattr(made, name))
    assert "disk" in reasons(client, 200)


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is missing")
def test_a_redis_that_lets_nobody_be_woken_is_named(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Since its seventh release a new user may do everything but speak on a channel."""
    server = RedisServer()
    try:
        with redis.Redis.from_url(server.url) as root:
            root.execute_command("ACL SETUSER desk on nopass ~* +@all resetchannels")
            monkeypatch.setattr(get_settings(), "redis_url", server.url.replace("//", "//desk:any@"))
            assert "does not let" in reasons(client, 503)["redis"]
            root.execute_command(f"ACL SETUSER desk &{CHANNEL}")
        assert reasons(client, 200)["redis"] == "Redis answers."
    finally:
        server.stop()


def test_metrics_count_requests_and_what_waits(
    app: FastAPI, signed_in: TestClient, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.state.event_tail, "_listeners", {Listener(), Listener()})
    with transaction(db):
        db.add(inbound_event(1, InboundState.PENDING, timedelta()))
        db.add(inbound_event(2, InboundState.QUARANTINED, timedelta()))
        contact = make_contact(db)
        for callback, dismissed_at in (("asks", None), ("was decided", utc_now())):
            db.add(
                OutboundMessage(
                    contact_id=contact.id,
                    phone_number_id="1",
                    callback_id=callback,
                    payload={},
                    state=DeliveryState.UNKNOWN,
                    dismissed_at=dismissed_at,
                )
            )
    signed_in.get("/api/auth/me")
    lines = signed_in.get("/metrics").text.splitlines()
    assert 'chat_support_inbox_events{state="pending"} 1.0' in lines
    assert 'chat_support_inbox_events{state="quarantined"} 1.0' in lines
    assert 'chat_support_outbox_messages{state="queued"} 0.0' in lines
    assert 'chat_support_outbox_messages{state="unknown"} 1.0' in lines
    assert "chat_support_event_streams 2.0" in lines
    counted = 'chat_support_http_request_seconds_count{method="GET",route="/api/auth/me",status="200"}'
    assert any(line.startswith(counted) for line in lines)
