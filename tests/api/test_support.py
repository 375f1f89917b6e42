"""The calls about tickets: what they take, what they give, and what they refuse."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import OutboundMessage, SupportMessage
from tests.factories import make_admin
from tests.pretend_meta import wait_until
from tests.running_desk import CUSTOMER_NUMBER, RunningDesk, outbox_states, text_message, webhook

TICKET_FIELDS = set(
    "id phone_number sender_name issue_description status priority assigned_admin_id assigned_admin_name "
    "created_at updated_at resolved_at unread_count version waiting_since last_message_at "
    "last_message_preview window_expires_at phone_number_id tag_ids".split()
)
MESSAGE_FIELDS = set(
    "id ticket_id sender_type sender_name message kind payload created_at occurred_at client_id reply_to_id "
    "delivery".split()
)
TICKETS = "/api/support/tickets"


def refusal(desk: RunningDesk, method: str, path: str, status: int, **more: Any) -> str:
    """The code of an error, whose shape is checked on the way."""
    response = desk.api.request(method, path, **more)
    assert response.status_code == status, response.text
    answer = response.json()
    assert set(answer) == {"status", "message", "code", "details"}
    assert answer["status"] == "error"
    assert answer["message"].endswith(".")
    assert "Traceback" not in response.text
    return str(answer["code"])


def test_a_ticket_is_opened_once(desk: RunningDesk) -> None:
    ticket = desk.open_ticket()
    assert set(ticket) >= TICKET_FIELDS
    assert (ticket["status"], ticket["priority"], ticket["version"]) == ("OPEN", "MEDIUM", 1)
    assert ticket["created_at"].endswith("Z")
    assert (ticket["phone_number"], ticket["issue_description"]) == (CUSTOMER_NUMBER, "No charger")
    again = desk.open_ticket(issue_description="Something else")
    assert (again["id"], again["issue_description"]) == (ticket["id"], "No charger")


def test_every_spelling_of_a_phone_number_is_one_customer(desk: RunningDesk) -> None:
    spellings = (
        "08035550142",
        "+234 803 555 0142",
        "00234 (803) 555-0142",
        "234-803-555-0142",
        "0803.555.0142",
    )
    tickets = {desk.open_ticket(spelling)["id"] for spelling in spellings}
    assert len(tickets) == 1
    desk.deliver(webhook(text_message("It is broken", number=CUSTOMER_NUMBER)))
    desk.settle()
    assert [row["message"] for row in desk.ticket(tickets.pop())["messages"]] == ["It is broken"]


def test_opening_refuses_what_it_cannot_use(desk: RunningDesk) -> None:
    right = {"phone_number": "08035550142", "sender_name": "Amara", "issue_description": "No charger"}
    for change, code in (
        ({"phone_number": "hello"}, "invalid_phone_number"),
        ({"phone_number": ""}, "invalid_phone_number"),
        ({"phone_number": "0" * 41}, "malformed_request"),
        ({"phone_number": 8035550142}, "malformed_request"),
        ({"issue_description": "  "}, "empty_message"),
        ({"issue_description": "x" * 65_537}, "malformed_request"),
        ({"sender_name": "x" * 256}, "malformed_request"),
        ({"id": 7}, "malformed_request"),
        ({"status": "CLOSED"}, "malformed_request"),
    ):
        assert refusal(desk, "POST", TICKETS, 400, json=right | change) == code
    for missing in right:
        body = {name: value for name, value in right.items() if name != missing}
        assert refusal(desk, "POST", TICKETS, 400, json=body) == "malformed_request"
    response = desk.api.post(TICKETS, content=b"{", headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (400, "malformed_request")
    assert desk.data("GET", TICKETS)["total"] == 0


def test_open_tickets_are_listed_newest_first(desk: RunningDesk) -> None:
    ids = [desk.open_ticket(f"0803555010{n}")["id"] for n in range(5)]
    desk.data("PATCH", f"{TICKETS}/{ids[1]}", json={"status": "IN_PROGRESS"})
    desk.data("PATCH", f"{TICKETS}/{ids[2]}", json={"status": "RESOLVED"})
    listed = desk.data("GET", "/api/support/open-tickets?skip=1&limit=2")
    assert [ticket["id"] for ticket in listed["tickets"]] == [ids[3], ids[1]]
    assert listed["total"] == 4
    assert set(listed["tickets"][0]) >= TICKET_FIELDS
    for query in ("skip=-1", "limit=0", "limit=201", "limit=x"):
        assert refusal(desk, "GET", f"/api/support/open-tickets?{query}", 400) == "malformed_request"


@pytest.mark.parametrize("sort", ["newest", "activity"])
def test_pages_follow_each_other_without_gap_or_double(desk: RunningDesk, sort: str) -> None:
    ids = {desk.open_ticket(f"0803555010{n}")["id"] for n in range(7)}
    cursor, seen = "", []
    while True:
        page = desk.data("GET", f"{TICKETS}?sort={sort}&limit=3{cursor}")
        assert page["total"] == 7
        seen += [ticket["id"] for ticket in page["tickets"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert (len(seen), set(seen)) == (7, ids)
    for wrong in ("x", "-", "1-2-3", "9" * 30, "1" if sort == "activity" else "1-1"):
        path = f"{TICKETS}?sort={sort}&cursor={wrong}"
        assert refusal(desk, "GET", path, 400) == "unknown_cursor"


def test_filters(desk: RunningDesk) -> None:
    low, mine, ended = (desk.open_ticket(f"0803555010{n}")["id"] for n in range(3))
    desk.data("PATCH", f"{TICKETS}/{low}", json={"priority": "LOW"})
    desk.data("PATCH", f"{TICKETS}/{mine}", json={"assigned_admin_id": desk.admin.id})
    desk.data("PATCH", f"{TICKETS}/{ended}", json={"status": "RESOLVED"})
    for query, expected in (
        ("status=OPEN", {low, mine}),
        ("status=OPEN&status=RESOLVED", {low, mine, ended}),
        ("priority=LOW", {low}),
        ("assigned_admin_id=me", {mine}),
        (f"assigned_admin_id={desk.admin.id}", {mine}),
        ("assigned_admin_id=none", {low, ended}),
        ("status=OPEN&assigned_admin_id=none", {low}),
        ("assigned_admin_id=2147483647", set()),
    ):
        page = desk.data("GET", f"{TICKETS}?{query}")
        assert (query, {ticket["id"] for ticket in page["tickets"]}) == (query, expected)
        assert page["total"] == len(expected)
    too_large = f"assigned_admin_id={10**20}"
    for query in (
        "status=DONE",
        "priority=",
        "assigned_admin_id=you",
        too_large,
        "sort=oldest",
        "limit=1000",
    ):
        assert refusal(desk, "GET", f"{TICKETS}?{query}", 400) == "malformed_request"


def test_a_number_that_no_ticket_has(desk: RunningDesk) -> None:
    for number in (0, -1, 999_999, 2**31, 2**63, 10**30):
        for method, path, body in (
            ("GET", "", None),
            ("PATCH", "", {"status": "OPEN"}),
            ("POST", "/messages", {"message": "Hello"}),
            ("POST", "/read", {}),
        ):
            assert refusal(desk, method, f"{TICKETS}/{number}{path}", 404, json=body) == "ticket_not_found"
    assert refusal(desk, "GET", f"{TICKETS}/abc", 400) == "malformed_request"


def test_an_answer_goes_to_the_phone_and_starts_the_work(desk: RunningDesk) -> None:
    desk.meta.write("Chat Support")
    wait_until(lambda: desk.data("GET", TICKETS)["total"] == 1, "the ticket")
    [ticket] = desk.data("GET", TICKETS)["tickets"]
    path = f"{TICKETS}/{ticket['id']}"
    message = desk.data("POST", f"{path}/messages?sender_type=admin", json={"message": "  Hello!  "})
    assert set(message) >= MESSAGE_FIELDS
    assert (message["sender_type"], message["sender_name"], message["message"]) == ("admin", "Ada", "Hello!")
    assert set(message["delivery"]) == {
        "state",
        "error",
        "sent_at",
        "delivered_at",
        "read_at",
        "dismissed_at",
    }
    wait_until(
        lambda: desk.ticket(ticket["id"])["messages"][-1]["delivery"]["state"] == "delivered", "two ticks"
    )
    assert desk.meta.messages()[-1]["text"] == "Hello!"
    answered = desk.ticket(ticket["id"])
    assert set(answered) >= TICKET_FIELDS | {"messages"}
    assert (answered["status"], answered["waiting_since"]) == ("IN_PROGRESS", None)
    desk.meta.post("/customers/1/open")
    wait_until(lambda: desk.ticket(ticket["id"])["messages"][-1]["delivery"]["state"] == "read", "blue ticks")


def test_only_an_admins_words_are_sent(desk: RunningDesk) -> None:
    path = f"{TICKETS}/{desk.open_ticket()['id']}/messages"
    for sender_type in ("user", "bot"):
        answer = desk.api.post(f"{path}?sender_type={sender_type}", json={"message": "Hello"}).json()
        assert (answer["data"]["sender_type"], answer["data"]["delivery"]) == (sender_type, None)
        assert answer["message"] == "The message is in the ticket.", "it goes nowhere"
    assert outbox_states() == []
    ghost = f"{path}?sender_type=ghost"
    assert refusal(desk, "POST", ghost, 400, json={"message": "x"}) == "unknown_sender_type"


def test_the_length_of_an_answer(desk: RunningDesk) -> None:
    path = f"{TICKETS}/{desk.open_ticket()['id']}/messages"
    for letter in ("a", "ẹ", "😀"):
        taken = desk.data("POST", path, json={"message": letter * 4_096})
        assert taken["message"] == letter * 4_096
        assert refusal(desk, "POST", path, 400, json={"message": letter * 4_097}) == "message_too_long"
    for empty in ("", "  ", "\n\t"):
        assert refusal(desk, "POST", path, 400, json={"message": empty}) == "empty_message"
    wrong: list[object] = [
        {},
        {"message": None},
        {"message": 1},
        {"message": "x", "sender_name": "Eve"},
        [],
        "x",
    ]
    for malformed in wrong:
        assert refusal(desk, "POST", path, 400, json=malformed) == "malformed_request"


def test_a_client_id_names_one_message(desk: RunningDesk, db: Session) -> None:
    first, second = (desk.open_ticket(number)["id"] for number in ("08035550142", "08035550143"))
    body = {"message": "Hello", "client_id": str(uuid.uuid4())}

    def send(_number: int) -> int:
        return int(desk.data("POST", f"{TICKETS}/{first}/messages", json=body)["id"])

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(send, range(20)))
    assert len(ids) == 1
    for table in (SupportMessage, OutboundMessage):
        assert db.scalar(select(func.count()).select_from(table)) == 1
    other_text = body | {"message": "Goodbye"}
    assert refusal(desk, "POST", f"{TICKETS}/{first}/messages", 409, json=other_text) == "client_id_reused"
    assert refusal(desk, "POST", f"{TICKETS}/{second}/messages", 409, json=body) == "client_id_reused"
    wrong = body | {"client_id": "1"}
    assert refusal(desk, "POST", f"{TICKETS}/{first}/messages", 400, json=wrong) == "malformed_request"


def test_changes_are_seen_and_refused(desk: RunningDesk, db: Session) -> None:
    ticket = desk.open_ticket()
    path = f"{TICKETS}/{ticket['id']}"
    change = {"status": "IN_PROGRESS", "priority": "URGENT", "assigned_admin_id": desk.admin.id}
    changed = desk.data("PATCH", path, json=change | {"version": ticket["version"]})
    assert {name: changed[name] for name in change} == change
    assert changed["assigned_admin_name"] == "Ada"
    rows = [row for row in desk.ticket(ticket["id"])["messages"] if row["kind"] == "activity"]
    assert {row["payload"]["activity"] for row in rows} == {"status", "priority", "assignee"}
    stale = {"status": "RESOLVED", "version": ticket["version"]}
    assert refusal(desk, "PATCH", path, 409, json=stale) == "ticket_changed"
    assert desk.data("PATCH", path, json={"assigned_admin_id": None})["assigned_admin_id"] is None
    disabled = make_admin(db, disabled_at=desk.admin.created_at)
    for body, status, code in (
        ({"status": "DONE"}, 400, "unknown_status"),
        ({"priority": "high"}, 400, "unknown_priority"),
        ({"assigned_admin_id": 999}, 404, "admin_not_found"),
        ({"assigned_admin_id": 10**30}, 404, "admin_not_found"),
        ({"assigned_admin_id": disabled.id}, 404, "admin_not_found"),
        ({"unread_count": 0}, 400, "malformed_request"),
    ):
        assert refusal(desk, "PATCH", path, status, json=body) == code
    desk.data("PATCH", path, json={"status": "CLOSED"})
    assert refusal(desk, "PATCH", path, 409, json={"status": "RESOLVED"}) == "status_not_allowed"
    assert refusal(desk, "POST", f"{path}/messages", 409, json={"message": "x"}) == "ticket_closed"
    desk.open_ticket()
    assert refusal(desk, "PATCH", path, 409, json={"status": "OPEN"}) == "live_ticket_exists"


def test_of_ten_who_claim_a_ticket_one_gets_it(desk: RunningDesk, db: Session) -> None:
    holder = make_admin(db, name="Chidi")
    ticket = desk.open_ticket()
    path = f"{TICKETS}/{ticket['id']}"
    desk.data("PATCH", path, json={"assigned_admin_id": holder.id})
    response = desk.api.patch(path, json={"assigned_admin_id": desk.admin.id})
    assert (response.status_code, response.json()["code"]) == (409, "already_assigned")
    assert "Chidi" in response.json()["message"]
    version = desk.ticket(ticket["id"])["version"]
    with ThreadPoolExecutor(10) as pool:
        bodies = [{"priority": priority, "version": version} for priority in ("LOW", "HIGH") * 5]
        statuses = list(pool.map(lambda body: desk.api.patch(path, json=body).status_code, bodies))
    assert sorted(statuses) == [200] + [409] * 9


def test_read_and_notifications(desk: RunningDesk) -> None:
    ticket = desk.open_ticket()
    for number in range(3):
        desk.deliver(webhook(text_message(f"message {number}")))
    desk.settle()
    assert desk.ticket(ticket["id"])["unread_count"] == 3
    assert desk.data("POST", f"{TICKETS}/{ticket['id']}/read", json={})["unread_count"] == 0

    def counts() -> tuple[int, int, int, bool]:
        seen = desk.data("GET", "/api/support/notifications")
        names = "open_tickets", "in_progress_tickets", "unassigned_tickets", "has_alerts"
        assert set(seen) == set(names)
        return (seen[names[0]], seen[names[1]], seen[names[2]], seen[names[3]])

    assert counts() == (1, 0, 1, True)
    desk.data("PATCH", f"{TICKETS}/{ticket['id']}", json={"status": "IN_PROGRESS"})
    assert counts() == (0, 1, 1, True)
    desk.data("PATCH", f"{TICKETS}/{ticket['id']}", json={"assigned_admin_id": desk.admin.id})
    assert counts() == (0, 1, 0, False)
    desk.data("PATCH", f"{TICKETS}/{ticket['id']}", json={"status": "RESOLVED"})
    assert counts() == (0, 0, 0, False)
