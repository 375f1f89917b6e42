"""Colleagues at the same moment on what the desk shares: one wins, the others are told so."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import CannedReply, SupportTicket, Tag
from services import canned_reply_service, tag_service
from services.canned_reply_service import CannedText
from tests.factories import make_ticket
from tests.plain_client import plain_client
from tests.running_desk import RunningDesk
from tests.together import together

MANY = 8


def at_once(desk: RunningDesk, method: str, path: str, *bodies: Any) -> Counter[int]:
    """The statuses of calls that begin together; each body is sent by MANY // len(bodies)."""

    def call(_db: Session, number: int) -> int:
        with plain_client(desk.url, headers=desk.api.headers, timeout=30) as one:
            return one.request(method, path, json=bodies[number % len(bodies)]).status_code

    return Counter(status for status in together(MANY, call) if isinstance(status, int))


def test_of_many_who_make_one_tag_one_does(desk: RunningDesk, db: Session) -> None:
    made = at_once(desk, "POST", "/api/support/tags", {"name": "Delivery"}, {"name": "DELIVERY"})
    assert made == {200: 1, 409: MANY - 1}
    assert db.scalar(select(func.count()).select_from(Tag)) == 1


def test_two_tags_do_not_become_one_by_their_names(desk: RunningDesk, db: Session) -> None:
    tags = [tag_service.create(db, f"Tag {number}").id for number in range(MANY)]

    def rename(_db: Session, number: int) -> int:
        path = f"/api/support/tags/{tags[number]}"
        with plain_client(desk.url, headers=desk.api.headers, timeout=30) as one:
            return one.patch(path, json={"name": "Refund"}).status_code

    assert Counter(together(MANY, rename)) == {200: 1, 409: MANY - 1}


def test_of_many_who_take_one_shortcut_one_gets_it(desk: RunningDesk, db: Session) -> None:
    body = {"shortcut": "hours", "title": "Hours", "text": "We are here from 8 to 5."}
    assert at_once(desk, "POST", "/api/support/canned-replies", body) == {200: 1, 409: MANY - 1}
    assert db.scalar(select(func.count()).select_from(CannedReply)) == 1


def test_of_many_who_change_what_they_saw_one_does(desk: RunningDesk, db: Session) -> None:
    reply = canned_reply_service.create(db, CannedText("hours", "Hours", "From 8 to 5."))
    ticket = make_ticket(db)
    texts = [
        {"shortcut": "hours", "title": "Hours", "text": f"From {hour}.", "version": 1} for hour in range(8)
    ]
    assert at_once(desk, "PUT", f"/api/support/canned-replies/{reply.id}", *texts) == {200: 1, 409: 7}
    names = [{"name": f"Amara {number}", "version": 1} for number in range(8)]
    assert at_once(desk, "PATCH", f"/api/support/contacts/{ticket.contact_id}", *names) == {200: 1, 409: 7}


def test_many_who_keep_a_setting_for_the_first_time_all_do(desk: RunningDesk) -> None:
    """Each finds nothing kept yet, and would put the row there."""
    wanted = [{"merge_lines": True, "currency": currency} for currency in ("EUR", "USD")]
    assert at_once(desk, "PATCH", "/api/support/settings", *wanted) == {200: MANY}
    kept = desk.data("GET", "/api/support/settings")
    assert kept["merge_lines"] is True
    assert kept["currency"] in ("EUR", "USD")


def test_a_tag_that_is_deleted_while_it_is_put_on_tickets_is_nowhere(desk: RunningDesk, db: Session) -> None:
    tag = tag_service.create(db, "Delivery").id
    tickets = [make_ticket(db).id for _ in range(MANY)]

    def act(_db: Session, number: int) -> int:
        with plain_client(desk.url, headers=desk.api.headers, timeout=30) as one:
            if number == 0:
                return one.delete(f"/api/support/tags/{tag}").status_code
            body = {"add_tags": [tag]}
            return one.patch(f"/api/support/tickets/{tickets[number]}", json=body).status_code

    statuses = together(MANY, act)
    assert statuses[0] == 200
    assert set(statuses) <= {200, 400, 404, 409}
    assert db.scalars(select(Tag.id)).all() == []
    for row in db.scalars(select(SupportTicket).execution_options(populate_existing=True)):
        assert row.taggings == []


@pytest.mark.parametrize("field", ["name", "note"])
def test_a_script_of_staff_comes_back_as_text_in_no_page(desk: RunningDesk, db: Session, field: str) -> None:
    """Nothing is taken out or escaped on the way: React shows it as text, and an answer is JSON alone."""
    script = "<img src=x onerror=alert(1)>"
    ticket = make_ticket(db)
    answer = desk.api.patch(f"/api/support/contacts/{ticket.contact_id}", json={field: script})
    assert answer.json()["data"][field] == script
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
