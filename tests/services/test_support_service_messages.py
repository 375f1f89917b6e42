"""Messages on a ticket: who wrote, what follows, how long, and the same one again."""

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import DeskEvent, OutboundMessage, SupportMessage
from models.support_ticket import TicketStatus
from realtime.bus import EVENTS, OUTBOX
from services.client_ids import ClientIdReused
from services.message_text import EmptyMessage, MessageTooLong
from services.sending_rules import TicketClosed
from services.support_service import SupportService, UnknownSenderType
from tests.desk import count, events, stored
from tests.factories import make_admin, make_ticket
from tests.together import together


def test_an_admins_message_goes_out_and_starts_the_work(db: Session, woken: list[str]) -> None:
    admin = make_admin(db)
    ticket = make_ticket(db, unread_count=2)
    version = ticket.version
    message = SupportService.add_message(db, ticket.id, "admin", "Bola", " Which one? ", admin_id=admin.id)
    found = stored(ticket.id)
    assert (found.status, found.waiting_since) == (TicketStatus.IN_PROGRESS, None)
    assert found.last_message_preview == "Which one?"
    assert found.version > version
    [outbound] = db.scalars(select(OutboundMessage))
    assert (outbound.contact_id, outbound.state) == (ticket.contact_id, "queued")
    assert outbound.phone_number_id == ticket.phone_number_id
    assert outbound.payload == {"type": "text", "text": {"body": "Which one?", "preview_url": False}}
    [row] = found.messages
    assert (row.sender_type, row.sender_name, row.outbound_id) == ("admin", "Bola", outbound.id)
    assert (row.admin_id, row.id) == (admin.id, message.id)
    assert events(db) == [("message.created", ticket.id, row.id), ("ticket.updated", ticket.id, None)]
    assert sorted(woken) == [EVENTS, OUTBOX]


@pytest.mark.parametrize(
    ("sender", "status", "after"),
    [
        ("admin", TicketStatus.OPEN, TicketStatus.IN_PROGRESS),
        ("admin", TicketStatus.IN_PROGRESS, TicketStatus.IN_PROGRESS),
        ("admin", TicketStatus.RESOLVED, TicketStatus.RESOLVED),
        ("user", TicketStatus.OPEN, TicketStatus.OPEN),
        ("user", TicketStatus.IN_PROGRESS, TicketStatus.IN_PROGRESS),
        ("bot", TicketStatus.OPEN, TicketStatus.OPEN),
    ],
)
def test_what_a_message_does_to_the_status(
    db: Session, sender: str, status: TicketStatus, after: TicketStatus
) -> None:
    ticket = make_ticket(db, status=status)
    SupportService.add_message(db, ticket.id, sender, "Somebody", "Words")
    assert stored(ticket.id).status == after
    assert count(OutboundMessage) == (sender == "admin")


def test_a_customers_message_waits_unread_until_the_answer(db: Session) -> None:
    ticket = make_ticket(db)
    SupportService.add_message(db, ticket.id, "user", "Ada", "One")
    first = stored(ticket.id)
    SupportService.add_message(db, ticket.id, "user", "Ada", "Two")
    second = stored(ticket.id)
    assert (first.unread_count, second.unread_count) == (1, 2)
    assert first.waiting_since == second.waiting_since is not None
    SupportService.add_message(db, ticket.id, "admin", "Bola", "Answer")
    assert stored(ticket.id).waiting_since is None


def test_nothing_is_sent_from_a_closed_ticket(db: Session) -> None:
    ticket = make_ticket(db, status=TicketStatus.CLOSED)
    with pytest.raises(TicketClosed, match=f"#{ticket.id}"):
        SupportService.add_message(db, ticket.id, "admin", "Bola", "Hello")
    assert count(SupportMessage) == count(OutboundMessage) == count(DeskEvent) == 0


@pytest.mark.parametrize("letter", ["a", "é", "😀"])
def test_whatsapps_limit_is_in_characters(db: Session, letter: str) -> None:
    ticket = make_ticket(db)
    message = SupportService.add_message(db, ticket.id, "admin", "Bola", letter * 4096)
    db.rollback()
    db.refresh(message)
    assert message.message == letter * 4096
    with pytest.raises(MessageTooLong, match="4,097"):
        SupportService.add_message(db, ticket.id, "admin", "Bola", letter * 4097)
    SupportService.add_message(db, ticket.id, "user", "Ada", letter * 65_536)
    with pytest.raises(MessageTooLong, match="65,537"):
        SupportService.add_message(db, ticket.id, "user", "Ada", letter * 65_537)
    assert count(SupportMessage) == 2


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u2003"])
def test_nothing_to_read_is_no_message(db: Session, text: str) -> None:
    ticket = make_ticket(db)
    for sender in ("user", "admin", "bot"):
        with pytest.raises(EmptyMessage):
            SupportService.add_message(db, ticket.id, sender, "Somebody", text)
    assert count(SupportMessage) == 0


@pytest.mark.parametrize("sender", ["", "ADMIN", "customer", "x" * 500])
def test_an_unknown_sender_type_is_named(db: Session, sender: str) -> None:
    ticket = make_ticket(db)
    with pytest.raises(UnknownSenderType, match="user, admin, bot"):
        SupportService.add_message(db, ticket.id, sender, "Somebody", "Words")


def test_the_same_client_id_is_the_same_message(db: Session) -> None:
    ticket = make_ticket(db)
    client_id = str(uuid.uuid4())
    first = SupportService.add_message(db, ticket.id, "admin", "Bola", "Hello", client_id=client_id)
    SupportService.update_ticket_status(db, ticket.id, "CLOSED")
    told = events(db)
    again = SupportService.add_message(db, ticket.id, "admin", "Bola", " Hello\n", client_id=client_id)
    assert again.id == first.id
    assert count(OutboundMessage) == 1
    assert events(db) == told


def test_a_client_id_names_one_message_only(db: Session) -> None:
    ticket, other = make_ticket(db), make_ticket(db)
    client_id = str(uuid.uuid4())
    SupportService.add_message(db, ticket.id, "admin", "Bola", "Hello", client_id=client_id)
    for ticket_id, sender, words in (
        (ticket.id, "admin", "Hullo"),
        (ticket.id, "user", "Hello"),
        (other.id, "admin", "Hello"),
    ):
        with pytest.raises(ClientIdReused):
            SupportService.add_message(db, ticket_id, sender, "Bola", words, client_id=client_id)
    assert count(SupportMessage) == count(OutboundMessage) == 1


def test_the_same_client_id_many_times_at_once_is_sent_once(db: Session) -> None:
    ticket = make_ticket(db)
    client_id = str(uuid.uuid4())

    def answer(session: Session, _: int) -> int:
        return SupportService.add_message(
            session, ticket.id, "admin", "Bola", "Hello", client_id=client_id
        ).id

    found = together(20, answer)
    assert [each for each in found if isinstance(each, Exception)] == []
    assert len(set(found)) == 1
    assert count(OutboundMessage) == count(SupportMessage) == 1


def test_the_same_client_id_on_many_tickets_at_once_is_taken_once(db: Session) -> None:
    tickets = [make_ticket(db).id for _ in range(10)]
    client_id = str(uuid.uuid4())

    def answer(session: Session, number: int) -> int:
        return SupportService.add_message(
            session, tickets[number], "admin", "Bola", "Hello", client_id=client_id
        ).id

    found = together(10, answer)
    assert sorted(type(each).__name__ for each in found) == ["ClientIdReused"] * 9 + ["int"]
    assert count(OutboundMessage) == count(SupportMessage) == 1


def test_many_answers_at_once_are_all_there(db: Session) -> None:
    ticket = make_ticket(db)

    def answer(session: Session, number: int) -> str:
        SupportService.add_message(session, ticket.id, "user", "Ada", f"Message {number}")
        return SupportService.add_message(session, ticket.id, "admin", "Bola", f"Answer {number}").message

    assert together(10, answer) == [f"Answer {number}" for number in range(10)]
    found = stored(ticket.id)
    assert (found.unread_count, len(found.messages)) == (10, 20)
    assert found.version == 1 + 20 + 1
