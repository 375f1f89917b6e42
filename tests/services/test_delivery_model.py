"""What becomes of a reply, with everything that Graph, its statuses, the sender and an agent can do to it.

Whatever the order, nothing goes out twice unless an agent wanted it, and no evidence is forgotten.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import SessionLocal, database_now, transaction
from models import OutboundMessage, SupportMessage
from models.outbound_message import DeliveryState
from models.support_ticket import SenderType
from services.outbound_message_service import RANK, STATUSES, apply_status, find_for_statuses
from services.retry_service import NothingToRetry, retry
from services.support_service import SupportService
from tests.factories import make_ticket
from whatsapp.client import Refused, Result, Sent, Unknown, Unreached
from whatsapp.errors import ErrorClass
from worker import lease, outbox_store

pytestmark = pytest.mark.promise("P9", "P10", "P13")

GONE_OUT = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)
GIVEN_UP = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
RESULTS: list[Result] = [
    Sent("", None),
    Refused(ErrorClass.RETRY, 130429, "", 0.0),
    Refused(ErrorClass.PERMANENT, 131026, "", 0.0),
    Unreached("refused"),
    Unknown("no answer"),
]


@dataclass
class Attempt:
    """`surely_not` counts the claims that ended without anything having gone out."""

    id: int
    callback: str
    claims: int = 0
    surely_not: int = 0
    is_in_flight: bool = False
    evidence: list[DeliveryState] = field(default_factory=list)


class Delivery(RuleBasedStateMachine):
    """One reply, with an attempt for each time an agent sent it again."""

    @initialize()
    def begin(self) -> None:
        self.db = SessionLocal()
        ticket = make_ticket(self.db)
        self.number, self.ticket_id = ticket.phone_number_id, ticket.id
        row = SupportService.add_message(self.db, ticket.id, SenderType.ADMIN, "Ada", "On its way")
        self.message_id = row.id
        self.attempts: list[Attempt] = []
        self.know(row)

    def teardown(self) -> None:
        if hasattr(self, "db"):
            self.db.close()

    def know(self, row: SupportMessage) -> None:
        outbound = self.db.get_one(OutboundMessage, row.outbound_id)
        self.attempts.append(Attempt(outbound.id, outbound.callback_id))

    def states(self) -> dict[int, DeliveryState]:
        with SessionLocal() as db:
            ids = [each.id for each in self.attempts]
            rows = db.scalars(select(OutboundMessage).where(OutboundMessage.id.in_(ids)))
            return {row.id: DeliveryState(row.state) for row in rows}

    @rule()
    def the_sender_takes_what_is_due(self) -> None:
        assert lease.acquire(self.db, outbox_store.lease_name(self.number), "model", 60)
        before = self.states()
        ids = [each.id for each in self.attempts]
        jobs = outbox_store.claim(self.db, self.number, "model", ids).jobs
        assert {job.id for job in jobs} == {
            each for each, state in before.items() if state is DeliveryState.QUEUED
        }
        for attempt in self.attempts:
            if attempt.id in {job.id for job in jobs}:
                assert attempt.claims == attempt.surely_not, "it may have gone out, and would go again"
                assert not attempt.evidence
                attempt.claims += 1
                attempt.is_in_flight = True

    @precondition(lambda self: any(each.is_in_flight for each in self.attempts))
    @rule(result=st.sampled_from(RESULTS))
    def graph_answers(self, result: Result) -> None:
        attempt = next(each for each in self.attempts if each.is_in_flight)
        attempt.is_in_flight = False
        if isinstance(result, Sent):
            result = Sent(f"wamid.of-{attempt.callback}", None)
            attempt.evidence.append(DeliveryState.SENT)
        elif not isinstance(result, Unknown):
            attempt.surely_not += 1
        outbox_store.write_results(self.db, {attempt.id: result}, 1.0)

    @rule()
    def another_process_takes_over(self) -> None:
        name = outbox_store.lease_name(self.number)
        with transaction(self.db):
            lease.release(self.db, name, "model")
        assert lease.acquire(self.db, name, "another", 60)
        outbox_store.settle_left_behind(self.db, self.number, "another", (), DeliveryState.UNKNOWN)
        lease.release(self.db, name, "another")
        assert DeliveryState.SENDING not in self.states().values()

    @precondition(lambda self: any(each.claims > each.surely_not for each in self.attempts))
    @rule(word=st.sampled_from(sorted(STATUSES)), newest=st.booleans())
    def meta_tells(self, word: str, newest: bool) -> None:
        gone = [each for each in self.attempts if each.claims > each.surely_not]
        attempt = gone[-1 if newest else 0]
        wamid = f"wamid.of-{attempt.callback}"
        with transaction(self.db):
            [row] = find_for_statuses(self.db, [(wamid, attempt.callback)])
            assert row is not None
            apply_status(self.db, row, word, database_now(self.db), wamid=wamid)
        attempt.evidence.append(STATUSES[word])

    @rule()
    def an_agent_sends_it_again(self) -> None:
        before = self.states()[self.current()]
        try:
            row = retry(self.db, self.ticket_id, self.message_id)
        except NothingToRetry:
            assert before not in GIVEN_UP
        else:
            assert before in GIVEN_UP
            self.know(row)

    def current(self) -> int:
        with SessionLocal() as db:
            outbound_id = db.get_one(SupportMessage, self.message_id).outbound_id
        assert outbound_id in {each.id for each in self.attempts}
        return outbound_id

    @rule()
    def time_passes(self) -> None:
        with transaction(self.db):
            ids = [each.id for each in self.attempts]
            due = update(OutboundMessage).where(OutboundMessage.id.in_(ids))
            self.db.execute(due.values(next_attempt_at=None))

    @invariant()
    def no_evidence_is_forgotten(self) -> None:
        states = self.states()
        for attempt in self.attempts:
            state = states[attempt.id]
            if attempt.evidence:
                best = max(attempt.evidence, key=lambda each: RANK[each])
                assert RANK[state] >= RANK[best]
                assert state is best or state in GIVEN_UP
            else:
                assert state not in GONE_OUT
            assert attempt.claims <= attempt.surely_not + 1
            if state is DeliveryState.SENDING:
                assert attempt.claims == attempt.surely_not + 1

    @invariant()
    def one_that_went_out_needs_no_other(self) -> None:
        states = self.states()
        waiting = [each for each, state in states.items() if state is DeliveryState.QUEUED]
        assert len(waiting) <= 1
        if waiting:
            assert not any(state in GONE_OUT for each, state in states.items() if each < waiting[0])
            assert self.current() == waiting[0]


TestDelivery = Delivery.TestCase
TestDelivery.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)


def test_a_sender_that_repeats_what_may_have_gone_out_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = outbox_store.settle_left_behind

    def queue(
        db: Session, number: str, owner: str, in_flight: Collection[int], _state: DeliveryState
    ) -> None:
        settle(db, number, owner, in_flight, DeliveryState.QUEUED)

    monkeypatch.setattr(outbox_store, "settle_left_behind", queue)
    model = Delivery()
    model.begin()
    model.the_sender_takes_what_is_due()
    model.another_process_takes_over()
    with pytest.raises(AssertionError, match="would go again"):
        model.the_sender_takes_what_is_due()
    model.teardown()
