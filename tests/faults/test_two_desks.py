"""The same, many times and all at once, through two processes without Redis: it is there once."""

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.database import Base, SessionLocal
from models import Contact, DeskEvent, InboundEvent, SupportMessage, SupportTicket
from models.support_ticket import SenderType
from tests.faults.processes import Process, desks, wait_until
from tests.faults.scenario import nothing_pending
from tests.pretend_graph import PretendGraph
from tests.running_desk import text_message, webhook

AT_ONCE = 50
PHOTOS = 30


@pytest.fixture
def graph() -> Iterator[PretendGraph]:
    with PretendGraph() as graph:
        yield graph


def deliver_until_taken(process: Process, body: bytes) -> bool:
    """Meta tries again what was not answered with 200, for instance with 503 while the database is busy."""
    return any(process.deliver(body) for _ in range(10))


def all_at_once(both: list[Process], bodies: list[bytes]) -> None:
    """Each through one of the two, begun at one moment."""
    begin = threading.Barrier(len(bodies))

    def run(number: int) -> bool:
        begin.wait(30)
        return deliver_until_taken(both[number % 2], bodies[number])

    with ThreadPoolExecutor(len(bodies)) as pool:
        assert all(pool.map(run, range(len(bodies))))


def count(table: type[Base], *where: object) -> int:
    with SessionLocal() as db:
        return db.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]


def counts(rounds: int) -> dict[str, float]:
    """How often each round is there, on average; one, where nothing is lost or doubled."""
    with SessionLocal() as db:
        unread = db.scalar(select(func.sum(SupportTicket.unread_count))) or 0
    found = {
        "webhooks": count(InboundEvent),
        "customers": count(Contact),
        "tickets": count(SupportTicket),
        "messages": count(SupportMessage, SupportMessage.sender_type == SenderType.USER),
        "unread": unread,
        "told": count(DeskEvent, DeskEvent.kind == "ticket.created"),
    }
    return {what: number / rounds for what, number in found.items()}


@pytest.mark.promise("P4")
@pytest.mark.parametrize("broken", ["", "no_memory"])
def test_a_webhook_fifty_times_at_once_and_over_a_restart(
    graph: PretendGraph, tmp_path: Path, broken: str, exhaustive: bool, cases: Callable[[int], None]
) -> None:
    rounds = 1 if broken else 40 if exhaustive else 3
    bodies = [webhook(text_message("Chat Support", number=f"2348035559{n:03}")) for n in range(rounds)]
    with desks(graph.url, tmp_path, 2, broken) as both:
        for body in bodies:
            all_at_once(both, [body] * AT_ONCE)
        wait_until(nothing_pending, "the inbox to be empty")
        for turn in range(0 if broken else AT_ONCE):
            if turn == AT_ONCE // 2:
                both[0].end(signal.SIGKILL)
                both[0].start()
            assert deliver_until_taken(both[turn % 2], bodies[0])
        wait_until(nothing_pending, "the inbox to be empty")
    found = counts(rounds)
    if broken:
        assert found["webhooks"] > 1
    else:
        assert set(found.values()) == {1}, found
        cases(rounds * AT_ONCE + AT_ONCE)


@pytest.mark.promise("P20")
def test_thirty_photos_of_a_new_customer_at_once(
    graph: PretendGraph, tmp_path: Path, exhaustive: bool, cases: Callable[[int], None]
) -> None:
    rounds = 100 if exhaustive else 3
    with desks(graph.url, tmp_path, 2) as both:
        for album in range(rounds):
            photos = [text_message("Chat Support", number=f"2348035558{album:03}") for _ in range(PHOTOS)]
            for number, photo in enumerate(photos):
                picture = {"id": f"{album}{number:02}", "mime_type": "image/jpeg"}
                photo |= {"type": "image", "image": picture | {"caption": photo.pop("text")["body"]}}
            all_at_once(both, [webhook(photo) for photo in photos])
        wait_until(nothing_pending, "the inbox to be empty")
    assert counts(rounds) == {
        "webhooks": PHOTOS,
        "customers": 1,
        "tickets": 1,
        "messages": PHOTOS,
        "unread": PHOTOS,
        "told": 1,
    }
    cases(rounds)
