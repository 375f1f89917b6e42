"""A customer's tickets against a simple model, in whatever order the desk and the customer act."""

import time
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from config.database import SessionLocal
from models import Contact, DeskEvent, SupportMessage, SupportTicket
from models.support_ticket import MessageKind, SenderType, TicketStatus
from realtime import ticket_counts
from services import ticket_claim_service, ticket_list_service
from services.inbound_event_service import due_shards, work_off
from services.sending_rules import TicketClosed
from services.support_service import SupportService
from services.ticket_change_service import AlreadyAssigned, Change, LiveTicketExists, change_ticket
from services.ticket_lifecycle import FOLLOWING, StatusNotAllowed
from tests.factories import make_admin, make_contact
from tests.webhooks import deliver, message, messages_body

pytestmark = pytest.mark.promise("P7", "P19", "P21")

LIVE = ("OPEN", "IN_PROGRESS")
STATUSES = (*LIVE, "RESOLVED", "CLOSED")
REFUSED = {("CLOSED", "IN_PROGRESS"), ("CLOSED", "RESOLVED")}
TWO = st.sampled_from([0, 1])


@dataclass
class Ticket:
    status: str = "OPEN"
    holder: int | None = None
    unread: int = 0
    changes: list[str] = field(default_factory=list)


class Life(RuleBasedStateMachine):
    """One customer and two admins. What each act must do stands in the rules, in plain variables."""

    @initialize()
    def begin(self) -> None:
        self.db = SessionLocal()
        self.contact = make_contact(self.db)
        self.admins = [make_admin(self.db) for _ in range(2)]
        self.tickets: dict[int, Ticket] = {}

    def teardown(self) -> None:
        if hasattr(self, "db"):
            self.db.close()

    @property
    def live(self) -> int | None:
        found = [number for number, ticket in self.tickets.items() if ticket.status in LIVE]
        assert len(found) <= 1
        return found[0] if found else None

    def any_ticket(self, which: int) -> int:
        return sorted(self.tickets)[which % len(self.tickets)]

    def move(self, number: int, status: str) -> None:
        self.tickets[number].status = status
        self.tickets[number].changes.append("status")

    @rule()
    def the_desk_opens_one(self) -> None:
        phone = str(self.contact.phone_number)
        ticket = SupportService.create_ticket(self.db, f"+{phone}", "Ada", "No charger")
        if self.live is not None:
            assert ticket.id == self.live
        else:
            assert ticket.id not in self.tickets
            self.tickets[ticket.id] = Ticket()

    @rule()
    def the_customer_writes(self) -> None:
        now = str(int(time.time()))  # or only a template could answer it
        written = message("It is broken", timestamp=now, **{"from": self.contact.phone_number})
        deliver(self.db, messages_body(written))
        work_off(self.db, due_shards(self.db), "model")
        row = self.db.scalars(select(SupportMessage).where(SupportMessage.wamid == written["id"])).one()
        assert row.ticket_id == self.live
        if self.live is not None:
            self.tickets[self.live].unread += 1

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9))
    def the_desk_answers(self, which: int) -> None:
        number = self.any_ticket(which)
        ticket = self.tickets[number]
        try:
            SupportService.add_message(self.db, number, SenderType.ADMIN, "Ada", "Try again")
        except TicketClosed:
            assert ticket.status == "CLOSED"
        else:
            assert ticket.status != "CLOSED"
            if ticket.status == "OPEN":
                ticket.status = "IN_PROGRESS"

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), status=st.sampled_from(STATUSES))
    def its_status_is_changed(self, which: int, status: str) -> None:
        number = self.any_ticket(which)
        before = self.tickets[number].status
        is_revived = status in LIVE and before not in LIVE
        try:
            SupportService.update_ticket_status(self.db, number, status)
        except LiveTicketExists:
            assert is_revived
            assert self.live is not None
        except StatusNotAllowed:
            assert (before, status) in REFUSED
        else:
            assert (before, status) not in REFUSED
            assert not (is_revived and self.live is not None)
            if status != before:
                self.move(number, status)

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), admin=TWO)
    def somebody_claims_it(self, which: int, admin: int) -> None:
        number, who = self.any_ticket(which), self.admins[admin]
        ticket = self.tickets[number]
        try:
            ticket_claim_service.claim(self.db, number, who)
        except AlreadyAssigned:
            assert ticket.holder not in (None, who.id)
        else:
            assert ticket.holder in (None, who.id)
            self.give(ticket, who.id)

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9), admin=st.sampled_from([0, 1, None]))
    def it_is_assigned(self, which: int, admin: int | None) -> None:
        number = self.any_ticket(which)
        wanted = None if admin is None else self.admins[admin].id
        change_ticket(self.db, number, Change(assigned_admin_id=wanted, unassign=wanted is None))
        self.give(self.tickets[number], wanted)

    def give(self, ticket: Ticket, holder: int | None) -> None:
        if ticket.holder != holder:
            ticket.holder = holder
            ticket.changes.append("assignee")

    @precondition(lambda self: self.tickets)
    @rule(which=st.integers(0, 9))
    def it_is_read(self, which: int) -> None:
        number = self.any_ticket(which)
        ticket_list_service.mark_read(self.db, number)
        self.tickets[number].unread = 0

    @invariant()
    def the_database_is_as_the_model(self) -> None:
        with SessionLocal() as db:
            kept, counted = ticket_counts.compare(db)
            assert kept == counted
            mine = select(Contact.id).where(Contact.phone_number == self.contact.phone_number)
            rows = db.scalars(select(SupportTicket).where(SupportTicket.contact_id.in_(mine))).all()
            assert {row.id for row in rows} == self.tickets.keys()
            for row in rows:
                ticket = self.tickets[row.id]
                expected = (ticket.status, ticket.holder, ticket.unread)
                assert (row.status, row.assigned_admin_id, row.unread_count) == expected
                assert (row.live_contact_id is not None) == (ticket.status in LIVE)
                assert (row.resolved_at is None) == (ticket.status in LIVE)
                acts = db.scalars(
                    select(SupportMessage)
                    .where(SupportMessage.ticket_id == row.id, SupportMessage.kind == MessageKind.ACTIVITY)
                    .order_by(SupportMessage.id)
                ).all()
                assert [(act.payload or {})["activity"] for act in acts] == ticket.changes
                told = select(func.count()).where(DeskEvent.ticket_id == row.id)
                assert (db.scalar(told) or 0) > len(ticket.changes)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=10, stateful_step_count=15, deadline=None)


def test_a_desk_with_other_rules_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FOLLOWING, TicketStatus.OPEN, {TicketStatus.IN_PROGRESS})
    model = Life()
    model.begin()
    model.the_desk_opens_one()
    with pytest.raises(AssertionError):
        model.its_status_is_changed(0, "RESOLVED")
    model.teardown()
