"""The queues, and every order of every filter, page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from config.database import transaction
from models import Admin, Contact, Conversation, SupportTicket, Tag, TicketTag
from models.support_ticket import LIVE_STATUSES, TicketPriority, TicketStatus
from services import tag_service, ticket_list_service
from services.ticket_filter import TicketFilter, WaitingFor, count_up_to
from services.ticket_list_service import Queue, count_queues, list_tickets
from services.ticket_page import TicketSort
from tests.factories import make_admin, make_contact, make_conversation, make_ticket
from whatsapp.window import WINDOW

NUMBERS = ["100", "200"]


def test_the_queues_and_their_numbers(db: Session) -> None:
    ada, bola = make_admin(db), make_admin(db)
    waits = datetime.now(UTC)
    make_ticket(db, assigned_admin_id=ada.id, waiting_since=waits, unread_count=2)
    make_ticket(db, assigned_admin_id=bola.id, status=TicketStatus.IN_PROGRESS)
    make_ticket(db, waiting_since=waits, unread_count=1)
    make_ticket(db, status=TicketStatus.RESOLVED, assigned_admin_id=ada.id, unread_count=3)
    make_ticket(db, status=TicketStatus.CLOSED)
    found = count_queues(db, ada.id)
    assert {queue: counted.count for queue, counted in found.queues.items()} == {
        Queue.MINE: 1,
        Queue.UNASSIGNED: 1,
        Queue.OPEN: 3,
        Queue.WAITING: 1,
        Queue.CLOSED: 2,
    }
    assert not any(counted.is_capped for counted in found.queues.values())
    assert (found.unread.count, found.unread.is_capped) == (2, False)
    assert count_queues(db, bola.id).queues[Queue.MINE].count == 1


def test_counting_stops_where_it_costs_more_than_it_tells(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for status in (TicketStatus.OPEN, TicketStatus.OPEN, TicketStatus.IN_PROGRESS):
        make_ticket(db, status=status, unread_count=1)
    for most, expected in ((1, (1, True)), (2, (2, True)), (3, (3, False))):
        counted = count_up_to(db, TicketFilter(LIVE_STATUSES), most)
        assert (counted.count, counted.is_capped) == expected
    monkeypatch.setattr(ticket_list_service, "MOST_COUNTED", 2)
    unread = count_queues(db, 1).unread
    assert (unread.count, unread.is_capped) == (2, True)


def test_the_longest_waiting_comes_first_and_who_does_not_wait_last(db: Session) -> None:
    now = datetime.now(UTC)
    minutes = [5, None, 60, 5, None, 600]
    tickets = [
        make_ticket(db, waiting_since=None if each is None else now - timedelta(minutes=each)).id
        for each in minutes
    ]
    expected = [tickets[index] for index in (5, 2, 0, 3, 4, 1)]
    for limit in (1, 2, 3, 4, 6):
        assert walk(db, TicketFilter(), TicketSort.WAITING, limit) == expected


def test_a_filter_by_closing_window_lets_through_what_closes_soon(db: Session) -> None:
    now = datetime.now(UTC)
    tickets = {}
    for minutes in (-1, 1, 119, 121):
        contact = make_contact(db)
        make_conversation(
            db, contact, last_customer_message_at=now - WINDOW + timedelta(minutes=minutes, seconds=5)
        )
        tickets[minutes] = make_ticket(db, contact).id
    make_ticket(db)
    soon = TicketFilter(closing_within=timedelta(hours=2))
    for sort in TicketSort:
        assert set(walk(db, soon, sort, 2)) == {tickets[1], tickets[119]}
    assert walk(db, soon, TicketSort.CLOSING, 1) == [tickets[1], tickets[119]]


def walk(db: Session, ticket_filter: TicketFilter, sort: TicketSort, limit: int) -> list[int]:
    """The numbers of all tickets, page after page."""
    found: list[int] = []
    cursor = None
    for _ in range(200):
        page = list_tickets(db, ticket_filter, sort, cursor, limit)
        found += [ticket.id for ticket in page.tickets]
        assert page.total == count_up_to(db, ticket_filter).count or sort is TicketSort.CLOSING
        cursor = page.next_cursor
        if cursor is None:
            return found
        assert len(page.tickets) == limit
    raise AssertionError("the pages do not end")


@st.composite
def some_ticket(draw: st.DrawFn) -> dict[str, Any]:
    """What a ticket may be like, with few values of each kind so that many are alike."""
    minutes = st.one_of(st.none(), st.sampled_from([1, 2, 60, 1441]))
    return {
        "status": draw(st.sampled_from(list(TicketStatus))),
        "priority": draw(st.sampled_from([TicketPriority.LOW, TicketPriority.HIGH])),
        "assignee": draw(st.sampled_from([None, 0, 1])),
        "number": draw(st.sampled_from(NUMBERS)),
        "tags": draw(st.sets(st.sampled_from([0, 1]))),
        "active": draw(st.sampled_from([1, 2, 3])),
        "waiting": draw(minutes),
        "window": draw(minutes),
    }


@st.composite
def some_filter(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "statuses": draw(st.sampled_from([(), LIVE_STATUSES, (TicketStatus.OPEN,), tuple(TicketStatus)[2:]])),
        "priorities": draw(st.sampled_from([(), (TicketPriority.HIGH,)])),
        "assignee": draw(st.sampled_from(["any", None, 0])),
        "number": draw(st.sampled_from([None, NUMBERS[0]])),
        "tags": draw(st.sampled_from([(), (0,), (0, 1)])),
        "waiting_for": draw(st.sampled_from([None, *WaitingFor])),
        "closing": draw(st.sampled_from([None, 90])),
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(some_ticket(), max_size=9), wanted=some_filter(), limit=st.integers(1, 5))
def test_pages_of_any_filter_and_order_make_up_the_whole_set_once(
    db: Session, rows: list[dict[str, Any]], wanted: dict[str, Any], limit: int
) -> None:
    with transaction(db):
        for model in (TicketTag, Tag, SupportTicket, Conversation, Contact, Admin):
            db.execute(delete(model))
        db.expunge_all()
        admins, tags = make_desk(db, rows)
    ticket_filter = TicketFilter(
        statuses=wanted["statuses"],
        priorities=wanted["priorities"],
        assigned_admin_id=admins[0] if wanted["assignee"] == 0 else None,
        unassigned=wanted["assignee"] is None,
        tag_ids=tuple(tags[index] for index in wanted["tags"]),
        phone_number_id=wanted["number"],
        waiting_for=wanted["waiting_for"],
        closing_within=wanted["closing"] and timedelta(minutes=wanted["closing"]),
    )
    expected = [row for row in rows if lets_through(row, wanted)]
    for sort in TicketSort:
        listed = [row for row in expected if row["live"] or sort is not TicketSort.CLOSING]
        assert walk(db, ticket_filter, sort, limit) == [row["id"] for row in sorted(listed, key=place(sort))]


def make_desk(db: Session, rows: list[dict[str, Any]]) -> tuple[list[int], list[int]]:
    """The rows as tickets; each is told its number. Gives the admins and the tags."""
    now = datetime.now(UTC)
    admins = [make_admin(db).id for _ in range(2)]
    tags = [tag_service.create(db, name).id for name in ("One", "Two")]
    for row in rows:
        contact = make_contact(db)
        row["live"] = row["status"] in LIVE_STATUSES
        row["waits"] = row["live"] and row["waiting"] is not None
        ticket = make_ticket(
            db,
            contact,
            status=row["status"],
            priority=row["priority"],
            phone_number_id=row["number"],
            assigned_admin_id=None if row["assignee"] is None else admins[row["assignee"]],
            last_message_at=now - timedelta(seconds=row["active"]),
            waiting_since=now - timedelta(minutes=row["waiting"]) if row["waits"] else None,
            taggings=[TicketTag(tag_id=tags[index]) for index in row["tags"]],
        )
        db.flush()
        row["id"] = ticket.id
        if row["window"] is not None:
            last = now - WINDOW + timedelta(minutes=row["window"])
            make_conversation(db, contact, phone_number_id=row["number"], last_customer_message_at=last)
    return admins, tags


def lets_through(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """The filter again, in Python."""
    closing = row["window"] is not None and row["window"] <= (wanted["closing"] or 0)
    turn = WaitingFor.DESK if row["waits"] else WaitingFor.CUSTOMER
    return (
        (not wanted["statuses"] or row["status"] in wanted["statuses"])
        and (not wanted["priorities"] or row["priority"] in wanted["priorities"])
        and wanted["assignee"] in ("any", row["assignee"])
        and wanted["number"] in (None, row["number"])
        and (not wanted["tags"] or bool(row["tags"] & set(wanted["tags"])))
        and (wanted["waiting_for"] is None or (row["live"] and wanted["waiting_for"] is turn))
        and (wanted["closing"] is None or (row["live"] and closing))
    )


def place(sort: TicketSort) -> Any:
    """What a row is sorted by, ascending."""
    newest = lambda row: (0, 0, -row["id"])  # noqa: E731
    if sort is TicketSort.NEWEST:
        return newest
    if sort is TicketSort.ACTIVITY:
        return lambda row: (0, row["active"], -row["id"])
    if sort is TicketSort.WAITING:
        return lambda row: (0, -row["waiting"], row["id"]) if row["waits"] else (1, 0, -row["id"])
    return lambda row: (0, row["window"], row["id"]) if row["window"] is not None else (1, 0, -row["id"])
