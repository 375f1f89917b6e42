from collections.abc import Callable

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction
from models import EventSequence, SupportTicket
from models.support_ticket import TicketStatus
from realtime import ticket_counts
from realtime.ticket_counts import TicketCounts
from services import erasure_service, sample_data_service
from services.actor import Caller
from services.bulk_change_service import change_tickets
from services.sending_rules import TicketClosed
from services.support_service import SupportService
from services.ticket_change_service import Change, LiveTicketExists
from tests.factories import make_admin, make_contact, make_ticket
from tests.together import together
from tests.webhooks import PHONE, deliver, messages_body, receive_text, settle, tap
from worker.clock import Clock


def kept() -> TicketCounts:
    """What is kept, which must be current and that of the tickets."""
    with SessionLocal() as db:
        found, counted = ticket_counts.compare(db)
    assert found == counted
    return counted


def opened(db: Session, number: int) -> int:
    return SupportService.create_ticket(db, f"+23480312{number:05d}", "Ada", "No charger").id


def test_they_follow_a_ticket_through_its_life(db: Session) -> None:
    assert kept() == (0, 0, 0)
    ticket, admin = opened(db, 1), make_admin(db)
    assert kept() == (1, 0, 1)
    assert opened(db, 1) == ticket
    assert kept() == (1, 0, 1)
    SupportService.assign_ticket(db, ticket, admin.id)
    assert kept() == (1, 0, 0)
    SupportService.add_message(db, ticket, "admin", "Bola", "Is the lamp on?")
    assert kept() == (0, 1, 0)
    SupportService.assign_ticket(db, ticket, None)
    assert kept() == (0, 1, 1)
    SupportService.update_ticket_status(db, ticket, "CLOSED")
    SupportService.assign_ticket(db, ticket, admin.id)
    assert kept() == (0, 0, 0)
    with pytest.raises(TicketClosed):
        SupportService.add_message(db, ticket, "admin", "Bola", "One more thing")
    another = opened(db, 1)
    with pytest.raises(LiveTicketExists):
        SupportService.update_ticket_status(db, ticket, "OPEN")
    assert kept() == (1, 0, 1)
    erasure_service.erase(db, db.get_one(SupportTicket, another).contact_id)
    assert kept() == (0, 0, 0)


def test_they_follow_a_customer_who_asks_for_a_person_and_comes_back(db: Session) -> None:
    make_contact(db, phone_number=PHONE)
    receive_text(db, "Chat Support")
    assert kept() == (1, 0, 1)
    [ticket] = SupportService.get_open_tickets(db)
    SupportService.update_ticket_status(db, ticket.id, "RESOLVED")
    assert kept() == (0, 0, 0)
    deliver(db, messages_body(tap(f"reopen:{ticket.id}")))
    settle(db)
    assert kept() == (1, 0, 1)


def test_a_bulk_change_that_is_refused_for_some_counts_the_others(db: Session) -> None:
    free, closed = opened(db, 1), opened(db, 2)
    admin = make_admin(db)
    SupportService.update_ticket_status(db, closed, "CLOSED")
    wanted = Change(status="RESOLVED", assigned_admin_id=admin.id)
    outcome = change_tickets(db, [free, closed], wanted, Caller(admin))
    assert [each for each, _ in outcome.refused] == [closed]
    assert kept() == (0, 0, 0)


def test_samples_come_and_go(db: Session) -> None:
    asker = Caller(make_admin(db))
    sample_data_service.add(db, asker)
    assert kept().open_tickets > 0
    sample_data_service.clear(db, asker)
    assert kept() == (0, 0, 0)


def test_what_is_undone_is_not_counted(db: Session) -> None:
    ticket = opened(db, 1)

    def fail() -> None:
        with transaction(db):
            SupportService.update_ticket_status(db, ticket, "RESOLVED")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert kept() == (1, 0, 1)


def test_of_many_acts_at_once_beside_a_count_none_is_missed(db: Session) -> None:
    def act(db: Session, number: int) -> None:
        for turn in range(10):
            if number == 0:
                db.execute(update(EventSequence).values(counted_seq=-1))
                db.commit()
                ticket_counts.mend(db)
            else:
                ticket = opened(db, 10 * number + turn)
                SupportService.update_ticket_status(db, ticket, "RESOLVED" if turn % 2 else "IN_PROGRESS")

    for outcome in together(9, act):
        assert outcome is None
    assert kept() == (0, 40, 40)


def by_release_before(db: Session, ticket: SupportTicket) -> None:
    """It knows nothing of the counts, and tells the desk all the same."""
    db.execute(
        update(SupportTicket).where(SupportTicket.id == ticket.id).values(status=TicketStatus.IN_PROGRESS)
    )
    db.execute(update(EventSequence).values(last_seq=EventSequence.last_seq + 1))
    db.commit()


def by_script(db: Session, ticket: SupportTicket) -> None:
    ticket.status = TicketStatus.IN_PROGRESS
    db.commit()


@pytest.mark.parametrize("write", [by_release_before, by_script])
def test_who_keeps_no_counts_makes_none_wrong(
    db: Session, write: Callable[[Session, SupportTicket], None]
) -> None:
    ticket = db.get_one(SupportTicket, opened(db, 1))
    write(db, ticket)
    opened(db, 2)
    with SessionLocal() as another:
        assert ticket_counts.read(another) == (1, 1, 2)
        assert ticket_counts.compare(another)[0] is None
    Clock().round(db)
    assert kept() == (1, 1, 2)


def test_a_script_that_adds_and_deletes_tickets_makes_none_wrong(db: Session) -> None:
    ticket = make_ticket(db)
    another = make_contact(db)
    db.add(
        SupportTicket(
            contact_id=another.id,
            live_contact_id=another.id,
            phone_number_id="1",
            sender_name="Bola",
            issue_description="No charger",
        )
    )
    db.commit()
    assert SupportService.get_notifications(db)["open_tickets"] == 2
    ticket_counts.mend(db)
    db.delete(ticket)
    db.commit()
    assert SupportService.get_notifications(db)["open_tickets"] == 1


def test_numbers_that_went_wrong_are_put_right_by_the_clock(db: Session) -> None:
    opened(db, 1)
    db.execute(delete(SupportTicket))
    db.commit()
    assert ticket_counts.read(db) == (1, 0, 1)
    Clock().round(db)
    assert kept() == (0, 0, 0)
