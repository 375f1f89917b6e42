from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
import time_machine
from sqlalchemy.orm import Session

from models import DeskEvent, SupportTicket
from models.support_ticket import TicketStatus
from services.errors import TicketNotFound
from services.ticket_filter import TicketFilter
from services.ticket_list_service import count_live, list_tickets, mark_read
from services.ticket_page import TicketPage, TicketSort, UnknownCursor
from tests.desk import count, events, stored
from tests.factories import make_contact, make_conversation, make_ticket
from whatsapp.window import WINDOW

EVERYTHING = TicketFilter()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def pages(db: Session, ticket_filter: TicketFilter, sort: TicketSort, limit: int) -> list[TicketPage]:
    """Page after page, until there is none."""
    found = [list_tickets(db, ticket_filter, sort, None, limit)]
    while found[-1].next_cursor is not None:
        found.append(list_tickets(db, ticket_filter, sort, found[-1].next_cursor, limit))
        assert len(found) < 100
    return found


def ids(page: TicketPage) -> list[int]:
    return [ticket.id for ticket in page.tickets]


def make_tickets(db: Session) -> list[SupportTicket]:
    """Thirteen, whose last messages are at five moments, microseconds and months apart."""
    moments = [NOON, NOON + timedelta(microseconds=1), NOON, NOON - timedelta(days=90), NOON, NOON]
    moments += [NOON + timedelta(microseconds=999_999), NOON + timedelta(seconds=1)]
    return [make_ticket(db, last_message_at=moments[number % len(moments)]) for number in range(13)]


@pytest.mark.parametrize("limit", [1, 2, 3, 12, 13, 14, 200])
@pytest.mark.parametrize("sort", TicketSort)
def test_the_pages_hold_everything_once_and_in_order(db: Session, sort: TicketSort, limit: int) -> None:
    tickets = make_tickets(db)
    if sort is TicketSort.ACTIVITY:
        tickets.sort(key=lambda ticket: (ticket.last_message_at, ticket.id), reverse=True)
    else:
        tickets.reverse()
    found = pages(db, EVERYTHING, sort, limit)
    assert [each for page in found for each in ids(page)] == [ticket.id for ticket in tickets]
    assert {page.total for page in found} == {13}
    assert {len(page.tickets) for page in found[:-1]} <= {limit}
    assert found[-1].tickets


def test_no_tickets_are_one_empty_page(db: Session) -> None:
    for sort in TicketSort:
        [page] = pages(db, EVERYTHING, sort, 50)
        assert (page.tickets, page.total, page.next_cursor) == ([], 0, None)


@pytest.mark.parametrize("sort", TicketSort)
def test_what_comes_or_goes_meanwhile_moves_no_other_ticket(db: Session, sort: TicketSort) -> None:
    tickets = make_tickets(db)
    first = list_tickets(db, EVERYTHING, sort, None, 5)
    make_ticket(db, last_message_at=NOON + timedelta(days=1))
    db.delete(db.get_one(SupportTicket, first.tickets[-1].id))
    db.commit()
    rest = list_tickets(db, EVERYTHING, sort, first.next_cursor, 200)
    assert sorted(ids(first) + ids(rest)) == sorted(ticket.id for ticket in tickets)


def test_live_are_those_that_are_open_or_in_progress(db: Session) -> None:
    for status in TicketStatus:
        make_ticket(db, status=status)
    assert count_live(db) == 2


@pytest.mark.parametrize("sort", TicketSort)
@pytest.mark.parametrize(
    "cursor",
    ["", "-", "x", "1x", "0", "-1", "1-2-3-4", "0-0", "1-", "-1-2", "5.5", "2147483648", "1-2147483648",
     "9" * 30, "9" * 30 + "-1", "9" * 5000, "9" * 5000 + "-1", "\x00", "1;DROP TABLE", "\ud800"],
)  # fmt: skip
def test_a_cursor_that_no_page_gave_is_refused(db: Session, sort: TicketSort, cursor: str) -> None:
    with pytest.raises(UnknownCursor):
        list_tickets(db, EVERYTHING, sort, cursor, 50)


def test_a_cursor_is_good_for_its_own_sort_only(db: Session) -> None:
    make_tickets(db)
    for sort, other in permutations(TicketSort, 2):
        cursor = list_tickets(db, EVERYTHING, sort, None, 2).next_cursor
        with pytest.raises(UnknownCursor):
            list_tickets(db, EVERYTHING, other, cursor, 2)


def test_what_closes_soonest_comes_first_and_what_is_closed_last(db: Session) -> None:
    now = datetime.now(UTC)
    minutes_left = [90, 5, None, -1, 1, 90, -300, None, 600]
    tickets = []
    for left in minutes_left:
        contact = make_contact(db)
        tickets.append(make_ticket(db, contact).id)
        if left is not None:
            last = now - WINDOW + timedelta(minutes=left)
            make_conversation(db, contact, last_customer_message_at=last)
    elsewhere = make_contact(db)
    other_number = make_ticket(db, elsewhere).id
    make_conversation(db, elsewhere, phone_number_id="another", last_customer_message_at=now)
    make_conversation(db, make_ticket(db, status=TicketStatus.RESOLVED).contact, last_customer_message_at=now)
    soonest = [4, 1, 0, 5, 8]
    rest = [other_number, *(tickets[index] for index in (7, 6, 3, 2))]
    for limit in (1, 2, 4, 5, 6, 10, 50):
        found = pages(db, EVERYTHING, TicketSort.CLOSING, limit)
        assert [each for page in found for each in ids(page)] == [tickets[index] for index in soonest] + rest
        assert {page.total for page in found} == {10}


def test_a_window_that_closes_between_two_pages_moves_no_ticket(db: Session) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        tickets = []
        for minutes in (1, 2, 3):
            contact = make_contact(db)
            last = NOON - WINDOW + timedelta(minutes=minutes)
            make_conversation(db, contact, last_customer_message_at=last)
            tickets.append(make_ticket(db, contact).id)
        first = list_tickets(db, EVERYTHING, TicketSort.CLOSING, None, 1)
        clock.shift(timedelta(hours=1))
        second = list_tickets(db, EVERYTHING, TicketSort.CLOSING, first.next_cursor, 5)
    assert ids(first) + ids(second) == tickets


def test_reading_takes_the_unread_away_and_tells_the_desk_once(db: Session) -> None:
    ticket = make_ticket(db, unread_count=3)
    version = ticket.version
    assert mark_read(db, ticket.id).unread_count == 0
    mark_read(db, ticket.id)
    assert (stored(ticket.id).unread_count, stored(ticket.id).version) == (0, version)
    assert events(db) == [("ticket.updated", ticket.id, None)]


def test_nobody_reads_a_ticket_that_is_not_there(db: Session) -> None:
    for ticket_id in (0, 1, 2**31):
        with pytest.raises(TicketNotFound):
            mark_read(db, ticket_id)
    assert count(DeskEvent) == 0
