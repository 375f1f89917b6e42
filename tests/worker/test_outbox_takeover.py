"""Processes that die, stall or share a number: no message is sent twice, and none stays behind."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from config.database import SessionLocal, database_now, transaction
from models import Contact, DeskEvent, OutboundMessage
from models.outbound_message import DeliveryState
from tests.factories import make_contact, make_message, make_ticket
from tests.pretend_graph import Answer, PretendGraph
from tests.worker.outbox_desk import (
    NUMBER,
    arrived,
    make_outbox,
    put,
    row,
    run_out_lease,
    running,
    states,
    wait_until,
)
from whatsapp.client import Refused, Result, Sent
from whatsapp.errors import ErrorClass
from worker import lease, outbox_store
from worker.lease import LeaseLost
from worker.outbox_number import Pace
from worker.outbox_store import lease_name
from worker.pair_rate import PAIR_BURST

DEAD = "a process that died"


@pytest.fixture
def graph() -> Iterator[PretendGraph]:
    with PretendGraph() as graph:
        yield graph


def claim_and_die(db: Session, *messages: OutboundMessage) -> None:
    assert lease.acquire(db, lease_name(NUMBER), DEAD, 60)
    claimed = outbox_store.claim(db, NUMBER, DEAD, [message.id for message in messages])
    assert len(claimed.jobs) == len(messages)


def test_what_a_dead_process_was_sending_is_unknown_and_not_sent_again(
    db: Session, graph: PretendGraph
) -> None:
    contact = make_contact(db)
    caught, following = put(db, contact, "caught"), put(db, contact, "following")
    reply = make_message(db, make_ticket(db, contact), outbound_id=caught.id)
    claim_and_die(db, caught)
    with running(graph.url):
        run_out_lease(db)
        wait_until(lambda: states() == ["unknown", "sent"])
    assert arrived(graph) == ["following"]
    assert "may have been sent" in str(row(caught).error_detail)
    assert row(following).wamid == "wamid.1"
    assert [event.message_id for event in db.scalars(select(DeskEvent))] == [reply.id] * 2  # sending, unknown


def test_what_is_on_its_way_is_not_left_behind(db: Session) -> None:
    on_its_way, left = put(db, make_contact(db)), put(db, make_contact(db))
    claim_and_die(db, on_its_way, left)
    outbox_store.settle_left_behind(db, NUMBER, DEAD, {on_its_way.id}, DeliveryState.QUEUED)
    assert states() == ["sending", "queued"]


def test_with_nothing_queued_it_is_noticed_as_well(db: Session, graph: PretendGraph) -> None:
    claim_and_die(db, put(db, make_contact(db)))
    run_out_lease(db)
    with running(graph.url):
        wait_until(lambda: states() == ["unknown"])
    assert graph.posts == []


def test_nothing_is_sent_while_another_process_holds_the_lease(db: Session, graph: PretendGraph) -> None:
    contact = make_contact(db)
    held, other_number = put(db, contact), put(db, contact)
    with transaction(db):
        other_number.phone_number_id = "2002"
    assert lease.acquire(db, lease_name(NUMBER), "another process", 60)
    with running(graph.url):
        wait_until(lambda: row(other_number).state == "sent")
        assert row(held).state == "queued"
        lease.release(db, lease_name(NUMBER), "another process")
        wait_until(lambda: row(held).state == "sent")


def test_stop_gives_the_lease_back(db: Session, graph: PretendGraph) -> None:
    put(db, make_contact(db))
    with running(graph.url):
        wait_until(lambda: states() == ["sent"])
    assert lease.acquire(db, lease_name(NUMBER), "another process", 60)


def test_two_processes_send_everything_once_and_in_order(db: Session, graph: PretendGraph) -> None:
    graph.answer = lambda number, body: Answer(delay=0.002)
    customers = [make_contact(db) for _ in range(4)]
    second = make_outbox(graph.url)
    with running(graph.url) as first:
        second.start()
        for number in range(6):
            for customer in customers:
                put(db, customer, str(number))
        wait_until(lambda: "sent" in states())
        first.stop()  # the other takes over in the middle of it
        wait_until(lambda: states() == ["sent"] * 24)
        second.stop()
    for customer in customers:
        assert arrived(graph, customer) == ["0", "1", "2", "3", "4", "5"]


def test_what_another_took_over_before_it_left_does_not_leave(
    db: Session, graph: PretendGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender hears so late of its claim that its lease has run out: stopped, or its database silent."""
    contact, claim_due = make_contact(db), outbox_store.claim_due
    stalled, following = put(db, contact, "stalled"), put(db, contact, "following")
    claims: list[int] = []

    def claim_slowly(db: Session, *given: Any) -> outbox_store.Claimed:
        claimed = claim_due(db, *given)
        claims.extend(job.id for job in claimed.jobs)
        if claims == [stalled.id]:
            time.sleep(0.3)
            assert lease.acquire(db, lease_name(NUMBER), "another process", 60)
            outbox_store.settle_left_behind(db, NUMBER, "another process", (), DeliveryState.UNKNOWN)
            lease.release(db, lease_name(NUMBER), "another process")
        return claimed

    monkeypatch.setattr(outbox_store, "claim_due", claim_slowly)
    with running(graph.url, Pace(poll=0.02, retry_unit=0.02, lease=0.2, renew=0.06)):
        wait_until(lambda: row(following).state == "sent")
    assert arrived(graph) == ["following"]
    assert row(stalled).state == "unknown"


def test_a_process_that_lost_its_lease_claims_nothing(db: Session) -> None:
    message = put(db, make_contact(db))
    lease.acquire(db, lease_name(NUMBER), DEAD, 60)
    run_out_lease(db)
    with pytest.raises(LeaseLost):
        outbox_store.claim(db, NUMBER, DEAD, [message.id])
    assert row(message).state == "queued"


def test_a_stalled_process_gets_its_lease_back(db: Session, graph: PretendGraph) -> None:
    contact = make_contact(db)
    put(db, contact)
    with capture_logs() as logs, running(graph.url):
        wait_until(lambda: states() == ["sent"])
        run_out_lease(db)
        put(db, contact)
        wait_until(lambda: states() == ["sent", "sent"])
    assert [log["event"] for log in logs].count("outbox.lease_lost") <= 1  # none if it was renewed just then


def test_a_late_answer_is_evidence_also_without_the_lease(db: Session) -> None:
    contact = make_contact(db)
    sent, refused, busy = (put(db, contact) for _ in range(3))
    with transaction(db):
        db.execute(update(OutboundMessage).values(state="unknown", attempts=1))
    results: dict[int, Result] = {
        sent.id: Sent("wamid.Late", None),
        refused.id: Refused(ErrorClass.PERMANENT, 131026, "", 0.0),
        busy.id: Refused(ErrorClass.RETRY, 130429, "", 0.0),
    }
    outbox_store.write_results(db, results, 1.0)
    assert states() == ["sent", "failed", "failed"]
    assert row(busy).error_detail == "The message was not sent. Send it again."


def test_a_late_refusal_does_not_take_a_delivery_back(db: Session) -> None:
    message = put(db, make_contact(db))
    with transaction(db):
        db.execute(update(OutboundMessage).values(state="delivered"))
    outbox_store.write_results(db, {message.id: Refused(ErrorClass.PERMANENT, 100, "", 0.0)}, 1.0)
    assert (row(message).state, row(message).error_code) == ("delivered", None)


def test_results_written_twice_change_nothing(db: Session) -> None:
    contact = make_contact(db)
    sent, busy = put(db, contact), put(db, contact)
    with transaction(db):
        db.execute(update(OutboundMessage).values(state="sending", attempts=1))
    results: dict[int, Result] = {
        sent.id: Sent("wamid.1", None),
        busy.id: Refused(ErrorClass.RETRY, 130429, "", 0.0),
    }
    outbox_store.write_results(db, results, 1.0)
    before = (row(sent).sent_at, row(busy).next_attempt_at)
    outbox_store.write_results(db, results, 1.0)
    assert (row(sent).sent_at, row(busy).next_attempt_at) == before


def sent_lately(db: Session, contact: Contact, seconds_ago: list[float]) -> None:
    with transaction(db):
        now = database_now(db)
        for ago in seconds_ago:
            message = put(db, contact)
            message.state, message.claimed_at = "sent", now - timedelta(seconds=ago)


def test_the_pair_rate_outlives_the_process(db: Session, graph: PretendGraph) -> None:
    busy, quiet = make_contact(db), make_contact(db)
    sent_lately(db, busy, [1.0] * PAIR_BURST)
    sent_lately(db, quiet, [1.0] * (PAIR_BURST - 1))
    with transaction(db):
        held, free = put(db, busy), put(db, quiet)
    with running(graph.url):
        wait_until(lambda: row(free).state == "sent")
    assert row(held).state == "queued"


def test_what_was_sent_long_ago_no_longer_counts(db: Session) -> None:
    contact = make_contact(db)
    sent_lately(db, contact, [299.0, 301.0, 5.0])
    with SessionLocal() as fresh:
        recent = outbox_store.recent_sends(fresh, NUMBER)
    assert [(contact_id, round(ago)) for contact_id, ago in recent] == [(contact.id, 299), (contact.id, 5)]
