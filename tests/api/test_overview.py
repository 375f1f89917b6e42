"""The dashboard's numbers, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from config.database import utc_now
from models.support_ticket import TicketStatus
from tests.factories import make_ticket
from tests.running_desk import RunningDesk

OVERVIEW = "/api/support/overview"


def shown(desk: RunningDesk) -> Any:
    return desk.data("GET", OVERVIEW)


def test_an_empty_desk(desk: RunningDesk) -> None:
    found = shown(desk)
    nobody = {"count": 0, "longest_since": None, "longest_ticket_id": None, "median_seconds": None}
    assert found["waiting"] == nobody
    assert [(each["opened"], each["resolved"]) for each in found["days"]] == [(0, 0)] * 7


def test_who_waits_and_for_how_long(desk: RunningDesk, db: Session) -> None:
    now = utc_now()
    made = [make_ticket(db, waiting_since=now - timedelta(minutes=each)) for each in (10, 90, 30)]
    make_ticket(db)
    waiting = shown(desk)["waiting"]
    assert (waiting["count"], waiting["longest_ticket_id"]) == (3, made[1].id)
    longest = datetime.fromisoformat(waiting["longest_since"])
    assert abs(longest - (now - timedelta(minutes=90))) < timedelta(milliseconds=2)
    assert 1800 <= waiting["median_seconds"] < 1830
    make_ticket(db, waiting_since=now - timedelta(minutes=50))
    assert 2400 <= shown(desk)["waiting"]["median_seconds"] < 2430


def test_a_day_is_the_businesss_own(desk: RunningDesk, db: Session) -> None:
    days = shown(desk)["days"]
    today = datetime.fromisoformat(days[-1]["day"]).replace(tzinfo=UTC)
    midnight = today - timedelta(hours=1)  # Lagos is an hour ahead all year
    yesterday = midnight - timedelta(seconds=1)
    make_ticket(db, created_at=yesterday, status=TicketStatus.RESOLVED, resolved_at=midnight)
    make_ticket(db, created_at=midnight)
    make_ticket(db, created_at=midnight - timedelta(days=6), status=TicketStatus.CLOSED)
    make_ticket(db, created_at=midnight - timedelta(days=6, seconds=1), status=TicketStatus.CLOSED)
    counts = [(each["opened"], each["resolved"]) for each in shown(desk)["days"]]
    assert counts == [(1, 0), (0, 0), (0, 0), (0, 0), (0, 0), (1, 0), (1, 1)]
