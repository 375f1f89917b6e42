"""The list of tickets, its queues, bulk changes and tags, as a program calls them."""

import pytest
from sqlalchemy.orm import Session

from tests.api.test_support import TICKETS, refusal
from tests.factories import make_admin, make_ticket
from tests.running_desk import RunningDesk

TAGS = "/api/support/tags"
QUEUES = "/api/support/queues"


@pytest.mark.parametrize(
    "query",
    [
        "sort=oldest", "sort=", "limit=0", "limit=201", "limit=x", "status=open", "priority=NO",
        "assigned_admin_id=0", "assigned_admin_id=us", "assigned_admin_id=2147483648", "tag_id=0", "tag_id=x",
        "waiting_for=godot", "closing_within_minutes=0", "closing_within_minutes=1441", "cursor=" + "1" * 61,
        "cursor=newest-0-0-1", "cursor=newest-0-0-0-0", "cursor=newest-1-0-5-5", "cursor=activity-0-0-5-5",
        "cursor=%00", "phone_number_id=" + "1" * 65,
    ],
)  # fmt: skip
def test_what_a_list_does_not_know_it_refuses(desk: RunningDesk, query: str) -> None:
    refusal(desk, "GET", f"{TICKETS}?{query}", 400)


def test_the_filters_of_a_list(desk: RunningDesk, db: Session) -> None:
    ada = desk.data("GET", "/api/auth/me")["admin"]["id"]
    mine = make_ticket(db, assigned_admin_id=ada, phone_number_id="1 or 1=1")
    free = make_ticket(db, priority="URGENT")
    tag = desk.data("POST", TAGS, json={"name": "Refund", "colour": "teal"})
    desk.data("PATCH", f"{TICKETS}/{free.id}", json={"add_tag_ids": [tag["id"]]})

    def listed(query: str) -> list[int]:
        page = desk.data("GET", f"{TICKETS}?{query}")
        assert (page["total"], page["total_is_capped"]) == (len(page["tickets"]), False)
        return [ticket["id"] for ticket in page["tickets"]]

    assert listed("assigned_admin_id=me") == listed(f"assigned_admin_id={ada}") == [mine.id]
    assert listed("assigned_admin_id=none&priority=URGENT&priority=HIGH") == [free.id]
    assert listed(f"tag_id={tag['id']}&sort=waiting") == [free.id]
    assert listed(f"tag_id={tag['id'] + 1}") == []
    assert listed("phone_number_id=1%20or%201%3D1&waiting_for=customer") == [mine.id]
    assert listed("waiting_for=desk") == listed("closing_within_minutes=60") == []
    [ticket] = desk.data("GET", f"{TICKETS}?priority=URGENT")["tickets"]
    assert ticket["tag_ids"] == [tag["id"]]


def test_the_queues_count(desk: RunningDesk, db: Session) -> None:
    make_ticket(db, unread_count=2)
    found = desk.data("GET", QUEUES)
    assert found["queues"]["unassigned"] == {"count": 1, "is_capped": False}
    assert found["queues"]["mine"]["count"] == 0
    assert found["unread"]["count"] == 1
    assert list(found["queues"]) == ["mine", "unassigned", "open", "waiting", "closed"]


def test_many_tickets_change_in_one_request(desk: RunningDesk, db: Session) -> None:
    bola = make_admin(db, name="Bola").id
    open_ticket, closed = make_ticket(db).id, make_ticket(db, status="CLOSED").id
    body = {
        "ticket_ids": [open_ticket, closed, 999_999],
        "changes": {"status": "RESOLVED", "assigned_admin_id": bola},
    }
    answer = desk.api.post(f"{TICKETS}/bulk", json=body).json()
    assert answer["message"] == "1 changed, 2 not."
    [changed] = answer["data"]["changed"]
    assert (changed["id"], changed["status"]) == (open_ticket, "RESOLVED")
    assert changed["assigned_admin_name"] == "Bola"
    assert [(each["ticket_id"], each["code"]) for each in answer["data"]["refused"]] == [
        (closed, "status_not_allowed"),
        (999_999, "ticket_not_found"),
    ]
    assert all(each["message"].endswith(".") for each in answer["data"]["refused"])


@pytest.mark.parametrize(
    "body",
    [
        {"ticket_ids": [], "changes": {}},
        {"ticket_ids": list(range(1, 502)), "changes": {}},
        {"ticket_ids": ["x"], "changes": {}},
        {"ticket_ids": [1]},
        {"ticket_ids": [1], "changes": {"version": 1}},
        {"ticket_ids": [1], "changes": {"add_tag_ids": list(range(1, 22))}},
        {"ticket_ids": [1], "changes": {"add_tag_ids": [0]}},
    ],
)
def test_a_bulk_change_that_makes_no_sense_is_refused(desk: RunningDesk, body: dict[str, object]) -> None:
    refusal(desk, "POST", f"{TICKETS}/bulk", 400, json=body)


def test_the_life_of_a_tag(desk: RunningDesk, db: Session) -> None:
    first = desk.data("POST", TAGS, json={"name": "Late"})
    second = desk.data("POST", TAGS, json={"name": "Delivery", "colour": "blue"})
    assert first == {"id": first["id"], "name": "Late", "colour": "gray", "tickets": 0}
    assert refusal(desk, "POST", TAGS, 409, json={"name": "late"}) == "tag_exists"
    assert refusal(desk, "POST", TAGS, 400, json={"name": " "}) == "invalid_tag"
    refusal(desk, "POST", TAGS, 400, json={"name": "x", "colour": "beige"})
    ticket = make_ticket(db).id
    change = {"add_tag_ids": [first["id"], second["id"]]}
    assert desk.data("PATCH", f"{TICKETS}/{ticket}", json=change)["tag_ids"] == [first["id"], second["id"]]
    renamed = desk.data("PATCH", f"{TAGS}/{first['id']}", json={"name": "Too late"})
    assert (renamed["name"], renamed["tickets"]) == ("Too late", 1)
    merged = desk.data("POST", f"{TAGS}/{first['id']}/merge", json={"into_tag_id": second["id"]})
    assert (merged["name"], merged["tickets"]) == ("Delivery", 1)
    assert [tag["name"] for tag in desk.data("GET", TAGS)["tags"]] == ["Delivery"]
    assert desk.data("DELETE", f"{TAGS}/{second['id']}") is None
    assert desk.data("GET", f"{TICKETS}/{ticket}")["tag_ids"] == []
    for method, path in (("PATCH", ""), ("DELETE", ""), ("POST", "/merge")):
        body = {"into_tag_id": 1} if path else {"name": "x"} if method == "PATCH" else None
        for tag_id in (second["id"], 2**31):
            assert refusal(desk, method, f"{TAGS}/{tag_id}{path}", 404, json=body) == "tag_not_found"
    unknown = {"add_tag_ids": [second["id"]]}
    assert refusal(desk, "PATCH", f"{TICKETS}/{ticket}", 400, json=unknown) == "unknown_tag"
