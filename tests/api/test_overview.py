"""The dashboard's numbers, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from config.database import utc_now
from models.support_ticket import TicketStatus
from services.ticket_page import TicketSort
from tests.api.test_support import refusal
from tests.factories import make_ticket
from tests.running_desk import RunningDesk

OVERVIEW = "/api/support/overview"
LIST = "/api/support/tickets"


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


def test_a_day_of_the_chart_leads_to_just_its_tickets(desk: RunningDesk, db: Session) -> None:
    days = shown(desk)["days"]
    begins = datetime.fromisoformat(days[2]["day"]).replace(tzinfo=UTC) - timedelta(hours=1)  # in Lagos
    second = timedelta(seconds=1)
    moments = [begins - second, begins, begins + timedelta(days=1) - second, begins + timedelta(days=1)]
    made = [make_ticket(db, created_at=at, status=TicketStatus.CLOSED) for at in moments]
    for sort in TicketSort:
        listed = desk.data("GET", f"/api/support/tickets?opened_on={days[2]['day']}&sort={sort}")
        closed = 0 if sort is TicketSort.CLOSING else 2
        assert [each["id"] for each in listed["tickets"]] == [made[2].id, made[1].id][:closed]
        assert listed["total"] == closed
    assert {each["opened_on"] for each in desk.data("GET", LIST)["tickets"]} == {
        days[index]["day"] for index in (1, 2, 3)
    }
    assert [each["opened"] for each in shown(desk)["days"]][1:4] == [1, 2, 1]


@pytest.mark.parametrize("day", ["", "today", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_is_refused(desk: RunningDesk, day: str) -> None:
    assert refusal(desk, "GET", f"{LIST}?opened_on={day}", 400) == "malformed_request"
