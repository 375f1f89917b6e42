"""A customer's data is handed over and another's erased, each of them a long talk, while others write."""

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from config.database import SessionLocal, transaction, utc_now
from models import SupportMessage, SupportTicket
from tests.factories import make_contact, make_ticket
from tests.faults.processes import desks, wait_until
from tests.pretend_graph import PretendGraph
from tests.running_desk import text_message, webhook

SECONDS = 2.0
MOST_GROWTH = 100 * 1024 * 1024


def long_talk(number: str, length: int) -> SupportTicket:
    with SessionLocal() as db:
        ticket = make_ticket(db, make_contact(db, phone_number=number))
        at = utc_now()
        rows = [
            {
                "ticket_id": ticket.id,
                "contact_id": ticket.contact_id,
                "sender_type": "user",
                "sender_name": "Amara",
                "message": f"Line {line} of a talk that went on for years, as talks about lamps may",
                "created_at": at,
                "occurred_at": at,
            }
            for line in range(length)
        ]
        with transaction(db):
            for start in range(0, length, 1_000):
                db.execute(insert(SupportMessage), rows[start : start + 1_000])
        return ticket


def is_in_the_thread(wamid: str) -> bool:
    with SessionLocal() as db:
        return db.scalar(select(SupportMessage.id).where(SupportMessage.wamid == wamid)) is not None


@pytest.mark.promise("P26")
@pytest.mark.parametrize("broken", ["", "all_at_once"])
def test_who_writes_meanwhile_is_heard_within_two_seconds(
    tmp_path: Path, broken: str, exhaustive: bool, cases: Callable[[int], None]
) -> None:
    """`--exhaustive` takes a hundred thousand messages and ten thousand, and what does it in one go."""
    if broken and not exhaustive:
        pytest.skip("a few thousand messages are as quick in one go: --exhaustive")
    kept, gone = (100_000, 10_000) if exhaustive else (4_000, 1_000)
    handed, erased = long_talk("2348090000001", kept), long_talk("2348090000002", gone)
    answers: dict[str, object] = {}
    waits: list[float] = []
    with PretendGraph() as graph, desks(graph.url, tmp_path, 1, broken) as [desk]:
        before = most = desk.memory()

        def ask(name: str, method: str, path: str) -> None:
            answers[name] = desk.try_call(method, path)

        calls = [
            threading.Thread(target=ask, args=call)
            for call in (
                ("export", "GET", f"/api/support/contacts/{handed.contact_id}/export"),
                ("erase", "POST", f"/api/support/contacts/{erased.contact_id}/erase"),
            )
        ]
        for call in calls:
            call.start()
        while any(call.is_alive() for call in calls) or len(waits) < 20:
            message = text_message("Hello?", number=f"23480356{len(waits):05}")
            began = time.monotonic()
            assert desk.deliver(webhook(message))
            wait_until(partial(is_in_the_thread, message["id"]), "the message to be in the thread")
            waits.append(time.monotonic() - began)
            most = max(most, desk.memory())
    export = answers["export"]
    assert isinstance(export, dict)
    assert [len(export["messages"]), export["id"]] == [kept, handed.contact_id]
    with SessionLocal() as db:
        left = select(func.count()).where(SupportMessage.contact_id == erased.contact_id)
        assert db.scalar(left) == 0
    slowest, growth = max(waits), most - before
    if broken:
        assert slowest > SECONDS or growth > MOST_GROWTH
    else:
        assert slowest < SECONDS
        assert growth < MOST_GROWTH
    cases(len(waits))
