"""The calls beside messages, against a pretend Graph."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config.database import SessionLocal, database_now, transaction
from config.settings import get_settings
from models import DeskSetting, GraphTask
from models.graph_task import GraphTaskKind
from realtime.bus import GRAPH_TASKS, bus
from services import graph_task_service
from services.message_template_service import list_templates
from tests.desk import events
from tests.pretend_graph import HANG_UP, Answer, Body, PretendGraph, refusal
from tests.together import together
from tests.worker.outbox_desk import wait_until
from whatsapp.client import WhatsAppClient
from worker import graph_store
from worker.graph_tasks import GraphTasks

NUMBER = "1001"
ACCOUNT = "2001"
MARK = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"}


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> Iterator[PretendGraph]:
    monkeypatch.setattr(graph_store, "FIRST_WAIT", timedelta(milliseconds=20))
    monkeypatch.setattr(get_settings(), "whatsapp_phone_number_id", NUMBER)
    monkeypatch.setattr(get_settings(), "whatsapp_business_account_id", ACCOUNT)
    with PretendGraph() as graph:
        graph.page = lambda path, query: Answer(body={})
        yield graph


@pytest.fixture
def _nothing_regular(db: Session) -> None:
    """All that is asked regularly has just been asked."""
    with transaction(db):
        for kind in graph_store.PERIODS:
            graph_store.note_done(db, kind)


@contextmanager
def running(graph: PretendGraph, poll: float = 0.02) -> Iterator[GraphTasks]:
    tasks = GraphTasks(WhatsAppClient(graph.url, "v25.0", SecretStr("token")), poll)
    deaf = bus.listen(GRAPH_TASKS, tasks.wake)
    tasks.start()
    try:
        yield tasks
    finally:
        deaf()
        tasks.stop()
        assert not tasks.alive()


def left() -> int:
    with SessionLocal() as other:
        return other.scalar(select(func.count()).select_from(GraphTask)) or 0


def mark(db: Session, kind: GraphTaskKind = GraphTaskKind.MARK_READ, wamid: str = "wamid.1") -> None:
    graph_task_service.queue(db, kind, NUMBER, {"message_id": wamid})


def template_names() -> list[str]:
    with SessionLocal() as other:
        return [each.name for each in list_templates(other)]


def setting(name: str) -> Any:
    with SessionLocal() as other:
        return other.scalar(select(DeskSetting.value).where(DeskSetting.name == name))


def paged(*pages: list[Body]) -> Callable[[str, dict[str, str]], Answer]:
    """Templates page after page; every `next` is an address that nobody may ask for."""

    def page(path: str, query: dict[str, str]) -> Answer:
        if path != f"{ACCOUNT}/message_templates":
            return Answer(body={})
        number = int(query.get("after", "0"))
        paging: Body = {"cursors": {"before": "x", "after": str(number + 1)}}
        if number + 1 < len(pages):
            paging["next"] = "http://192.0.2.1/steal?access_token=token"
        return Answer(body={"data": pages[number], "paging": paging})

    return page


def template(name: str, **fields: Any) -> Body:
    given = {"id": "15", "name": name, "language": "en_US", "status": "APPROVED", "category": "UTILITY"}
    return given | {"components": [{"type": "BODY", "text": "Hello"}]} | fields


@pytest.mark.usefixtures("_nothing_regular")
def test_marks_go_out_as_the_reference_has_them(db: Session, graph: PretendGraph) -> None:
    with running(graph, poll=3600):
        mark(db)
        wait_until(lambda: left() == 0)
        mark(db, GraphTaskKind.TYPING)
        wait_until(lambda: left() == 0)
    assert graph.posts == [MARK, MARK | {"typing_indicator": {"type": "text"}}]
    assert graph.paths == [f"/v25.0/{NUMBER}/messages"] * 2
    assert graph.headers[0]["Authorization"] == "Bearer token"
    assert graph.gets == []


@pytest.mark.usefixtures("_nothing_regular")
def test_a_mark_that_comes_too_late_is_dropped(db: Session, graph: PretendGraph) -> None:
    for kind in (GraphTaskKind.MARK_READ, GraphTaskKind.TYPING):
        mark(db, kind)
    with transaction(db):
        db.execute(update(GraphTask).values(expires_at=database_now(db)))
    with running(graph):
        wait_until(lambda: left() == 0)
    assert graph.posts == []


@pytest.mark.usefixtures("_nothing_regular")
@pytest.mark.parametrize("answer", [refusal(429, 130429), refusal(500, 131000), HANG_UP, Answer(502, b"x")])
def test_what_may_go_better_is_tried_again(db: Session, graph: PretendGraph, answer: Answer) -> None:
    graph.answer = lambda number, body: answer if number < 3 else Answer()
    mark(db)
    with running(graph):
        wait_until(lambda: left() == 0)
    assert graph.posts == [MARK] * 3


@pytest.mark.usefixtures("_nothing_regular")
@pytest.mark.parametrize("answer", [refusal(400, 131009), refusal(400, 100), refusal(401, 190)])
def test_what_will_never_go_is_given_up_at_once(db: Session, graph: PretendGraph, answer: Answer) -> None:
    graph.answer = lambda number, body: answer
    mark(db)
    with running(graph):
        wait_until(lambda: left() == 0)
    assert graph.posts == [MARK]


@pytest.mark.usefixtures("_nothing_regular")
def test_after_a_few_tries_it_is_given_up(db: Session, graph: PretendGraph) -> None:
    graph.answer = lambda number, body: refusal(429, 130429)
    mark(db)
    with running(graph):
        wait_until(lambda: left() == 0)
    assert len(graph.posts) == graph_store.ATTEMPTS


@pytest.mark.usefixtures("_nothing_regular")
def test_workers_side_by_side_do_everything_once(db: Session, graph: PretendGraph) -> None:
    with transaction(db):
        for number in range(60):
            mark(db, wamid=f"wamid.{number}")
    claimed: list[int] = []

    def claim_all(other: Session, _number: int) -> None:
        while tasks := graph_store.claim(other):
            claimed.extend(task.id for task in tasks)

    together(4, claim_all)
    assert len(claimed) == len(set(claimed)) == 60
    with transaction(db):
        db.execute(update(GraphTask).values(next_attempt_at=database_now(db)))
    with running(graph), running(graph):
        wait_until(lambda: left() == 0)
    assert sorted(post["message_id"] for post in graph.posts) == sorted(f"wamid.{n}" for n in range(60))


@pytest.mark.usefixtures("_nothing_regular")
def test_what_a_dead_worker_had_is_free_again_later(db: Session) -> None:
    mark(db)
    [task] = graph_store.claim(db)
    assert graph_store.claim(db) == []
    with transaction(db):
        ended = GraphTask.next_attempt_at <= database_now(db) + graph_store.CLAIM
        db.execute(update(GraphTask).where(ended).values(next_attempt_at=database_now(db)))
    assert [again.id for again in graph_store.claim(db)] == [task.id]


def test_templates_are_fetched_at_the_start_page_by_page(db: Session, graph: PretendGraph) -> None:
    graph.page = paged([template("a"), template("b", status="PAUSED")], [{}, template("c")], [template("d")])
    with running(graph):
        wait_until(lambda: template_names() == ["a", "b", "c", "d"])
        wait_until(lambda: left() == 0)
    asked = [query for path, query in graph.gets if path == f"{ACCOUNT}/message_templates"]
    assert [query.get("after") for query in asked] == [None, "1", "2"]
    assert {query["limit"] for query in asked} == {"100"}
    assert set(asked[0]["fields"].split(",")) >= {"name", "language", "status", "components"}
    assert ("account.updated", None, None) in events(db)


def test_after_a_failed_page_the_old_list_stays(db: Session, graph: PretendGraph) -> None:
    graph.page = paged([template("a")])
    with running(graph):
        wait_until(lambda: template_names() == ["a"])
        wait_until(lambda: left() == 0)

    def page(path: str, query: dict[str, str]) -> Answer:
        return refusal(400, 100) if "after" in query else paged([template("b")], [])(path, query)

    graph.page = page
    graph_task_service.ask_for_templates(db)
    with running(graph):
        wait_until(lambda: left() == 0)
    assert template_names() == ["a"]


NO_LISTS = (b"<html>Sign in</html>", b"", b'{"data": [{', b"{}", b'{"data": [], "error": {"code": 2}}')


@pytest.mark.parametrize("body", NO_LISTS)
def test_what_is_no_list_leaves_the_old_one_and_is_asked_again(
    db: Session, graph: PretendGraph, body: bytes
) -> None:
    graph.page = paged([template("a")])
    with running(graph):
        wait_until(lambda: template_names() == ["a"])
        wait_until(lambda: left() == 0)
    graph.page = lambda path, query: Answer(200, body)
    asked = len(graph.gets)
    graph_task_service.ask_for_templates(db)
    with running(graph):
        wait_until(lambda: len(graph.gets) >= asked + 2 or left() == 0)
        assert template_names() == ["a"]
        graph.page = paged([template("a"), template("b")])
        wait_until(lambda: template_names() == ["a", "b"])


def test_a_list_without_end_ends(graph: PretendGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.graph_calls.MOST_PAGES", 3)
    graph.page = lambda path, query: Answer(
        body={"data": [template("a")], "paging": {"next": "x", "cursors": {"after": "1"}}}
    )
    with running(graph):
        wait_until(lambda: template_names() == ["a"])
    assert sum(path.endswith("message_templates") for path, _ in graph.gets) == 3


def test_without_a_business_account_no_templates_are_asked_for(
    graph: PretendGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "whatsapp_business_account_id", "")
    with running(graph):
        wait_until(lambda: setting("number_health") is not None)
    assert [path for path, _ in graph.gets] == [NUMBER]


def test_the_numbers_health_is_kept_in_plain_fields(db: Session, graph: PretendGraph) -> None:
    number = {
        "verified_name": "Nordlicht",
        "display_phone_number": "+49 30 55510042",
        "quality_rating": "GREEN",
        "throughput": {"level": "STANDARD"},
        "account_mode": "LIVE",
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "id": NUMBER,
    }
    problem = {
        "error_code": 141006,
        "error_description": "No payment method.",
        "possible_solution": "Add one.",
    }
    health = {
        "can_send_message": "LIMITED",
        "entities": [{"entity_type": "WABA", "errors": [problem, problem, None]}, None, {"errors": 5}],
    }
    answers: dict[str, Body] = {NUMBER: number, ACCOUNT: {"health_status": health}}
    graph.page = lambda path, query: Answer(body=answers.get(path, {}))
    with running(graph):
        wait_until(lambda: setting("number_health") is not None)
    kept = setting("number_health")
    assert kept["problems"] == ["No payment method. Add one."]
    [shown] = kept["numbers"]
    assert shown.pop("checked_at").endswith("Z")
    assert shown == {
        "phone_number_id": NUMBER,
        "display_phone_number": "+49 30 55510042",
        "verified_name": "Nordlicht",
        "quality_rating": "GREEN",
        "throughput": "STANDARD",
        "messaging_limit": "TIER_2K",
        "status": "LIMITED",
    }
    assert events(db)[-1] == ("account.updated", None, None)


def test_a_second_number_stands_beside_the_first(db: Session) -> None:
    for number, quality in (("1", "GREEN"), ("2", "GREEN"), ("1", "RED")):
        graph_store.store_health(db, {"phone_number_id": number, "quality_rating": quality}, [])
    assert setting("number_health")["numbers"] == [
        {"phone_number_id": "2", "quality_rating": "GREEN"},
        {"phone_number_id": "1", "quality_rating": "RED"},
    ]
