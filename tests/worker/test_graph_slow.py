"""Calls beside messages to a WhatsApp that is slow to answer some of them."""

import pytest
from sqlalchemy.orm import Session

from models.graph_task import GraphTaskKind
from tests.pretend_graph import Answer, Body, PretendGraph
from tests.worker import test_graph_tasks
from tests.worker.outbox_desk import wait_until
from tests.worker.test_graph_tasks import MARK, left, mark, running

graph = test_graph_tasks.graph
_nothing_regular = test_graph_tasks._nothing_regular
SLOW_SECONDS = 4.0


def slow_for(wamid: str) -> object:
    def answer(_number: int, body: Body) -> Answer:
        return Answer(delay=SLOW_SECONDS if body["message_id"] == wamid else 0.0)

    return answer


@pytest.mark.usefixtures("_nothing_regular")
def test_a_mark_without_an_answer_holds_up_no_other(db: Session, graph: PretendGraph) -> None:
    graph.answer = slow_for("wamid.slow")  # type: ignore[assignment]
    with running(graph):
        mark(db, wamid="wamid.slow")
        wait_until(lambda: len(graph.posts) == 1)
        mark(db, GraphTaskKind.TYPING)
        wait_until(lambda: left() == 1, seconds=SLOW_SECONDS / 2)
        assert graph.posts[1] == MARK | {"typing_indicator": {"type": "text"}}
    assert left() == 0, "what is under way is waited for"
