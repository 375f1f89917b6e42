from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import SessionLocal, utc_now
from config.settings import get_settings
from models import Admin, Conversation, DeskEvent, SupportMessage, SupportTicket
from models.support_ticket import LIVE_STATUSES, MessageKind, SenderType, TicketPriority, TicketStatus
from services.errors import AdminNotFound
from services.support_service import SupportService
from services.ticket_change_service import (
    AlreadyAssigned,
    Change,
    LiveTicketExists,
    TicketChanged,
    UnknownPriority,
    change_ticket,
)
from services.ticket_lifecycle import StatusNotAllowed
from tests.desk import count, events, stored
from tests.factories import make_admin, make_contact, make_conversation, make_message, make_ticket
from tests.together import together


def claim(db: Session, ticket_id: int, admin_id: int, version: int | None = None) -> SupportTicket:
    admin = db.get_one(Admin, admin_id)
    return change_ticket(db, ticket_id, Change(assigned_admin_id=admin_id), actor=admin, version=version)


def activities(ticket: SupportTicket) -> list[tuple[str, str, Any]]:
    """The sentences on the timeline with what they say in fields."""
    rows = [each for each in stored(ticket.id).messages if each.kind == MessageKind.ACTIVITY]
    assert {row.sender_type for row in rows} <= {"admin"}
    return [(row.sender_name, row.message, row.payload) for row in rows]


def test_everything_at_once_is_one_act_with_a_row_for_each_thing(db: Session) -> None:
    ada = make_admin(db, name="Ada")
    ticket = make_ticket(db)
    change = Change(status="IN_PROGRESS", priority="URGENT", assigned_admin_id=ada.id)
    change_ticket(db, ticket.id, change, actor=ada, version=ticket.version)
    found = stored(ticket.id)
    assert (found.status, found.priority) == (TicketStatus.IN_PROGRESS, TicketPriority.URGENT)
    assert found.assigned_admin_id == ada.id
    assert found.assigned_admin is not None
    assert activities(ticket) == [
        (
            "Ada",
            "Ada changed the status to in progress.",
            {"activity": "status", "from": "OPEN", "to": "IN_PROGRESS"},
        ),
        (
            "Ada",
            "Ada changed the priority to urgent.",
            {"activity": "priority", "from": "MEDIUM", "to": "URGENT"},
        ),
        ("Ada", "Ada took the ticket.", {"activity": "assignee", "from": None, "to": ada.id}),
    ]
    rows = [row.id for row in found.messages]
    assert events(db) == [
        *(("message.created", ticket.id, row) for row in rows),
        ("ticket.updated", ticket.id, None),
    ]


def test_the_assignee_in_sentences(db: Session) -> None:
    ada, bola = make_admin(db, name="Ada"), make_admin(db, name="Bola")
    ticket = make_ticket(db)
    change_ticket(db, ticket.id, Change(assigned_admin_id=bola.id), actor=ada)
    change_ticket(db, ticket.id, Change(unassign=True), actor=ada)
    SupportService.assign_ticket(db, ticket.id, ada.id)
    business = get_settings().business_name
    assert [sentence for _, sentence, _ in activities(ticket)] == [
        "Ada assigned the ticket to Bola.",
        "Ada took the assignee off.",
        f"{business} assigned the ticket to Ada.",
    ]


@pytest.mark.parametrize(
    "change",
    [
        Change(),
        Change(status="OPEN"),
        Change(priority="MEDIUM"),
        Change(unassign=True),
        Change(status="OPEN", priority="MEDIUM", unassign=True),
    ],
)
def test_what_is_so_already_is_no_change(db: Session, change: Change) -> None:
    ticket = make_ticket(db)
    version, updated_at = ticket.version, ticket.updated_at
    change_ticket(db, ticket.id, change)
    found = stored(ticket.id)
    assert (found.version, found.updated_at) == (version, updated_at)
    assert count(DeskEvent) == count(SupportMessage) == 0


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (Change(status="CLOSED", priority="MOST"), UnknownPriority),
        (Change(status="CLOSED", priority="urgent"), UnknownPriority),
        (Change(status="CLOSED", priority="URGENT", assigned_admin_id=2**31 - 1), AdminNotFound),
        (Change(status="CLOSED", assigned_admin_id=0), AdminNotFound),
    ],
)
def test_a_change_that_is_refused_in_part_is_refused_as_a_whole(
    db: Session, change: Change, error: type[Exception]
) -> None:
    ticket = make_ticket(db)
    with pytest.raises(error):
        change_ticket(db, ticket.id, change)
    found = stored(ticket.id)
    assert (found.status, found.priority, found.version) == (TicketStatus.OPEN, TicketPriority.MEDIUM, 1)
    assert count(DeskEvent) == count(SupportMessage) == 0
    assert ticket.status == TicketStatus.OPEN


def test_a_disabled_admin_gets_no_ticket(db: Session) -> None:
    gone = make_admin(db, disabled_at=utc_now())
    ticket = make_ticket(db)
    with pytest.raises(AdminNotFound):
        change_ticket(db, ticket.id, Change(assigned_admin_id=gone.id))


@pytest.mark.promise("P21")
def test_who_saw_another_version_changes_nothing(db: Session) -> None:
    ticket = make_ticket(db)
    seen = ticket.version
    change_ticket(db, ticket.id, Change(priority="HIGH"), version=seen)
    for version in (seen, seen + 2, 0, -1):
        with pytest.raises(TicketChanged, match=f"#{ticket.id}"):
            change_ticket(db, ticket.id, Change(priority="LOW"), version=version)
    change_ticket(db, ticket.id, Change(priority="LOW"), version=seen + 1)
    assert stored(ticket.id).priority == TicketPriority.LOW


def test_a_message_in_between_is_a_change_too(db: Session) -> None:
    ticket = make_ticket(db)
    seen = ticket.version
    SupportService.add_message(db, ticket.id, "user", "Ada", "Wait, one more thing")
    with pytest.raises(TicketChanged):
        change_ticket(db, ticket.id, Change(status="CLOSED"), version=seen)


@pytest.mark.promise("P21")
def test_of_many_with_the_same_version_one_wins(db: Session) -> None:
    for _ in range(5):
        ticket = make_ticket(db)
        ticket_id, seen = ticket.id, ticket.version

        def change(session: Session, number: int, ticket_id: int = ticket_id, seen: int = seen) -> str:
            priority = ("LOW", "HIGH", "URGENT")[number % 3]
            return change_ticket(session, ticket_id, Change(priority=priority), version=seen).priority

        found = together(10, change)
        won = [each for each in found if not isinstance(each, Exception)]
        assert len(won) == 1
        assert [type(each) for each in found if isinstance(each, Exception)] == [TicketChanged] * 9
        assert stored(ticket_id).priority == won[0]
        assert len(activities(ticket)) == 1
        db.rollback()


@pytest.mark.promise("P18")
def test_of_many_who_claim_one_wins_and_the_others_are_told_who(db: Session) -> None:
    admins = [make_admin(db) for _ in range(10)]
    names = {admin.id: admin.name for admin in admins}
    ids = list(names)
    for _ in range(10):
        ticket = make_ticket(db)
        ticket_id = ticket.id

        def take(session: Session, number: int, ticket_id: int = ticket_id) -> int | None:
            return claim(session, ticket_id, ids[number]).assigned_admin_id

        found = together(10, take)
        [winner] = [each for each in found if isinstance(each, int)]
        losers = [each for each in found if isinstance(each, Exception)]
        assert [type(each) for each in losers] == [AlreadyAssigned] * 9
        assert {str(each) for each in losers} == {f"{names[winner]} has ticket #{ticket_id} already."}
        assert stored(ticket_id).assigned_admin_id == winner
        assert len(activities(ticket)) == 1
        db.rollback()


def test_who_has_seen_the_holder_may_take_over_and_others_may_reassign(db: Session) -> None:
    ada, bola = make_admin(db), make_admin(db)
    ticket = make_ticket(db, assigned_admin_id=ada.id)
    assert claim(db, ticket.id, ada.id).assigned_admin_id == ada.id
    with pytest.raises(AlreadyAssigned, match=ada.name):
        claim(db, ticket.id, bola.id)
    assert claim(db, ticket.id, bola.id, version=ticket.version).assigned_admin_id == bola.id
    change_ticket(db, ticket.id, Change(assigned_admin_id=ada.id), actor=bola)
    assert stored(ticket.id).assigned_admin_id == ada.id


@pytest.mark.parametrize("ended", [TicketStatus.RESOLVED, TicketStatus.CLOSED])
def test_no_ticket_is_reopened_beside_a_live_one(db: Session, ended: TicketStatus) -> None:
    contact = make_contact(db)
    old, live = make_ticket(db, contact, status=ended), make_ticket(db, contact)
    with pytest.raises(LiveTicketExists, match=f"#{live.id}"):
        SupportService.update_ticket_status(db, old.id, "OPEN")
    SupportService.update_ticket_status(db, live.id, "CLOSED")
    assert SupportService.update_ticket_status(db, old.id, "OPEN").live_contact_id == contact.id


def test_of_many_who_reopen_at_once_one_ticket_of_the_customer_wins(db: Session) -> None:
    for _ in range(3):
        contact = make_contact(db)
        ids = [make_ticket(db, contact, status=TicketStatus.RESOLVED).id for _ in range(6)]

        def reopen(session: Session, number: int, ids: list[int] = ids) -> int:
            return SupportService.update_ticket_status(session, ids[number], "OPEN").id

        found = together(6, reopen)
        [winner] = [each for each in found if isinstance(each, int)]
        assert {str(each) for each in found if isinstance(each, Exception)} == {
            f"This customer has ticket #{winner} open already; answer there."
        }
        assert {type(each) for each in found} == {int, LiveTicketExists}
        db.rollback()


def test_a_change_of_status_and_the_talk_with_the_bot(db: Session) -> None:
    """The end of a ticket ends the state, its reopening brings it back; between live states nothing moves."""
    contact = make_contact(db)
    make_conversation(db, contact, state="chat_support")
    ticket = make_ticket(db, contact)

    def talk() -> str:
        with SessionLocal() as other:
            return other.scalars(select(Conversation.state)).one()

    in_charge = {}
    for status in ("IN_PROGRESS", "RESOLVED", "CLOSED", "OPEN", "CLOSED"):
        SupportService.update_ticket_status(db, ticket.id, status)
        in_charge[status] = talk() == "chat_support"
        assert in_charge[status] == (status in LIVE_STATUSES)


def test_the_time_of_the_end_is_kept_until_it_is_live_again(db: Session) -> None:
    ticket = make_ticket(db, waiting_since=utc_now())
    SupportService.update_ticket_status(db, ticket.id, "RESOLVED")
    resolved_at = stored(ticket.id).resolved_at
    assert resolved_at is not None
    assert stored(ticket.id).waiting_since is None
    SupportService.update_ticket_status(db, ticket.id, "CLOSED")
    assert stored(ticket.id).resolved_at == resolved_at
    with pytest.raises(StatusNotAllowed):
        SupportService.update_ticket_status(db, ticket.id, "RESOLVED")
    SupportService.update_ticket_status(db, ticket.id, "OPEN")
    assert stored(ticket.id).resolved_at is None


def test_who_waited_at_the_end_waits_again_when_the_desk_reopens_the_ticket(db: Session) -> None:
    began = utc_now() - timedelta(hours=1)
    ticket = make_ticket(db, created_at=began, waiting_since=began)

    def reopened() -> datetime | None:
        SupportService.update_ticket_status(db, ticket.id, "RESOLVED")
        assert stored(ticket.id).waiting_since is None
        SupportService.update_ticket_status(db, ticket.id, "IN_PROGRESS")
        return stored(ticket.id).waiting_since

    assert reopened() == began
    desk = {"sender_type": SenderType.ADMIN, "sender_name": "Ada"}
    make_message(db, ticket, **desk)
    assert reopened() is None
    asked = [make_message(db, ticket, created_at=began + timedelta(minutes=each)) for each in (10, 20)]
    make_message(db, ticket, kind=MessageKind.NOTE, **desk)
    make_message(db, ticket, sender_type=SenderType.BOT)
    assert reopened() == asked[0].created_at


@pytest.mark.parametrize("status", [TicketStatus.RESOLVED, TicketStatus.CLOSED])
def test_nobody_waits_on_a_ticket_that_has_ended(db: Session, status: TicketStatus) -> None:
    ticket = make_ticket(db, status=status, resolved_at=utc_now())
    SupportService.add_message(db, ticket.id, "user", "Ada", "Noted by the desk")
    assert stored(ticket.id).waiting_since is None
    assert stored(ticket.id).unread_count == 1
