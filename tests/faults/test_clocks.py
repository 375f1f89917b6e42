"""Clocks jump by a day: nothing is lost, sent again, sent before its time, or held for a day."""

import os
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from config.database import SessionLocal
from models import OutboundMessage, SupportMessage
from models.support_ticket import SenderType
from tests.factories import make_ticket
from tests.faults.processes import Process, desks, wait_until
from tests.faults.scenario import nothing_pending
from tests.pretend_graph import Answer, Body, PretendGraph, refusal
from tests.running_desk import text_message, webhook

IS_SQLITE = os.environ.get("TEST_DATABASE", "sqlite") == "sqlite"
HALF_AN_HOUR = "1800"
LINES = 5


def answer(_number: int, body: Body) -> Answer:
    """Graph wants to be left alone with one message for half an hour, and takes its time with the others."""
    if body["text"]["body"] == "held":
        later = refusal(429, 130429)
        return Answer(later.status, later.body, headers={"Retry-After": HALF_AN_HOUR})
    return Answer(delay=0.2)


@pytest.fixture
def graph() -> Iterator[PretendGraph]:
    with PretendGraph(answer) as graph:
        yield graph


def reply(process: Process, ticket_id: int, text: str) -> None:
    body = {"message": text, "client_id": str(uuid.uuid4())}
    assert process.try_call("POST", f"/api/support/tickets/{ticket_id}/messages", body)


def states() -> dict[str, list[str]]:
    """Of what the admin said, by its first word."""
    found: dict[str, list[str]] = {"held": [], "answer": []}
    with SessionLocal() as db:
        query = select(SupportMessage.message, OutboundMessage.state).join(SupportMessage.outbound)
        for text, state in db.execute(query.where(SupportMessage.sender_type == SenderType.ADMIN)):
            found[text.split()[0]].append(state)
    return found


def is_put_off() -> bool:
    with SessionLocal() as db:
        return db.scalar(select(OutboundMessage.next_attempt_at)) is not None


@pytest.mark.promise("P28")
@pytest.mark.parametrize(
    ("days", "broken"),
    [(1, ""), (-1, ""), (-1, "trust_waits") if IS_SQLITE else (1, "own_clock")],
)
def test_clocks_that_jump_by_a_day(
    graph: PretendGraph, tmp_path: Path, days: int, broken: str, cases: Callable[[int], None]
) -> None:
    """SQLite's clock is the machine's and jumps too; a database server's stays, and is what counts."""
    with SessionLocal() as db:
        held, *others = [make_ticket(db).id for _ in range(4)]
    wamids: list[str] = []
    with desks(graph.url, tmp_path, 2, broken) as both:
        reply(both[0], held, "held")
        wait_until(is_put_off, "the message to be put off")
        graph.answer = lambda _number, _body: Answer(delay=0.2)
        for line in range(LINES):
            for ticket_id in others:
                reply(both[line % 2], ticket_id, f"answer {line}")
            message = text_message(f"Hello {line}", number="2348037779999")
            wamids.append(message["id"])
            assert both[line % 2].deliver(webhook(message))
            if line == 1:  # with some on their way
                for process in both:
                    process.jump(days)
        sent = ["sent"] * LINES * len(others)
        wait_until(lambda: states()["answer"] == sent, "the others to leave")
        wait_until(nothing_pending, "the inbox to be worked off")
        if broken == "own_clock" or (IS_SQLITE and not broken):
            wait_until(lambda: states()["held"] == ["sent"], "the one that waited")
        else:
            assert states()["held"] == ["queued"]
    posts = Counter(each["biz_opaque_callback_data"] for each in graph.posts)
    assert [again for again in posts.values() if again > 1] in ([], [2])  # the held one, which was refused
    with SessionLocal() as db:
        taken = select(SupportMessage.wamid).where(SupportMessage.sender_type == SenderType.USER)
        assert sorted(db.scalars(taken)) == sorted(wamids)  # type: ignore[type-var]
    cases(len(posts) + len(wamids))
