"""A desk whose clock is a little behind WhatsApp's: the thread still reads as it was written."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import utc_now
from models import SupportTicket
from models.support_ticket import whole_seconds
from services import note_service
from services.support_service import SupportService
from services.thread_page_service import find_ticket, page
from services.ticket_timeline import moment
from tests.factories import make_admin
from tests.webhooks import receive_text
from whatsapp.values import CLOCK_SKEW


def test_what_the_desk_says_stands_after_what_it_answers(db: Session) -> None:
    ahead = int(utc_now().timestamp()) + 300
    receive_text(db, "Chat Support", timestamp=str(ahead))
    receive_text(db, "Where is it?", timestamp=str(ahead + 2))
    ada = make_admin(db)
    ticket = db.scalars(select(SupportTicket)).one()
    note_service.add(db, ticket.id, ada, "I ask the driver")
    SupportService.assign_ticket(db, ticket.id, ada.id)
    SupportService.add_message(db, ticket.id, "admin", "Ada", "On its way", admin_id=ada.id)
    receive_text(db, "Thank you", timestamp=str(ahead + 4))
    ids = [row.id for row in page(db, find_ticket(db, ticket.id), None, None).messages]
    assert len(ids) == 7
    assert ids == sorted(ids)


def test_an_answer_is_the_last_that_the_list_shows(db: Session) -> None:
    receive_text(db, "Chat Support", timestamp=str(int(utc_now().timestamp()) + 300))
    ticket = db.scalars(select(SupportTicket)).one()
    SupportService.add_message(db, ticket.id, "admin", "Ada", "Which parcel?")
    assert find_ticket(db, ticket.id).last_message_preview == "Which parcel?"


def test_no_time_that_a_clock_cannot_be_behind_by_is_followed() -> None:
    now = whole_seconds(utc_now())
    for last, expected in (
        (None, now),
        (now - timedelta(hours=1), now),
        (now + CLOCK_SKEW, now + CLOCK_SKEW),
        (now + CLOCK_SKEW + timedelta(seconds=1), now),
    ):
        assert moment(now, last) == expected
