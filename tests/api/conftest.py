"""The doors, without the building behind them: an app composed as main.py composes it."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api import errors, middleware
from api.event_stream import EventTail
from api.routes import admins, auth, docs, health, metrics
from config import observability
from config.settings import get_settings
from models import DeskSetting
from models.admin import Admin, Role
from services import admin_service, session_service
from tests.pretend_meta import wait_until
from tests.running_desk import RunningDesk, desk

__all__ = ["desk"]

PASSWORD = "tall-green-giraffe"
HOME = "http://localhost:8000"


@pytest.fixture(autouse=True)
def logs() -> Iterator[StringIO]:
    """What the desk logs, a JSON object a line."""
    root = logging.getLogger()
    before = root.handlers, root.level
    stream = StringIO()
    observability.configure(stream)
    yield stream
    root.handlers, root.level = before


@pytest.fixture
def app() -> FastAPI:
    """An app with our own routers; a test may add a route of its own before the first request."""
    made = FastAPI(
        title="Chat Support",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        responses=errors.ERROR_RESPONSES,
    )
    for module in (auth, admins, health, metrics, docs):
        made.include_router(module.router)
    errors.install(made)
    middleware.install(made, get_settings())
    made.state.worker_alive = lambda: True
    made.state.event_tail = EventTail()
    return made


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser that nobody has signed in with."""
    with TestClient(app, base_url=HOME, headers={"Origin": HOME}) as made:
        yield made


@pytest.fixture
def admin(db: Session) -> Admin:
    """Ada, whose password is PASSWORD."""
    return admin_service.create(db, "ada@example.com", "Ada", PASSWORD, Role.OWNER)


@pytest.fixture
def signed_in(client: TestClient, db: Session, admin: Admin) -> TestClient:
    """Ada's browser."""
    _, token = session_service.sign_in(db, admin.email, PASSWORD, "127.0.0.1")
    client.cookies.set("session", token)
    return client


@pytest.fixture
def quiet(desk: RunningDesk, db: Session) -> None:
    """What a desk asks of WhatsApp at its start, and then tells, is through."""

    def is_through() -> bool:
        db.rollback()
        asked = db.scalars(select(DeskSetting.value).where(DeskSetting.name.like("last_%"))).all()
        return len(asked) == 2 and all("done_at" in each for each in asked)

    wait_until(is_through, "the first news of the account")
