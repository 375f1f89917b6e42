"""A cluster of three database servers, two desks that write to different ones, and a kill under load."""

import contextlib
import os
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.settings import ROOT
from models import InboundEvent, OutboundMessage, SupportMessage
from models.inbound_event import InboundState
from models.outbound_message import DeliveryState
from services import api_token_service
from tests.factories import make_admin
from tests.faults.checker import UNDER_WAY
from tests.faults.galera_cluster import Cluster, needs_cluster
from tests.faults.processes import WEBHOOK
from tests.plain_client import plain_client
from tests.ports import free_port
from tests.pretend_meta import ACCESS_TOKEN, APP_SECRET, PHONE_NUMBER_ID, PretendMeta
from tests.running_desk import text_message, webhook
from whatsapp.signature import sign
from worker.pair_rate import PAIR_BURST

PATIENCE_SECONDS = 120
WRITERS = 4
MOST_REPLIES = PAIR_BURST - 5
"""To one customer; after WhatsApp's burst each waits six seconds for the one before, and shows nothing."""

pytestmark = [*needs_cluster, pytest.mark.timeout(600)]


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


@contextlib.contextmanager
def desk(url: str, graph_url: str, folder: Path) -> Iterator[str]:
    """A desk in a process of its own; its address."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": url,
        "PORT": str(port),
        "DATA_DIR": str(folder),
        "SECRET_KEY": "the-same-secret-key-for-both-of-the-desks",
        "WHATSAPP_PROVIDER": "cloud",
        "WHATSAPP_API_BASE_URL": graph_url,
        "WHATSAPP_ACCESS_TOKEN": ACCESS_TOKEN,
        "WHATSAPP_APP_SECRET": APP_SECRET,
        "WHATSAPP_VERIFY_TOKEN": "the-verify-token",
        "WHATSAPP_PHONE_NUMBER_ID": PHONE_NUMBER_ID,
    }
    with (folder / "desk.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "cli.py", "serve"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            alive = f"{address}/api/health/live"
            wait_until(lambda: process.poll() is not None or call("GET", alive), "a desk")
            assert process.poll() is None, (folder / "desk.log").read_text()[-2000:]
            yield address
        finally:
            process.terminate()
            try:
                process.wait(90)
            finally:
                process.kill()


def call(method: str, url: str, **more: Any) -> Any:
    """The `data` of the answer, or True where it has none; None where it did not go well."""
    try:
        with plain_client(timeout=30) as client:
            response = client.request(method, url, **more)
    except httpx2.TransportError:
        return None
    if response.status_code != 200:
        return None
    return (response.content.startswith(b"{") and response.json().get("data")) or True


class Load:
    """What customers and agents do at the same time until they are told to stop, and what was promised."""

    def __init__(self, desks: list[str], token: str, meta: PretendMeta) -> None:
        self.desks, self.meta = desks, meta
        self.headers = {"Authorization": f"Bearer {token}"}
        self.stop = threading.Event()
        self.taken: list[str] = []
        self.accepted: list[str] = []
        self.calls: Counter[bool] = Counter()

    def insist(self, method: str, path: str, turn: int, **more: Any) -> Any:
        """Try it at one desk and the other until it goes well or the test is over."""
        while True:
            answer = call(method, self.desks[turn % len(self.desks)] + path, **more)
            self.calls[answer is not None] += 1
            if answer is not None or self.stop.is_set():
                return answer
            turn += 1
            time.sleep(0.05)

    def write(self, writer: int) -> None:
        number = f"234803666{writer:04}"
        customer = str(self.meta.post("/customers", {"name": "Amara", "phone_number": number})["id"])
        self.meta.simulator.world.threads[customer].customer.last_wrote_at = int(time.time())
        ticket = replies = 0
        turn = writer
        while not self.stop.is_set():
            turn += 1
            message = text_message(f"Support, for the {turn}th time", number=number)
            body = webhook(message)
            signed = {"X-Hub-Signature-256": sign(body, APP_SECRET), "Content-Type": "application/json"}
            if self.insist("POST", WEBHOOK, turn, content=body, headers=signed):
                self.taken.append(message["id"])
            if not ticket:
                opened = {"phone_number": number, "sender_name": "Amara", "issue_description": "No charger"}
                found = self.insist("POST", "/api/support/tickets", turn, json=opened, headers=self.headers)
                ticket = found["id"] if found else 0
            elif turn % 3 == 0 and replies < MOST_REPLIES:
                replies += 1
                reply = {"message": f"Reply {turn} of {writer}", "client_id": str(uuid.uuid4())}
                path = f"/api/support/tickets/{ticket}/messages"
                if self.insist("POST", path, turn, json=reply, headers=self.headers):
                    self.accepted.append(reply["client_id"])


def is_quiet(engine: Engine) -> bool:
    try:
        with Session(engine) as db:
            waiting = select(func.count()).where(InboundEvent.state == InboundState.PENDING)
            leaving = select(func.count()).where(OutboundMessage.state.in_(UNDER_WAY))
            return db.scalar(waiting) == 0 and db.scalar(leaving) == 0
    except SQLAlchemyError:
        return False


@pytest.mark.promise("P23")
def test_a_server_of_the_cluster_killed_under_load_costs_nothing(
    cluster: Cluster, pretend_meta: PretendMeta, tmp_path: Path, cases: Any, request: pytest.FixtureRequest
) -> None:
    seconds = 60 if request.config.getoption("--exhaustive") else 8
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    with (
        desk(cluster.url(1, 2, 3), pretend_meta.graph_url, folders[0]) as one,
        desk(cluster.url(2, 3, 1), pretend_meta.graph_url, folders[1]) as two,
    ):
        with Session(cluster.engines[3], expire_on_commit=False) as db:
            token = api_token_service.create(db, make_admin(db).email, "load")[1]
        pretend_meta.point_at(one + WEBHOOK)
        load = Load([one, two], token, pretend_meta)
        with ThreadPoolExecutor(WRITERS) as pool:
            writers = [pool.submit(load.write, number) for number in range(WRITERS)]
            time.sleep(seconds)
            before = Counter(load.calls)
            cluster.kill(1)
            said = len(load.taken)
            wait_until(lambda: len(load.taken) > said + 20, "the load to go on with two servers")
            time.sleep(seconds)
            load.stop.set()
            for each in writers:
                each.result()
        wait_until(lambda: is_quiet(cluster.engines[2]), "the queues to be empty")
    conflicts = sum(
        cluster.status(number, name)
        for number in (2, 3)
        for name in ("wsrep_local_cert_failures", "wsrep_local_bf_aborts")
    )
    cluster.start_again(1)
    cluster.engines[1].dispose()
    for number in (1, 2, 3):
        assert cluster.status(number, "wsrep_cluster_size") == 3
        with Session(cluster.engines[number]) as db:
            check(db, load, pretend_meta)
    assert conflicts, "no two acts met, and the test shows nothing of conflicts"
    sys.stdout.write(f"{len(load.taken)} messages, {len(load.accepted)} replies, {conflicts} conflicts; ")
    sys.stdout.write(f"refused {before[False]} of {before.total()} calls before the kill, ")
    sys.stdout.write(f"{load.calls[False]} of {load.calls.total()} in all\n")
    cases(len(load.taken) + len(load.accepted))
    load.taken.append("wamid.of-nobody")  # and the check finds what is missing
    with Session(cluster.engines[2]) as db, pytest.raises(AssertionError, match="lost"):
        check(db, load, pretend_meta)


def check(db: Session, load: Load, meta: PretendMeta) -> None:
    """Nothing of what was taken is lost, nothing is there twice, and nothing was sent twice."""
    counted = select(SupportMessage.wamid, func.count()).where(SupportMessage.wamid.in_(load.taken))
    found = {row[0]: row[1] for row in db.execute(counted.group_by(SupportMessage.wamid))}
    assert set(found) == set(load.taken), "lost"
    assert set(found.values()) == {1}, "doubled"
    replies = db.execute(
        select(SupportMessage.client_id, OutboundMessage.state, OutboundMessage.callback_id)
        .join(OutboundMessage, OutboundMessage.id == SupportMessage.outbound_id)
        .where(SupportMessage.client_id.in_(load.accepted))
    ).all()
    assert Counter(each.client_id for each in replies) == dict.fromkeys(load.accepted, 1)
    posts = Counter(each["biz_opaque_callback_data"] for each in meta.get("/requests"))
    assert max(posts.values()) == 1, "sent twice"
    for each in replies:
        assert posts[each.callback_id] == 1 or each.state == DeliveryState.UNKNOWN
