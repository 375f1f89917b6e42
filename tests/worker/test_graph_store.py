"""What is asked of WhatsApp regularly, and by whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import SessionLocal, database_now, transaction
from models import DeskSetting, GraphTask
from models.graph_task import GraphTaskKind
from worker import graph_store


@pytest.mark.parametrize("kind", graph_store.PERIODS)
def test_what_is_regular_is_asked_again_after_its_period(db: Session, kind: GraphTaskKind) -> None:
    def ask() -> list[str]:
        graph_store.schedule(db, "us")
        with SessionLocal() as other:
            return list(other.scalars(select(GraphTask.kind).where(GraphTask.kind == kind)))

    def pass_time(ago: timedelta, *, done: bool) -> None:
        at = (database_now(db) - ago).isoformat()
        with transaction(db):
            graph_store._note(db, kind, {"queued_at": at} | ({"done_at": at} if done else {}))
            graph_store.finish(db, [task.id for task in db.scalars(select(GraphTask))])

    soon = timedelta(minutes=1)
    assert ask() == [kind]
    pass_time(timedelta(0), done=False)
    assert ask() == []
    pass_time(graph_store.PERIOD_AFTER_FAILURE - soon, done=False)
    assert ask() == []
    pass_time(graph_store.PERIOD_AFTER_FAILURE + soon, done=False)
    assert ask() == [kind]
    pass_time(graph_store.PERIODS[kind] - soon, done=True)
    assert ask() == []
    pass_time(graph_store.PERIODS[kind] + soon, done=True)
    assert ask() == [kind]


def test_one_process_sees_to_what_is_regular(db: Session) -> None:
    graph_store.schedule(db, "us")
    with transaction(db):
        for task in db.scalars(select(GraphTask)):
            db.delete(task)
        for kind in graph_store.PERIODS:
            db.delete(db.get_one(DeskSetting, f"last_{kind}"))
    graph_store.schedule(db, "others")
    assert db.query(GraphTask).count() == 0
    graph_store.schedule(db, "us")
    assert db.query(GraphTask).count() == 2
