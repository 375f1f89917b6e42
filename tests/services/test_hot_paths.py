"""What is done most often asks the database little, and stands in nobody's way."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction
from models import InboundEvent, SupportTicket
from services.inbound_event_service import work_off
from services.support_service import SupportService
from services.ticket_change_service import lock_ticket
from tests.factories import make_ticket
from tests.webhooks import deliver, status, statuses_body

PHONE = "+2348031234567"


def statements(engine: Engine, step: Callable[[], object]) -> list[str]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):  # which MariaDB has no need of
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        step()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sent


def test_a_ticket_for_a_new_customer_takes_ten_statements(db: Session, engine: Engine) -> None:
    sent = statements(engine, lambda: SupportService.create_ticket(db, PHONE, "Ada", "My parcel"))
    assert len(sent) <= 10, "\n".join(sent)


def test_an_answer_takes_nine_statements(db: Session, engine: Engine) -> None:
    ticket = SupportService.create_ticket(db, PHONE, "Ada", "My parcel")
    SupportService.add_message(db, ticket.id, "admin", "Bola", "Hello")
    sent = statements(engine, lambda: SupportService.add_message(db, ticket.id, "admin", "Bola", "Which?"))
    assert len(sent) <= 9, "\n".join(sent)


def test_what_waits_is_known_without_counting(db: Session, engine: Engine) -> None:
    make_ticket(db)
    [sent] = statements(engine, lambda: SupportService.get_notifications(db))
    assert "support_tickets" not in sent


def test_statuses_of_another_programs_messages_are_put_off_together(db: Session, engine: Engine) -> None:
    """Its campaign must not hold up who writes meanwhile."""
    deliver(db, statuses_body(*(status(f"wamid.theirs-{number}") for number in range(150))))
    with transaction(db):  # of one shard, so that one turn takes them all
        db.execute(update(InboundEvent).values(shard=0))
        db.execute(update(InboundEvent).where(InboundEvent.id % 2 == 0).values(attempts=2))
    sent = statements(engine, lambda: work_off(db, [0], "tests"))
    assert len(sent) <= 16, "\n".join(sent)
    waiting = db.execute(select(InboundEvent.attempts, InboundEvent.next_attempt_at)).all()
    assert Counter(row.attempts for row in waiting) == {1: 75, 3: 75}
    assert all(row.next_attempt_at for row in waiting)


def test_who_comes_for_a_ticket_locks_the_customer_alone(db: Session) -> None:
    """A lock on the ticket would be taken before the customer's, which others take first."""
    if db.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    ticket = make_ticket(db)
    with SessionLocal() as other, transaction(other):
        other.execute(update(SupportTicket).where(SupportTicket.id == ticket.id).values(unread_count=7))
        with transaction(db):
            assert lock_ticket(db, ticket.id).unread_count == 0  # and did not wait
