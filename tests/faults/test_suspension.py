"""A desk that is stopped in the middle of whatever it does, as by a laptop's lid, and goes on much later."""

import os
import signal
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from config.database import SessionLocal
from config.settings import get_settings
from models import OutboundMessage, SupportMessage, SupportTicket
from tests.faults.checker import GONE_OUT
from tests.faults.processes import PATIENCE_SECONDS, Process, desks, wait_until
from tests.faults.scenario import nothing_pending, nothing_under_way
from tests.pretend_graph import Answer, PretendGraph
from tests.running_desk import text_message, webhook

CUSTOMERS = 40
"""So many that the answers of a long run stay below what WhatsApp takes for one of them."""

ASLEEP_SECONDS = 12.0
"""Longer than any lease of what is sent or taken in."""


class Work:
    """Customers and an admin who go on through whichever desk is awake. What is answered counts."""

    def __init__(self, desk: Process) -> None:
        self.numbers = [f"234803666{number:04}" for number in range(CUSTOMERS)]
        self.wamids: list[str] = []
        self.answers: list[str] = []
        for number in self.numbers:
            self.write(desk, number, "Chat Support", time.monotonic() + PATIENCE_SECONDS)
        wait_until(nothing_pending, "the tickets")
        with SessionLocal() as db:
            self.tickets = list(db.scalars(select(SupportTicket.id)))
        assert len(self.tickets) == CUSTOMERS

    def write(self, desk: Process, number: str, text: str, until: float) -> None:
        message = text_message(text, number=number)
        if insists(lambda: desk.deliver(webhook(message)), until):
            self.wamids.append(message["id"])

    def answer(self, desk: Process, ticket: int, until: float) -> None:
        body = {"message": "Which one?", "client_id": str(uuid.uuid4())}
        path = f"/api/support/tickets/{ticket}/messages"
        if insists(lambda: desk.try_call("POST", path, body), until):
            self.answers.append(body["client_id"])

    def go_on(self, desk: Process, seconds: float) -> None:
        turn, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            self.write(desk, self.numbers[turn % CUSTOMERS], f"Line {turn}", until)
            self.answer(desk, self.tickets[turn % CUSTOMERS], until)
            turn += 1
            time.sleep(0.2)


def insists(act: Callable[[], object], until: float) -> bool:
    """Asleep in mid-act, a desk keeps SQLite's one lock: then the other refuses until it is awake again."""
    while not act():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.promise("P10", "P27")
@pytest.mark.parametrize("broken", ["", "send_again"])
def test_a_desk_that_was_asleep_loses_and_doubles_nothing(
    tmp_path: Path, broken: str, exhaustive: bool, cases: Callable[[int], None]
) -> None:
    if not exhaustive and get_settings().database_url.startswith("sqlite"):
        pytest.skip("hardly anybody has two desks at one SQLite file: --exhaustive")
    sleeps = 20 if exhaustive and not broken else 2
    with (
        PretendGraph(answer=lambda number, body: Answer(delay=0.3)) as graph,
        desks(graph.url, tmp_path, 2, broken) as both,
    ):
        work = Work(both[0])
        for sleep in range(sleeps):
            asleep, awake = both[sleep % 2], both[1 - sleep % 2]  # one of the two is the one that sends
            for ticket in work.tickets:
                work.answer(asleep, ticket, time.monotonic() + PATIENCE_SECONDS)
            time.sleep(0.05 * (sleep % 10))  # somewhere between their claim and what Graph says of them
            os.kill(asleep.pid, signal.SIGSTOP)
            try:
                work.go_on(awake, ASLEEP_SECONDS)
            finally:
                os.kill(asleep.pid, signal.SIGCONT)
            work.go_on(asleep, 2)
        wait_until(nothing_under_way, "the queues to be empty")
        posts = Counter(body["biz_opaque_callback_data"] for body in graph.posts if "status" not in body)
    if broken:
        assert max(posts.values()) > 1
        return
    assert max(posts.values()) == 1
    with SessionLocal() as db:
        written = Counter(db.scalars(select(SupportMessage.wamid)))
        assert {written[wamid] for wamid in work.wamids} == {1}
        replies = select(SupportMessage.client_id, OutboundMessage.callback_id, OutboundMessage.state)
        found = {row[0]: row[1:] for row in db.execute(replies.join(SupportMessage.outbound))}
    for client_id in work.answers:
        callback, state = found[client_id]
        assert (state in GONE_OUT) <= bool(posts[callback])
        assert state in (*GONE_OUT, "unknown"), state
    cases(sleeps)
