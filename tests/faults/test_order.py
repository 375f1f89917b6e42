"""Each customer's messages keep their order, both ways, through two desks that take turns."""

import random
import signal
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from config.database import SessionLocal
from models import Contact, SupportMessage
from models.support_ticket import SenderType
from tests.factories import make_contact, make_ticket
from tests.faults.processes import Process, desks, wait_until
from tests.faults.scenario import nothing_under_way
from tests.pretend_graph import Answer, Body, PretendGraph, refusal
from tests.running_desk import text_message, webhook

SENT_AT = 1_795_000_000
AT_ONCE = 3
"""What a customer writes in one webhook, all within one second."""


class FailingGraph(PretendGraph):
    """Slow by chance, and refuses one message in ten."""

    def __init__(self, slowest: float) -> None:
        super().__init__(self._answer)
        self._chance, self._slowest = random.Random(15), slowest  # noqa: S311 - the same each time
        self.taken: dict[str, list[str]] = defaultdict(list)

    def _answer(self, _number: int, body: Body) -> Answer:
        delay = self._chance.uniform(0, self._slowest)
        if self._chance.random() < 0.1:
            return refusal(self._chance.choice([429, 503]), 130429)
        self.taken[body["to"].removeprefix("+")].append(body["text"]["body"])
        return Answer(delay=delay)


@pytest.fixture
def graph(exhaustive: bool) -> Iterator[FailingGraph]:
    with FailingGraph(0.5 if exhaustive else 0.1) as graph:
        yield graph


def customers(count: int) -> dict[str, int]:
    """Phone numbers, and their tickets."""
    with SessionLocal() as db:
        tickets = [make_ticket(db, make_contact(db)) for _ in range(count)]
    return {str(ticket.phone_number): ticket.id for ticket in tickets}


def talk(both: list[Process], tickets: dict[str, int], lines: range) -> None:
    """All customers write and are answered, each time through the other desk; what is refused is repeated."""

    def one(number: str, ticket_id: int) -> None:
        for line in lines:
            process = both[line % 2]
            body = {"message": str(line), "client_id": str(uuid.uuid4())}
            path = f"/api/support/tickets/{ticket_id}/messages"
            assert any(process.try_call("POST", path, body) for _ in range(10))
            if line % AT_ONCE == 0:
                texts = [
                    text_message(str(line + n), number=number, at=SENT_AT + line) for n in range(AT_ONCE)
                ]
                assert any(process.deliver(webhook(*texts)) for _ in range(10))

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(one, *each) for each in tickets.items()]:
            done.result()


def inversions(graph: FailingGraph, number: str) -> list[str]:
    """Where the order of this customer's messages is not the one in which they were written."""
    with SessionLocal() as db:
        thread = select(SupportMessage.message).join(Contact, Contact.id == SupportMessage.contact_id)
        written = db.scalars(
            thread.where(
                Contact.phone_number == number, SupportMessage.sender_type == SenderType.USER
            ).order_by(SupportMessage.occurred_at, SupportMessage.id)
        ).all()
    sides = {"in": [str(text) for text in written], "out": graph.taken[number]}
    return [f"{side}: {texts}" for side, texts in sides.items() if texts != sorted(texts, key=int)]


@pytest.mark.promise("P15", "P16")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("broken", ["", "in_any_order"])
def test_two_desks_and_a_failing_graph_turn_nothing_round(
    graph: FailingGraph, tmp_path: Path, broken: str, exhaustive: bool, cases: Callable[[int], None]
) -> None:
    """Either desk is stopped in the middle, so that the sending goes over from one to the other."""
    tickets = customers(20 if exhaustive else 8)
    lines = 30 if exhaustive else 9
    with desks(graph.url, tmp_path, 2, broken) as both:
        talk(both, tickets, range(lines))
        for process in () if broken else both:
            wait_until(lambda: len(graph.posts) > len(tickets), "some to leave")
            process.end(signal.SIGTERM)
            process.start(leases_stay=True)
        wait_until(nothing_under_way, "the queues to be empty")
    found = [each for number in tickets for each in inversions(graph, number)]
    if broken:
        assert {each.split(":")[0] for each in found} == {"in", "out"}
        return
    assert found == []
    assert all(len(graph.taken[number]) == lines for number in tickets)
    assert graph.most_at_once == 1
    assert len(graph.posts) > lines * len(tickets)  # some were refused, and tried again
    cases(2 * lines * len(tickets))
