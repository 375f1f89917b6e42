"""Redis or WhatsApp goes away, silently or not: the desk goes on, and makes up for it afterwards."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from config.database import SessionLocal
from models import SupportMessage
from tests.faults.checker import Promised
from tests.faults.deliveries import CUSTOMERS, delivering
from tests.faults.processes import WEBHOOK, Process, desks, wait_until
from tests.faults.proxy import Fault, FaultProxy
from tests.faults.scenario import Talk
from tests.faults.test_limits import BUSY, percentile
from tests.faults.test_outbox_ends import states
from tests.plain_client import plain_client
from tests.pretend_meta import PretendMeta
from tests.redis_server import RedisServer
from tests.running_desk import text_message, webhook


@contextmanager
def event_stream(process: Process) -> Iterator[Iterator[str]]:
    headers = dict(process.api.headers)
    with (
        plain_client(process.url, timeout=30, headers=headers) as client,
        client.stream("GET", "/api/events") as answer,
    ):
        lines = answer.iter_lines()
        next(line for line in lines if line == "event: ready")
        yield lines


@pytest.mark.promise("P24")
def test_without_redis_everything_works_and_news_come_within_ten_seconds(
    pretend_meta: PretendMeta, tmp_path: Path, cases: Callable[[int], None]
) -> None:
    redis = RedisServer()
    try:
        port = int(redis.url.rsplit(":", 1)[1].split("/")[0])
        with FaultProxy(port) as proxy:
            settings = {"REDIS_URL": f"redis://127.0.0.1:{proxy.port}/0"}
            with desks(pretend_meta.graph_url, tmp_path, count=2, settings=settings) as [first, second]:
                pretend_meta.point_at(first.url + WEBHOOK)
                talk = Talk(first, pretend_meta)
                for fault in (Fault.NONE, Fault.DOWN, Fault.BLACKHOLE, Fault.NONE):
                    proxy.become(fault)
                    with event_stream(second) as lines:
                        began = time.monotonic()
                        talk.reply(f"Redis is {fault}")
                        assert time.monotonic() - began < BUSY
                        next(line for line in lines if f"Redis is {fault}" in line)
                        assert time.monotonic() - began < 10
                    sign_in = {"email": "nobody@example.com", "password": "wrong-password"}
                    assert second.api.post("/api/auth/login", json=sign_in).status_code == 401
                talk.drain()
                assert talk.violations(Promised()) == []
                cases(4)
    finally:
        redis.stop()


@pytest.mark.promise("P25", "P10")
def test_a_silent_whatsapp_holds_up_nothing_else_and_gets_everything_once(
    pretend_meta: PretendMeta, tmp_path: Path, exhaustive: bool, cases: Callable[[int], None]
) -> None:
    """What was on its way when it fell silent is unknown; all else waits and leaves in its order."""
    port = pretend_meta.client.base_url.port
    assert port is not None
    away, broken = (600.0, "") if exhaustive else (12.0, "hurry")
    graph = "/simulator/graph"
    with (
        FaultProxy(port) as proxy,
        desks(f"http://127.0.0.1:{proxy.port}{graph}", tmp_path, broken=broken) as [process],
    ):
        pretend_meta.point_at(process.url + WEBHOOK)
        talks = [Talk(process, pretend_meta) for _ in range(4)]
        proxy.become(Fault.BLACKHOLE)
        began = time.monotonic()
        for number in range(6):
            for talk in talks:
                talk.reply(f"Answer {number}")
        with delivering(process) as told:
            time.sleep(max(3.0, began + away - time.monotonic()))
        assert {each.status for each in told.answers} == {200}
        assert percentile([each.seconds for each in told.answers], 99) < BUSY
        proxy.become(Fault.NONE)
        wait_until(lambda: not states().keys() & {"queued", "sending"}, "everything to leave", seconds=90)
        assert states()["unknown"] <= len(talks) + CUSTOMERS  # one for each, at most
        posts = Counter(each["biz_opaque_callback_data"] for each in pretend_meta.requests())
        assert set(posts.values()) == {1}
        sent = [
            (each["body"]["to"], each["body"]["text"]["body"])
            for each in pretend_meta.requests()
            if "text" in each["body"]
        ]
        for talk in talks:
            texts = [text for to, text in sent if to == f"+{talk.promised.number}" and "Answer" in text]
            assert texts == sorted(texts)
            assert len(texts) >= 5
        cases(len(told.answers) + 24)


@pytest.mark.promise("P32")
def test_who_floods_the_desk_hurts_nobody_else(
    pretend_meta: PretendMeta, tmp_path: Path, cases: Callable[[int], None]
) -> None:
    """A customer's thousand messages, unsigned webhooks and guessed passwords, all at once."""
    with desks(pretend_meta.graph_url, tmp_path) as [process]:
        pretend_meta.point_at(process.url + WEBHOOK)
        flood = [text_message(f"{n}", number="2348035559999") for n in range(1000)]
        wamids = {each["id"] for each in flood}
        with (
            delivering(process, senders=2) as told,
            plain_client(process.url) as rude,
        ):
            for start in range(0, 1000, 20):
                assert process.deliver(webhook(*flood[start : start + 20]))
                assert rude.post(WEBHOOK, content=b"{}").status_code == 401
                sign_in = {"email": "ada@example.com", "password": f"guess number {start}"}
                assert rude.post("/api/auth/login", json=sign_in).status_code in (401, 429)
        assert {each.status for each in told.answers} == {200}
        assert percentile([each.seconds for each in told.answers], 99) < BUSY
        expected = wamids | set(told.taken)
        wait_until(lambda: expected <= kept_wamids(), "the flood to be worked off", seconds=60)
        cases(1000 + len(told.answers))


def kept_wamids() -> set[str | None]:
    with SessionLocal() as db:
        return set(db.scalars(select(SupportMessage.wamid)))
