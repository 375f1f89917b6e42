"""A send has three ends: sent, failed, unknown. A real desk, and a Meta that misbehaves."""

import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.database import SessionLocal
from models import OutboundMessage, SupportMessage
from tests.factories import make_ticket
from tests.faults.checker import Promised
from tests.faults.processes import WEBHOOK, Process, desks, wait_until
from tests.faults.proxy import Fault, FaultProxy
from tests.faults.scenario import Talk
from tests.pretend_graph import HANG_UP, PretendGraph
from tests.pretend_meta import PretendMeta
from tests.running_desk import text_message, webhook

LOST = 100
PER_TICKET = 20
"""Less than WhatsApp takes at once for one customer."""


def states() -> Counter[str]:
    with SessionLocal() as db:
        return Counter(db.scalars(select(OutboundMessage.state)))


@pytest.mark.promise("P10", "P11")
def test_a_lost_answer_is_unknown_until_its_status_tells(pretend_meta: PretendMeta, tmp_path: Path) -> None:
    with desks(pretend_meta.graph_url, tmp_path) as [process]:
        pretend_meta.point_at(process.url + WEBHOOK)
        talk = Talk(process, pretend_meta)
        wait_until(lambda: states() == {"delivered": 1}, "the bot's answer to arrive")
        pretend_meta.misbehave(sends={"drop_answer": True}, webhooks={"hold": True})
        for number in range(20):
            talk.reply(f"Answer {number}")
        wait_until(lambda: states()["unknown"] == 20, "all to be unknown")
        posts = Counter(each["biz_opaque_callback_data"] for each in pretend_meta.requests())
        assert set(posts.values()) == {1}
        assert len(posts) == 21
        pretend_meta.misbehave()
        wait_until(lambda: states() == {"delivered": 21}, "the statuses to settle them")
        talk.drain()
        assert talk.violations(Promised()) == []
        assert len(pretend_meta.requests()) == 21


@pytest.mark.promise("P10", "P11")
def test_a_hundred_lost_answers(tmp_path: Path, cases: Callable[[int], None]) -> None:
    """None is sent again, each is settled by its own status, and without one it stays unknown."""
    with PretendGraph(lambda _number, _body: HANG_UP) as graph, desks(graph.url, tmp_path) as [process]:
        with SessionLocal() as db:
            tickets = [make_ticket(db).id for _ in range(LOST // PER_TICKET)]
        for number in range(LOST):
            path = f"/api/support/tickets/{tickets[number % len(tickets)]}/messages"
            assert process.try_call("POST", path, {"message": f"Answer {number}"})
        wait_until(lambda: states()["unknown"] == LOST, "all to be unknown")
        callbacks = [str(each["biz_opaque_callback_data"]) for each in graph.posts]
        assert len(set(callbacks)) == len(callbacks) == LOST
        told = {each: f"wamid.of-{each}" for each in callbacks[: LOST // 2]}
        statuses = [
            {"id": wamid, "status": "delivered", "timestamp": "1795000000", "biz_opaque_callback_data": each}
            for each, wamid in told.items()
        ]
        assert process.deliver(webhook(statuses=statuses))
        wait_until(lambda: states() == {"delivered": LOST // 2, "unknown": LOST // 2}, "those to be settled")
        with SessionLocal() as db:
            rows = db.scalars(select(OutboundMessage)).all()
        assert {row.callback_id: row.wamid for row in rows if row.wamid} == told
        assert all("may have been sent" in str(row.error_detail) for row in rows if row.state == "unknown")
        assert len(graph.posts) == LOST
        cases(LOST)


@pytest.mark.promise("P25")
def test_an_unreachable_graph_gets_everything_later_once_and_in_order(
    pretend_meta: PretendMeta, tmp_path: Path
) -> None:
    target = pretend_meta.client.base_url.port
    assert target is not None
    with (
        FaultProxy(target) as proxy,
        desks(f"http://127.0.0.1:{proxy.port}/simulator/graph", tmp_path) as [process],
    ):
        pretend_meta.point_at(process.url + WEBHOOK)
        talk = Talk(process, pretend_meta)
        wait_until(lambda: states() == {"delivered": 1}, "the bot's answer to arrive")
        proxy.become(Fault.DOWN)
        for number in range(20):
            talk.reply(f"Answer {number}")
        talk.process.deliver(webhook(text_message("Hello?", number=talk.promised.number)))
        wait_until(lambda: count_rows(SupportMessage.message == "Hello?"), "the customer's words, meanwhile")
        assert states() == {"delivered": 1, "queued": 20}
        proxy.become(Fault.NONE)
        wait_until(lambda: states() == {"delivered": 21}, "all to be sent")
        sent = [each["body"]["text"]["body"] for each in pretend_meta.requests()][1:]
        assert sent == [f"Answer {number}" for number in range(20)]


def count_rows(*where: object) -> int:
    with SessionLocal() as db:
        return db.scalar(select(func.count()).select_from(SupportMessage).where(*where)) or 0  # type: ignore[arg-type]


@contextmanager
def load(process: Process, number: str) -> Iterator[list[str]]:
    """The customer writes without pause from eight threads; gives the messages that were taken."""
    taken: list[str] = []
    stop = threading.Event()

    def write(_worker: int) -> None:
        while not stop.is_set():
            message = text_message("x", number=number)
            if process.deliver(webhook(message)):
                taken.append(message["id"])

    with ThreadPoolExecutor(8) as pool:
        workers = [pool.submit(write, worker) for worker in range(8)]
        try:
            yield taken
        finally:
            stop.set()
        for worker in workers:
            worker.result()


@pytest.mark.promise("P27")
@pytest.mark.parametrize("broken", ["", "answer_before_storing"])
def test_sigterm_under_load_loses_nothing(pretend_meta: PretendMeta, tmp_path: Path, broken: str) -> None:
    with desks(pretend_meta.graph_url, tmp_path, broken=broken) as [process]:
        pretend_meta.point_at(process.url + WEBHOOK)
        talk = Talk(process, pretend_meta)
        found: list[str] = []
        for _ in range(3):
            with load(process, talk.promised.number) as taken:
                wait_for_some(taken)
                talk.reply("On my way")
                # uvicorn ends by the signal once everything is finished
                assert process.end(signal.SIGTERM) == str(-signal.SIGTERM)
            talk.promised.wamids += taken
            talk.drain()
            talk.promised.unread = count_rows(SupportMessage.sender_type == "user")
            found += talk.violations(Promised())
        assert any("0 times" in each for each in found) if broken else found == []


def wait_for_some(taken: list[str]) -> None:
    wait_until(lambda: len(taken) > 50, "some load")
