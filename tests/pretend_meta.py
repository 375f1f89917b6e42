"""The simulator on a port of its own, for every suite that needs a Meta to talk to.

`from tests.pretend_meta import pretend_meta` gives a suite the fixture; run the product's client against
`graph_url`, and point the webhooks at a desk with `point_at`. Until then they go to a receiver beside the
simulator, which keeps what it was sent in `received`.
"""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from simulator.app import Simulator, create_simulator
from tests.plain_client import plain_client

APP_SECRET = "test_app_secret"
ACCESS_TOKEN = "test_access_token"
PHONE_NUMBER_ID = "100000000000001"
BUSINESS_NUMBER = "2347005550100"
API_VERSION = "v25.0"
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Received:
    """One webhook as it came."""

    body: bytes
    signature: str

    @property
    def entry(self) -> dict[str, Any]:
        entry: dict[str, Any] = json.loads(self.body)["entry"][0]
        return entry

    @property
    def field(self) -> str:
        return str(self.entry["changes"][0]["field"])

    @property
    def value(self) -> dict[str, Any]:
        value: dict[str, Any] = self.entry["changes"][0]["value"]
        return value


class PretendMeta:
    """The simulator, a receiver for its webhooks, and the customers' side in a few verbs."""

    def __init__(self, simulator: Simulator, base_url: str) -> None:
        self.simulator = simulator
        self.graph_url = f"{base_url}/simulator/graph"
        self.webhook_url = f"{base_url}/receiver"
        self.received: list[Received] = []
        self.refusals: list[int] = []
        self.client = plain_client(f"{base_url}/simulator")
        self.point_at(self.webhook_url)

    def point_at(self, webhook_url: str) -> None:
        """Where webhooks go from now on."""
        self.simulator.account.webhook_url = webhook_url

    async def receive(self, request: Request) -> Response:
        """Keep a webhook; answers with the statuses in `refusals` first, then with 200."""
        body = await request.body()
        self.received.append(Received(body, request.headers["x-hub-signature-256"]))
        return Response(status_code=self.refusals.pop(0) if self.refusals else 200)

    def send(self, body: Any, *, token: str = ACCESS_TOKEN, path: str = "") -> httpx2.Response:
        """POST to Graph's messages endpoint as a client would."""
        path = path or f"/graph/{API_VERSION}/{PHONE_NUMBER_ID}/messages"
        return self.client.post(path, json=body, headers={"Authorization": f"Bearer {token}"})

    def post(self, path: str, body: Any = None, status: int | None = None) -> Any:
        """POST to the phone API. `status`: the answer expected, any success by default."""
        response = self.client.post(f"/phone{path}", json=body)
        assert response.status_code == status if status else response.is_success, response.text
        return response.json()

    def get(self, path: str) -> Any:
        return self.client.get(f"/phone{path}").raise_for_status().json()

    def write(self, text: str, customer_id: str = "1", **more: Any) -> dict[str, Any]:
        """A customer writes; the first of the three by default."""
        message: dict[str, Any] = self.post(
            f"/customers/{customer_id}/messages", {"type": "text", "text": text} | more
        )
        return message

    def customer(self, customer_id: str = "1") -> dict[str, Any]:
        return dict(self._thread(customer_id)["customer"])

    def messages(self, customer_id: str = "1") -> list[dict[str, Any]]:
        return list(self._thread(customer_id)["messages"])

    def misbehave(self, **orders: Any) -> None:
        """`sends={…}`, `webhooks={…}`, `media={…}` as in simulator/misbehaviour.py; nothing ends it all."""
        self.post("/misbehave", orders)

    def requests(self) -> list[dict[str, Any]]:
        """What was posted to Graph to be sent."""
        return list(self.get("/requests"))

    def statuses(self) -> list[dict[str, Any]]:
        """Every status received so far."""
        return [status for hook in self.received for status in hook.value.get("statuses", [])]

    def incoming(self) -> list[dict[str, Any]]:
        """Every customer's message received so far."""
        return [message for hook in self.received for message in hook.value.get("messages", [])]

    def events(self, field: str) -> list[dict[str, Any]]:
        """The value of every webhook of this field received so far."""
        return [hook.value for hook in self.received if hook.field == field]

    def has_nothing_to_tell(self) -> bool:
        """Whether the desk has taken every webhook. One tick becomes two a moment later, and is told then."""
        state = self.get("/state")
        messages = (message for thread in state["threads"] for message in thread["messages"])
        ticks = {message["status"] for message in messages if message["author"] == "business"}
        return state["webhooks_waiting"] == 0 and "sent" not in ticks

    def _thread(self, customer_id: str) -> dict[str, Any]:
        threads = self.get("/state")["threads"]
        return next(thread for thread in threads if thread["customer"]["id"] == customer_id)


def wait_until(condition: Callable[[], object], what: str = "it") -> None:
    """Wait until this holds; fail after half a minute."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


@contextlib.contextmanager
def running_meta(**more: Any) -> Iterator[PretendMeta]:
    """The simulator served by uvicorn in a thread, on a free loopback port."""
    listening = socket.create_server(("127.0.0.1", 0))
    base_url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    simulator = create_simulator(
        webhook_url=base_url,
        app_secret=APP_SECRET,
        access_token=ACCESS_TOKEN,
        phone_number_id=PHONE_NUMBER_ID,
        display_phone_number=BUSINESS_NUMBER,
        **more,
    )
    meta = PretendMeta(simulator, base_url)
    app = Starlette(
        routes=[
            Mount("/simulator/graph", simulator.graph),
            Mount("/simulator/phone", simulator.phone),
            Route("/receiver", meta.receive, methods=["POST"]),
        ],
        lifespan=lambda _: simulator.running(),
    )
    config = uvicorn.Config(app, log_config=None, lifespan="on", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="pretend-meta")
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), "the simulator to start")
        yield meta
    finally:
        meta.client.close()
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
        listening.close()
        assert not thread.is_alive(), "the simulator did not stop"


@pytest.fixture
def pretend_meta() -> Iterator[PretendMeta]:
    """A pretend Meta with three customers who have not written yet."""
    with running_meta() as meta:
        yield meta
