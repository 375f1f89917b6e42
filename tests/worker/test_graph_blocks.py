"""WhatsApp blocks whom the desk blocks, also where it could not be told at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import database_now, transaction, utc_now
from config.settings import get_settings
from models import Contact, GraphTask
from models.graph_task import GraphTaskKind
from services import graph_task_service
from tests.pretend_graph import Answer, PretendGraph, refusal
from tests.worker.outbox_desk import wait_until
from tests.worker.test_graph_tasks import NUMBER, left, running
from worker import graph_store

PHONE = "2348035550142"
BLOCK, UNBLOCK = ("POST", f"+{PHONE}"), ("DELETE", f"+{PHONE}")


class BlockingGraph(PretendGraph):
    """Keeps who was to be blocked and unblocked; answers with `refusals` first."""

    def _add_routes(self, router: web.UrlDispatcher) -> None:
        self.asked: list[tuple[str, str]] = []
        self.refusals: list[Answer] = []
        router.add_route("*", "/{version}/{number}/block_users", self._block)

    async def _block(self, request: web.Request) -> web.StreamResponse:
        [user] = (await request.json())["block_users"]
        self.asked.append((request.method, user["user"]))
        answer = self.refusals.pop(0) if self.refusals else Answer(body={"success": True})
        return web.json_response(answer.body, status=answer.status)


@pytest.fixture
def graph(db: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[BlockingGraph]:
    monkeypatch.setattr(graph_store, "FIRST_WAIT", timedelta(milliseconds=1))
    monkeypatch.setattr(get_settings(), "whatsapp_phone_number_id", NUMBER)
    with transaction(db):
        for kind in graph_store.PERIODS:
            graph_store.note_done(db, kind)
    with BlockingGraph() as graph:
        yield graph


def follow(db: Session, *, blocked: bool) -> Contact:
    with transaction(db):
        contact = Contact(name="Amara", profile_name="Amara", phone_number=PHONE)
        contact.blocked_at = utc_now() if blocked else None
        db.add(contact)
        db.flush()
        payload = {"contact_id": contact.id}
        graph_task_service.queue(db, GraphTaskKind.FOLLOW_BLOCK, NUMBER, payload)
    return contact


def failed(status: int, code: int) -> Answer:
    """What Graph says when it fails for the one person: the error of the whole says no more than that."""
    person = {"input": f"+{PHONE}", "errors": [{"message": "Failed", "code": code}]}
    body: dict[str, object] = {"block_users": {"failed_users": [person]}}
    if status != 200:
        body |= {"error": {"message": "Failed to block/unblock users", "code": 139100}}
    return Answer(status, body)


@pytest.mark.parametrize(
    "refused",
    [
        refusal(401, 190),
        refusal(500, 131000),
        Answer(404, {"not": "Graph"}),
        failed(400, 139103),
        failed(200, 139102),
    ],
)
def test_who_is_unblocked_while_whatsapp_does_not_listen_is_unblocked_later(
    db: Session, graph: BlockingGraph, refused: Answer
) -> None:
    """WhatsApp would keep back what they write for ever, and the desk would never know of it."""
    times = graph_store.ATTEMPTS + 2
    graph.refusals = [refused] * times
    follow(db, blocked=False)
    with running(graph):
        wait_until(lambda: left() == 0)
    assert graph.asked == [UNBLOCK] * (times + 1)


def test_what_was_decided_last_holds(db: Session, graph: BlockingGraph) -> None:
    graph.refusals = [refusal(401, 190)] * 5
    contact = follow(db, blocked=True)
    with running(graph):
        wait_until(lambda: graph.asked != [])
        with transaction(db):
            contact.blocked_at = None
        wait_until(lambda: left() == 0)
    assert graph.asked[0] == BLOCK
    assert graph.asked[-1] == UNBLOCK


def test_whom_whatsapp_will_never_block_it_is_not_asked_to_block_again(
    db: Session, graph: BlockingGraph
) -> None:
    graph.refusals = [failed(400, 131047)]
    follow(db, blocked=True)
    with running(graph):
        wait_until(lambda: left() == 0)
    assert graph.asked == [BLOCK]


def test_however_often_it_was_tried_it_is_tried_again_within_the_half_hour(db: Session) -> None:
    follow(db, blocked=False)
    [task] = graph_store.claim(db)
    graph_store.put_off(db, replace(task, attempts=2_000))
    [again_at] = db.scalars(select(GraphTask.next_attempt_at))
    assert timedelta(0) < again_at - database_now(db) <= graph_store.LONGEST_WAIT < timedelta(minutes=30)
