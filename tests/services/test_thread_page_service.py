from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models import SupportMessage
from models.support_ticket import whole_seconds
from services.errors import TicketNotFound
from services.thread_page_service import find_ticket, page
from services.ticket_page import UnknownCursor
from tests.factories import make_message, make_ticket

BEGAN = whole_seconds(utc_now()) - timedelta(days=1)


def test_the_pages_are_the_thread_whatever_the_order_of_arrival(db: Session) -> None:
    ticket = make_ticket(db)
    seconds = [5, 3, 3, 9, 1, 3, 7, 5, 5, 2]
    rows = [make_message(db, ticket, occurred_at=BEGAN + timedelta(seconds=at)) for at in seconds]
    make_message(db)
    expected = [row.id for row in sorted(rows, key=lambda row: (row.occurred_at, row.id))]
    for limit in (1, 2, 3, 7, 10, 11):
        found: list[int] = []
        cursor = None
        while True:
            part = page(db, ticket, cursor, limit)
            found = [row.id for row in part.messages] + found
            cursor = part.earlier_cursor
            if cursor is None:
                break
            assert len(part.messages) == limit
        assert found == expected


def test_what_a_reply_points_at_comes_with_it(db: Session) -> None:
    ticket = make_ticket(db)
    old = make_message(db, ticket, occurred_at=BEGAN)
    near = make_message(db, ticket, occurred_at=BEGAN + timedelta(seconds=1))
    make_message(db, ticket, occurred_at=BEGAN + timedelta(seconds=2), reply_to_id=old.id)
    make_message(db, ticket, occurred_at=BEGAN + timedelta(seconds=3), reply_to_id=near.id)
    make_message(db, ticket, occurred_at=BEGAN + timedelta(seconds=4), reply_to_id=make_message(db).id)
    part = page(db, ticket, None, 4)
    assert [row.id for row in part.quoted] == [old.id]


@pytest.mark.parametrize(
    "cursor", ["", "x", "1", "1-", "1-0", "-1-5", "1-2-3", "9" * 40 + "-1", "1-" + "9" * 12]
)
def test_what_is_no_cursor(db: Session, cursor: str) -> None:
    with pytest.raises(UnknownCursor):
        page(db, make_ticket(db), cursor, 5)


def test_an_empty_thread_and_no_ticket(db: Session) -> None:
    part = page(db, make_ticket(db), None, 5)
    assert (part.messages, part.quoted, part.earlier_cursor) == ([], [], None)
    for ticket_id in (0, 10**12, 999_999):
        with pytest.raises(TicketNotFound):
            find_ticket(db, ticket_id)


def test_of_a_long_thread_the_end_is_enough_and_all_of_it_can_be_had(db: Session) -> None:
    ticket = make_ticket(db)
    with transaction(db):
        db.execute(
            insert(SupportMessage),
            [
                {
                    "ticket_id": ticket.id,
                    "contact_id": ticket.contact_id,
                    "sender_type": "user",
                    "sender_name": "Chi",
                    "message": f"Line {number}",
                    "occurred_at": BEGAN + timedelta(seconds=number),
                }
                for number in range(5_000)
            ],
        )
    newest = page(db, ticket, None, 100)
    assert [newest.messages[0].message, newest.messages[-1].message] == ["Line 4900", "Line 4999"]
    assert newest.earlier_cursor is not None
    whole = page(db, ticket, None, None)
    assert (len(whole.messages), whole.earlier_cursor) == (5_000, None)
