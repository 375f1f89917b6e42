"""Samples over HTTP: in with one call, out with another, and nothing else is touched."""

from typing import Any

from sqlalchemy import func, select

from config.database import Base, SessionLocal
from models import OutboundMessage, SupportTicket
from tests.pretend_meta import wait_until
from tests.running_desk import RunningDesk, text_message, webhook

SAMPLES = "/api/support/sample-data"
GROWING = {"desk_events", "event_sequence", "audit_entries", "leases"}


def counts() -> dict[str, int]:
    with SessionLocal() as db:
        return {
            table.name: db.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in GROWING
        }


def test_samples_come_and_go_and_leave_nothing(desk: RunningDesk) -> None:
    desk.deliver(webhook(text_message("Chat Support")))
    desk.settle()
    before = counts()
    assert desk.data("GET", SAMPLES) == {"are_there": False}
    desk.data("POST", SAMPLES, json={})
    desk.data("POST", SAMPLES, json={})
    assert desk.data("GET", SAMPLES) == {"are_there": True}
    assert counts()["support_tickets"] == before["support_tickets"] + 7
    tickets = [each for each in listed(desk) if "(sample)" in each["sender_name"]]
    assert {each["status"] for each in tickets} == {"OPEN", "IN_PROGRESS", "RESOLVED", "CLOSED"}
    for ticket in tickets:
        assert desk.ticket(ticket["id"])["messages"]
        assert desk.data("GET", f"/api/support/contacts/{ticket['contact_id']}")["is_sample"] is True
    live = next(each["id"] for each in tickets if each["status"] == "OPEN")
    desk.data("POST", f"/api/support/tickets/{live}/messages", json={"message": "An answer"})
    desk.data("PATCH", f"/api/support/tickets/{live}", json={"status": "RESOLVED"})

    assert desk.data("DELETE", SAMPLES) == {"are_there": False}
    assert desk.data("DELETE", SAMPLES) == {"are_there": False}
    assert counts() == before
    assert [each["sender_name"] for each in listed(desk)] == [f"+{text_message('')['from']}"]


def test_nothing_of_a_sample_is_ever_in_the_way_of_the_sender(desk: RunningDesk) -> None:
    desk.data("POST", SAMPLES, json={})
    with SessionLocal() as db:
        assert set(db.scalars(select(OutboundMessage.state))) == {"read"}
        waiting = select(func.count()).where(SupportTicket.waiting_since.is_not(None))
        assert db.scalar(waiting) == 3
    assert desk.meta.requests() == []


def test_a_sample_that_was_erased_goes_with_the_others(desk: RunningDesk) -> None:
    before = counts()
    desk.data("POST", SAMPLES, json={})
    contact_id = listed(desk)[0]["contact_id"]
    desk.data("POST", f"/api/support/contacts/{contact_id}/erase")
    assert desk.data("DELETE", SAMPLES) == {"are_there": False}
    assert listed(desk) == []
    assert counts() | {"erased_identities": 0} == before


def test_an_answer_that_was_tried_again_goes_with_its_sample(desk: RunningDesk) -> None:
    desk.data("POST", SAMPLES, json={})
    live = next(each["id"] for each in listed(desk) if each["status"] == "OPEN")
    messages = f"/api/support/tickets/{live}/messages"
    answer = desk.data("POST", messages, json={"message": "An answer"})["id"]
    for _ in range(2):
        wait_until(lambda: sent(desk, live, answer)["state"] == "failed", "the answer to be refused")
        desk.data("POST", f"{messages}/{answer}/retry", json={})
    assert desk.data("DELETE", SAMPLES) == {"are_there": False}
    assert counts()["outbound_messages"] == 0


def sent(desk: RunningDesk, ticket_id: int, message_id: int) -> Any:
    messages = desk.ticket(ticket_id)["messages"]
    return next(each["delivery"] for each in messages if each["id"] == message_id)


def listed(desk: RunningDesk) -> list[Any]:
    return list(desk.data("GET", "/api/support/tickets?limit=200")["tickets"])
