"""Customers over HTTP: what the desk knows of them, and blocking, with a pretend Meta that obeys."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select, update

from config.database import SessionLocal, transaction, utc_now
from models import Contact, DeskEvent, GraphTask
from models.support_ticket import SupportMessage as Message
from services import contact_change_service, ticket_change_service
from tests.pretend_meta import ACCESS_TOKEN, PHONE_NUMBER_ID, wait_until
from tests.running_desk import CUSTOMER_NUMBER, RunningDesk, outbox_states, text_message, webhook

CONTACTS = "/api/support/contacts"


def contact_of(desk: RunningDesk, ticket: Any) -> Any:
    return desk.data("GET", f"{CONTACTS}/{ticket['contact_id']}")


def blocked_at_meta(desk: RunningDesk) -> list[str]:
    headers = {"Authorization": f"Bearer {ACCESS_TOKEN}"}
    answer = desk.meta.client.get(f"/graph/v25.0/{PHONE_NUMBER_ID}/block_users", headers=headers)
    return [each["wa_id"] for each in answer.json()["data"]]


def no_calls_left() -> bool:
    with SessionLocal() as db:
        return db.scalar(select(func.count()).select_from(GraphTask)) == 0


def test_a_contact_is_shown_with_what_the_number_tells(desk: RunningDesk) -> None:
    ticket = desk.open_ticket()
    found = contact_of(desk, ticket)
    assert found.pop("created_at").endswith("Z")
    [earlier] = found.pop("tickets")
    assert (earlier["id"], earlier["status"]) == (ticket["id"], "OPEN")
    assert found == {
        "id": ticket["contact_id"],
        "name": "Amara",
        "profile_name": "Amara",
        "phone_number": "2348035550142",
        "readable_number": "+234 803 555 0142",
        "username": None,
        "language": "",
        "timezone": "",
        "guessed_country": "NG",
        "guessed_language": "en",
        "guessed_timezone": "Africa/Lagos",
        "note": "",
        "version": 1,
        "blocked_at": None,
        "kept_messages": 0,
        "is_sample": False,
        "ticket_count": 1,
    }
    answer = desk.api.get(f"{CONTACTS}/{ticket['contact_id'] + 1}")
    assert (answer.status_code, answer.json()["code"]) == (404, "contact_not_found")


def test_what_the_desk_writes_is_kept_and_a_stale_edit_is_refused(desk: RunningDesk) -> None:
    ticket = desk.open_ticket()
    address = f"{CONTACTS}/{ticket['contact_id']}"
    given = {"note": "Prefers\nvoice notes", "language": "ha", "timezone": "Africa/Accra"}
    changed = desk.data("PATCH", address, json=given | {"version": 1})
    assert {name: changed[name] for name in given} == given
    assert changed["version"] == 2
    stale = desk.api.patch(address, json={"note": "Mine", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "contact_changed")
    assert contact_of(desk, ticket)["note"] == given["note"]
    assert desk.data("PATCH", address, json={"note": given["note"], "version": 2})["version"] == 2
    assert desk.data("PATCH", address, json={"note": ""})["note"] == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "English please"},
        {"timezone": "Africa/Atlantis"},
        {"timezone": "../../etc/passwd"},
        {"name": "x" * 256},
        {"note": "x" * 5_001},
        {"is_sample": True},
    ],
)
def test_what_a_contact_cannot_be_is_refused(desk: RunningDesk, wrong: dict[str, Any]) -> None:
    ticket = desk.open_ticket()
    assert desk.api.patch(f"{CONTACTS}/{ticket['contact_id']}", json=wrong).status_code == 400
    assert contact_of(desk, ticket)["version"] == 1


def test_the_desks_name_stands_against_the_profile_until_it_is_cleared(desk: RunningDesk) -> None:
    ticket = desk.open_ticket()
    address = f"{CONTACTS}/{ticket['contact_id']}"
    desk.data("PATCH", address, json={"name": "Mrs Nwosu"})
    assert desk.ticket(ticket["id"])["sender_name"] == "Mrs Nwosu"
    desk.meta.write("Good morning")
    wait_until(lambda: contact_of(desk, ticket)["profile_name"] == "Amara Nwosu", "the profile")
    assert contact_of(desk, ticket)["name"] == "Mrs Nwosu"
    assert desk.data("PATCH", address, json={"name": " "})["name"] == "Amara Nwosu"


def test_a_ticket_is_closed_before_its_customer_is_blocked_also_where_a_second_ends_in_between(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = desk.open_ticket()
    now, seconds = utc_now(), count(1)
    for module in (contact_change_service, ticket_change_service):
        monkeypatch.setattr(module, "utc_now", lambda: now + timedelta(seconds=next(seconds)))
    desk.data("PATCH", f"{CONTACTS}/{ticket['contact_id']}", json={"blocked": True})
    told = [each["message"] for each in desk.ticket(ticket["id"])["messages"]]
    assert told[-2:] == ["Ada changed the status to closed.", f"Ada blocked {ticket['sender_name']}."]


def test_a_blocked_customer_is_kept_and_alerts_nobody(desk: RunningDesk) -> None:
    desk.deliver(webhook(text_message("Chat Support")))
    desk.settle()
    [ticket] = desk.data("GET", "/api/support/open-tickets")["tickets"]
    wait_until(lambda: not {"queued", "sending"} & set(outbox_states()), "the bot's answers")
    address = f"{CONTACTS}/{ticket['contact_id']}"
    said, events = len(outbox_states()), _events()
    desk.data("PATCH", address, json={"blocked": True})
    closed = desk.ticket(ticket["id"])
    assert closed["status"] == "CLOSED"
    assert [each["message"] for each in closed["messages"][-2:]] == [
        "Ada changed the status to closed.",
        f"Ada blocked {ticket['sender_name']}.",
    ]
    assert _events()[len(events) :][-1] == "contact.updated"

    events = _events()
    desk.deliver(webhook(text_message("Chat Support"), text_message("Let me in")))
    desk.settle()
    assert desk.data("GET", "/api/support/notifications")["has_alerts"] is False
    assert (len(outbox_states()), _events()) == (said, events)
    assert contact_of(desk, ticket)["kept_messages"] == 2
    with SessionLocal() as db:
        assert db.scalars(select(Message.message).order_by(Message.id.desc()).limit(2)).all() == [
            "Let me in",
            "Chat Support",
        ]
    refused = desk.api.patch(f"/api/support/tickets/{ticket['id']}", json={"status": "OPEN"})
    assert (refused.status_code, refused.json()["code"]) == (409, "contact_blocked")
    body = {"phone_number": CUSTOMER_NUMBER, "sender_name": "", "issue_description": "Again"}
    assert desk.api.post("/api/support/tickets", json=body).json()["code"] == "contact_blocked"

    desk.data("PATCH", address, json={"blocked": False})
    desk.deliver(webhook(text_message("Chat Support")))
    desk.settle()
    assert desk.data("GET", "/api/support/notifications")["open_tickets"] == 1


def test_whatsapp_blocks_who_the_desk_blocks(desk: RunningDesk) -> None:
    desk.meta.write("Chat Support")
    wait_until(lambda: desk.data("GET", "/api/support/notifications")["open_tickets"] == 1, "the ticket")
    [ticket] = desk.data("GET", "/api/support/open-tickets")["tickets"]
    address = f"{CONTACTS}/{ticket['contact_id']}"
    desk.data("PATCH", address, json={"blocked": True})
    wait_until(lambda: blocked_at_meta(desk) == [ticket["phone_number"]], "Meta to block")
    desk.data("PATCH", address, json={"blocked": False})
    wait_until(lambda: blocked_at_meta(desk) == [] and no_calls_left(), "Meta to unblock")


def test_nothing_leaves_for_the_blocked_and_for_samples(desk: RunningDesk) -> None:
    for number, values in (("0803 555 0142", {"is_sample": True}), ("0806 555 0173", {})):
        ticket = desk.open_ticket(number)
        with SessionLocal() as db, transaction(db):
            contact = update(Contact).where(Contact.id == ticket["contact_id"])
            db.execute(contact.values(values or {"blocked_at": func.now()}))
        before = len(desk.meta.requests())
        sent = desk.data("POST", f"/api/support/tickets/{ticket['id']}/messages", json={"message": "Hello"})
        path = f"/api/support/tickets/{ticket['id']}"

        def last(path: str = path) -> Any:
            return desk.data("GET", path)["messages"][-1]["delivery"]

        wait_until(lambda: last()["state"] == "failed", "the refusal")
        assert ("sample" if values else "blocked") in last()["error"]["text"]
        assert len(desk.meta.requests()) == before
        assert sent["id"]


def _events() -> list[str]:
    with SessionLocal() as db:
        return list(db.scalars(select(DeskEvent.kind).order_by(DeskEvent.seq)))
