"""The seven methods, as somebody who has only read their signatures would call them."""

import inspect
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction
from config.settings import get_settings
from models import Contact, Conversation, DeskEvent, OutboundMessage, SupportMessage, SupportTicket
from models.support_ticket import TicketPriority, TicketStatus
from realtime.bus import EVENTS, OUTBOX
from services import reply_service, support_service
from services.errors import AdminNotFound, DeskError, TicketNotFound
from services.message_text import EmptyMessage, MessageTooLong
from services.phone_numbers import InvalidPhoneNumber
from services.support_service import SupportService
from services.ticket_lifecycle import FOLLOWING, StatusNotAllowed, UnknownStatus
from tests.desk import count, events, stored
from tests.factories import make_admin, make_ticket
from tests.together import together

PHONE = "+234 803 123 4567"
STORED_PHONE = "2348031234567"


def test_the_seven_methods_by_position() -> None:
    db = SessionLocal()
    admin = make_admin(db)
    ticket = SupportService.create_ticket(db, PHONE, "Ada", "My phone came broken")
    message = SupportService.add_message(db, ticket.id, "admin", "Bola", "Which one?")
    assert isinstance(message, SupportMessage)
    assert SupportService.get_ticket(db, ticket.id) is ticket
    assert SupportService.get_open_tickets(db, 0, 50) == [ticket]
    assert SupportService.get_notifications(db) == {
        "open_tickets": 0,
        "in_progress_tickets": 1,
        "unassigned_tickets": 1,
        "has_alerts": True,
    }
    assert SupportService.assign_ticket(db, ticket.id, admin.id).assigned_admin_id == admin.id
    assert SupportService.update_ticket_status(db, ticket.id, "RESOLVED").status == "RESOLVED"
    db.close()


def test_the_seven_methods_by_keyword(db: Session) -> None:
    admin = make_admin(db)
    ticket = SupportService.create_ticket(
        db=db, phone_number=PHONE, sender_name="Ada", issue_description="My phone came broken"
    )
    message = SupportService.add_message(
        db=db, ticket_id=ticket.id, sender_type="user", sender_name="Ada", message="The black one"
    )
    assert message.ticket_id == ticket.id
    assert SupportService.get_ticket(db=db, ticket_id=ticket.id) is ticket
    assert SupportService.get_open_tickets(db=db, skip=0, limit=1) == [ticket]
    assert SupportService.get_notifications(db=db)["open_tickets"] == 1
    SupportService.assign_ticket(db=db, ticket_id=ticket.id, admin_id=admin.id)
    SupportService.update_ticket_status(db=db, ticket_id=ticket.id, status="CLOSED")
    assert stored(ticket.id).status == "CLOSED"


def test_the_seven_methods_are_all_there_are() -> None:
    public = [name for name, _ in inspect.getmembers(SupportService) if not name.startswith("_")]
    assert sorted(public) == [
        "add_message",
        "assign_ticket",
        "create_ticket",
        "get_notifications",
        "get_open_tickets",
        "get_ticket",
        "update_ticket_status",
    ]


def test_each_call_is_durable_when_it_returns(db: Session) -> None:
    admin = make_admin(db)
    ticket = SupportService.create_ticket(db, PHONE, "Ada", "Broken")
    found = stored(ticket.id)
    assert (found.status, found.priority) == (TicketStatus.OPEN, TicketPriority.MEDIUM)
    assert (found.phone_number, found.sender_name, found.issue_description) == (STORED_PHONE, "Ada", "Broken")
    assert found.created_at == found.updated_at == ticket.created_at
    SupportService.add_message(db, ticket.id, "user", "Ada", "Hello?")
    assert [each.message for each in stored(ticket.id).messages] == ["Hello?"]
    SupportService.assign_ticket(db, ticket.id, admin.id)
    assert stored(ticket.id).assigned_admin_id == admin.id
    SupportService.update_ticket_status(db, ticket.id, "RESOLVED")
    found = stored(ticket.id)
    assert (found.status, found.live_contact_id) == (TicketStatus.RESOLVED, None)
    assert found.resolved_at is not None


def test_calls_in_one_act_stand_or_fall_together(db: Session, woken: list[str]) -> None:
    with pytest.raises(RuntimeError), transaction(db):  # noqa: PT012 - what has to fail is the whole act
        ticket = SupportService.create_ticket(db, PHONE, "Ada", "Broken")
        SupportService.add_message(db, ticket.id, "admin", "Bola", "Hello")
        SupportService.update_ticket_status(db, ticket.id, "CLOSED")
        assert count(SupportTicket) == 0
        raise RuntimeError
    for model in (SupportTicket, SupportMessage, OutboundMessage, DeskEvent, Contact, Conversation):
        assert count(model) == 0, model
    assert woken == []


def test_a_new_ticket_puts_a_person_in_charge_and_tells_the_desk(db: Session, woken: list[str]) -> None:
    ticket = SupportService.create_ticket(db, PHONE, "Ada", " Broken\n")
    conversation = db.scalars(select(Conversation)).one()
    assert (conversation.state, conversation.contact_id) == ("chat_support", ticket.contact_id)
    assert conversation.phone_number_id == get_settings().whatsapp_phone_number_id
    assert events(db) == [("ticket.created", ticket.id, None)]
    assert woken == [EVENTS]
    assert ticket.issue_description == "Broken"
    assert count(OutboundMessage) == 0


def test_a_second_ticket_of_a_customer_is_the_first(db: Session) -> None:
    first = SupportService.create_ticket(db, PHONE, "Ada", "Broken")
    second = SupportService.create_ticket(db, "08031234567", "Ada O.", "Torn")
    assert second.id == first.id
    found = stored(first.id)
    assert (found.issue_description, found.sender_name, found.version) == ("Broken", "Ada", 1)
    assert len(events(db)) == 1
    SupportService.update_ticket_status(db, first.id, "IN_PROGRESS")
    assert SupportService.create_ticket(db, PHONE, "Ada", "Torn").id == first.id
    SupportService.update_ticket_status(db, first.id, "RESOLVED")
    assert SupportService.create_ticket(db, PHONE, "Ada", "Torn").id != first.id
    assert (
        SupportService.create_ticket(db, "+49 1555 0203344", "Mira", "Late").phone_number == "4915550203344"
    )


def test_many_who_ask_at_once_get_one_ticket(db: Session) -> None:
    def ask(session: Session, number: int) -> int:
        return SupportService.create_ticket(session, PHONE, f"Ada {number}", "Broken").id

    for _ in range(3):
        found = together(10, ask)
        assert [each for each in found if isinstance(each, Exception)] == []
        assert len(set(found)) == 1
        db.rollback()
        [live] = SupportService.get_open_tickets(db)
        assert live.id == found[0]
        SupportService.update_ticket_status(db, live.id, "CLOSED")
    assert count(SupportTicket) == 3
    assert count(Contact) == 1


@pytest.mark.parametrize(
    ("phone", "description", "error"),
    [
        ("abc", "Broken", InvalidPhoneNumber),
        ("", "Broken", InvalidPhoneNumber),
        (PHONE, "", EmptyMessage),
        (PHONE, " \n\t", EmptyMessage),
        (PHONE, "x" * 65_537, MessageTooLong),
    ],
)
def test_a_ticket_that_cannot_be(phone: str, description: str, error: type[DeskError]) -> None:
    with SessionLocal() as db, pytest.raises(error):
        SupportService.create_ticket(db, phone, "Ada", description)
    assert count(SupportTicket) == count(Contact) == 0


def test_names_and_words_are_kept_whole_and_can_be_stored(db: Session) -> None:
    words = "💥" * 65_536
    ticket = SupportService.create_ticket(db, PHONE, "N" * 300, words)
    found = stored(ticket.id)
    assert (found.sender_name, found.issue_description) == ("N" * 255, words)
    SupportService.add_message(db, ticket.id, "user", "\ud800", "a\x00b")
    [message] = stored(ticket.id).messages
    assert (message.sender_name, message.message) == ("\ufffd", "a\ufffdb")


def test_without_a_name_the_number_is_shown(db: Session) -> None:
    assert SupportService.create_ticket(db, PHONE, " ", "Broken").sender_name == f"+{STORED_PHONE}"


@pytest.mark.parametrize("ticket_id", [-1, 0, 1, 2**31 - 1, 2**31, 2**70])
def test_an_unknown_ticket_is_named(db: Session, ticket_id: int) -> None:
    calls: list[Callable[[], object]] = [
        lambda: SupportService.add_message(db, ticket_id, "admin", "Bola", "Words"),
        lambda: SupportService.update_ticket_status(db, ticket_id, "CLOSED"),
        lambda: SupportService.assign_ticket(db, ticket_id, 1),
    ]
    for call in calls:
        with pytest.raises(TicketNotFound, match=f"no ticket #{ticket_id}"):
            call()
    assert SupportService.get_ticket(db, ticket_id) is None


@pytest.mark.parametrize("status", ["", "open", "DONE", "x" * 500])
def test_an_unknown_status_is_named(db: Session, status: str) -> None:
    ticket = make_ticket(db)
    with pytest.raises(UnknownStatus, match="OPEN, IN_PROGRESS, RESOLVED, CLOSED"):
        SupportService.update_ticket_status(db, ticket.id, status)


@pytest.mark.parametrize("admin_id", [-1, 0, 1, 2**31, 2**70])
def test_an_unknown_admin_is_named(db: Session, admin_id: int) -> None:
    ticket = make_ticket(db)
    with pytest.raises(AdminNotFound, match=str(admin_id)):
        SupportService.assign_ticket(db, ticket.id, admin_id)
    assert stored(ticket.id).assigned_admin_id is None


@pytest.mark.parametrize("before", TicketStatus)
@pytest.mark.parametrize("wanted", TicketStatus)
def test_each_transition(db: Session, before: TicketStatus, wanted: TicketStatus) -> None:
    ticket = make_ticket(db, status=before)
    if wanted != before and wanted not in FOLLOWING[before]:
        with pytest.raises(StatusNotAllowed, match=f"{before} cannot become {wanted}"):
            SupportService.update_ticket_status(db, ticket.id, wanted)
    else:
        SupportService.update_ticket_status(db, ticket.id, wanted)
        before = wanted
    found = stored(ticket.id)
    assert found.status == before
    assert (found.live_contact_id is not None) == (before in {"OPEN", "IN_PROGRESS"})


def test_a_closed_ticket_is_only_opened() -> None:
    assert FOLLOWING[TicketStatus.CLOSED] == {TicketStatus.OPEN}


def test_when_something_inside_fails_nothing_is_left(
    db: Session, woken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = make_ticket(db)
    version = ticket.version

    def fail(*_: object) -> None:
        raise RuntimeError("the last step fails")

    for module in (support_service, reply_service):
        monkeypatch.setattr(module, "record", fail)
    with pytest.raises(RuntimeError):
        SupportService.add_message(db, ticket.id, "admin", "Bola", "Hello")
    with pytest.raises(RuntimeError):
        SupportService.create_ticket(db, PHONE, "Ada", "Broken")
    assert woken == []
    for model in (SupportMessage, OutboundMessage, DeskEvent, Conversation):
        assert count(model) == 0, model
    assert count(SupportTicket) == count(Contact) == 1
    found = stored(ticket.id)
    assert (found.status, found.version) == (TicketStatus.OPEN, version)
    monkeypatch.undo()
    SupportService.add_message(db, ticket.id, "admin", "Bola", "Hello")
    assert sorted(woken) == [EVENTS, OUTBOX]


def test_live_tickets_are_listed_newest_first(db: Session) -> None:
    tickets = [make_ticket(db, status=status) for status in [*TicketStatus, *TicketStatus]]
    live = [each for each in reversed(tickets) if each.status in {"OPEN", "IN_PROGRESS"}]
    assert SupportService.get_open_tickets(db) == live
    assert SupportService.get_open_tickets(db, skip=1, limit=2) == live[1:3]
    assert SupportService.get_open_tickets(db, skip=4) == []
    assert SupportService.get_open_tickets(db, limit=0) == []
    assert SupportService.get_open_tickets(db, skip=-5, limit=-1) == []


def test_notifications_count_what_waits(db: Session) -> None:
    empty = {"open_tickets": 0, "in_progress_tickets": 0, "unassigned_tickets": 0, "has_alerts": False}
    assert SupportService.get_notifications(db) == empty
    admin = make_admin(db)
    for status in (TicketStatus.RESOLVED, TicketStatus.CLOSED):
        make_ticket(db, status=status)
    assert SupportService.get_notifications(db) == empty
    make_ticket(db, status=TicketStatus.IN_PROGRESS, assigned_admin_id=admin.id)
    assert SupportService.get_notifications(db) == empty | {"in_progress_tickets": 1}
    make_ticket(db, assigned_admin_id=admin.id)
    expected = {"open_tickets": 1, "in_progress_tickets": 1, "unassigned_tickets": 0, "has_alerts": True}
    assert SupportService.get_notifications(db) == expected
    make_ticket(db, status=TicketStatus.IN_PROGRESS)
    make_ticket(db)
    expected = {"open_tickets": 2, "in_progress_tickets": 2, "unassigned_tickets": 2, "has_alerts": True}
    assert SupportService.get_notifications(db) == expected


def test_an_unassigned_ticket_in_progress_is_an_alert(db: Session) -> None:
    make_ticket(db, status=TicketStatus.IN_PROGRESS)
    assert SupportService.get_notifications(db)["has_alerts"] is True
