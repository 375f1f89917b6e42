"""The whole desk in this process: served by uvicorn in a thread, its workers at work, with a pretend Meta.

`from tests.running_desk import desk` gives a suite the fixture.
"""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx2
import pytest
import uvicorn
from pydantic import SecretStr
from sqlalchemy import func, select

from api.server import configuration
from config.database import SessionLocal, transaction
from config.settings import get_settings
from main import create_app
from models import InboundEvent, OutboundMessage
from models.inbound_event import InboundState
from services import api_token_service
from tests.factories import make_admin
from tests.plain_client import plain_client
from tests.pretend_meta import (
    ACCESS_TOKEN,
    APP_SECRET,
    PHONE_NUMBER_ID,
    PretendMeta,
    running_meta,
    wait_until,
)
from whatsapp.signature import sign
from worker import graph_store

WEBHOOK = "/api/webhook/whatsapp"
VERIFY_TOKEN = "the-verify-token"
JSON = "application/json"
CUSTOMER_NUMBER = "2348035550142"
_numbers = count(1)


class RunningDesk:
    """The desk's doors. `api` has Ada's token, `stranger` has nothing."""

    def __init__(self, url: str, meta: PretendMeta) -> None:
        self.url, self.meta = url, meta
        with SessionLocal() as db:
            self.admin = make_admin(db, email="ada@example.com", name="Ada")
            token = api_token_service.create(db, self.admin.email, "tests")[1]
        self.stranger = plain_client(url)
        self.api = plain_client(url, headers={"Authorization": f"Bearer {token}"})

    def deliver(self, body: bytes, **headers: str) -> httpx2.Response:
        """POST a body to the webhook, signed as Meta signs."""
        given = {"Content-Type": JSON, "X-Hub-Signature-256": sign(body, APP_SECRET)} | headers
        return self.stranger.post(WEBHOOK, content=body, headers=given)

    def data(self, method: str, path: str, **more: Any) -> Any:
        """The `data` of a call that must go well."""
        response = self.api.request(method, path, **more)
        assert response.status_code == 200, response.text
        answer = response.json()
        assert (set(answer), answer["status"]) == ({"status", "message", "data"}, "success")
        assert answer["message"]
        return answer["data"]

    def ticket(self, ticket_id: int) -> Any:
        return self.data("GET", f"/api/support/tickets/{ticket_id}")

    def open_ticket(self, phone_number: str = "0803 555 0142", **more: Any) -> Any:
        """A ticket that the desk opens for a customer."""
        body = {
            "phone_number": phone_number,
            "sender_name": "Amara",
            "issue_description": "No charger",
        } | more
        return self.data("POST", "/api/support/tickets", json=body)

    def settle(self) -> None:
        """Wait until nothing is left in the inbox."""
        wait_until(lambda: count_events(InboundState.PENDING) == 0, "the inbox to be empty")


@contextlib.contextmanager
def serve(app: Any) -> Iterator[str]:
    """Serve an app on a free loopback port; gives its address."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    config = configuration(app, get_settings())
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="desk")
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), "the desk to start")
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()
        assert not thread.is_alive(), "the desk did not stop"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningDesk]:
    """The running desk; its database is the tests' own."""
    settings = get_settings()
    with running_meta() as meta:
        for name, value in {
            "whatsapp_api_base_url": meta.graph_url,
            "whatsapp_access_token": SecretStr(ACCESS_TOKEN),
            "whatsapp_app_secret": SecretStr(APP_SECRET),
            "whatsapp_verify_token": SecretStr(VERIFY_TOKEN),
            "whatsapp_phone_number_id": PHONE_NUMBER_ID,
        }.items():
            monkeypatch.setattr(settings, name, value)
        with SessionLocal() as db, transaction(db):
            for kind in graph_store.PERIODS:  # a new desk asks at once: an event at any moment of a test
                graph_store.note_done(db, kind)
        with serve(create_app(settings)) as url:
            meta.point_at(url + WEBHOOK)
            made = RunningDesk(url, meta)
            yield made
            made.api.close()
            made.stranger.close()


def text_message(text: str, wamid: str = "", number: str = CUSTOMER_NUMBER, at: int = 0) -> dict[str, Any]:
    """A message as it stands in a webhook; written now, so that free text may answer it."""
    return {
        "id": wamid or f"wamid.test{next(_numbers)}",
        "from": number,
        "timestamp": str(at or int(time.time())),
        "type": "text",
        "text": {"body": text},
    }


def webhook(*messages: dict[str, Any], statuses: list[dict[str, Any]] | None = None) -> bytes:
    """A body that holds these messages, from customers without profiles."""
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "2347005550100", "phone_number_id": PHONE_NUMBER_ID},
        "contacts": [{"wa_id": number} for number in sorted({str(each.get("from")) for each in messages})],
    }
    if messages:
        value["messages"] = list(messages)
    if statuses:
        value["statuses"] = statuses
    change = {"field": "messages", "value": value}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    ).encode()


def count_events(state: InboundState | None = None) -> int:
    """How many events the inbox keeps, in this state or in any."""
    query = select(func.count()).select_from(InboundEvent)
    with SessionLocal() as db:
        return db.scalar(query.where(InboundEvent.state == state) if state else query) or 0


def outbox_states() -> list[str]:
    """The states of all that was to be sent, oldest first."""
    with SessionLocal() as db:
        return list(db.scalars(select(OutboundMessage.state).order_by(OutboundMessage.id)))
