"""The same lengths at every door, in the services and in the database; what is longer is refused.

A character is a code point, here as in the dashboard and at WhatsApp; a family is seven of them.
"""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from config.database import SessionLocal
from models import SupportMessage
from services import canned_reply_service, contact_change_service, message_text, tag_service
from tests.running_desk import RunningDesk, text_message, webhook
from tests.together import wait_until
from whatsapp import outgoing

ALPHABETS = {"letters": "a", "emoji": "😀", "families": "👨‍👩‍👧‍👦", "accents": "é"}
"""The last as two code points, which no door may put together."""

Field = tuple[str, str, dict[str, Any], str, int]
FIELDS: dict[str, Field] = {
    "reply": ("POST", "/api/support/tickets/{ticket}/messages", {}, "message", message_text.MAX_REPLY_LENGTH),
    "note": ("POST", "/api/support/tickets/{ticket}/notes", {}, "message", message_text.MAX_REPLY_LENGTH),
    "title": (
        "POST",
        "/api/support/canned-replies",
        {"shortcut": "s{turn}", "text": "Hello"},
        "title",
        canned_reply_service.LONGEST_TITLE,
    ),
    "text": (
        "POST",
        "/api/support/canned-replies",
        {"shortcut": "t{turn}", "title": "Hello"},
        "text",
        message_text.MAX_REPLY_LENGTH,
    ),
    "tag": ("POST", "/api/support/tags", {}, "name", tag_service.LONGEST_NAME),
    "name": ("PATCH", "/api/support/contacts/{contact}", {}, "name", contact_change_service.LONGEST_NAME),
    "remark": ("PATCH", "/api/support/contacts/{contact}", {}, "note", contact_change_service.LONGEST_NOTE),
}


def of_length(characters: str, length: int) -> str:
    """So many code points of these, again and again."""
    return "".join(itertools.islice(itertools.cycle(characters), length))


@pytest.mark.promise("P31")
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_takes_its_length_whole_and_not_one_more(
    desk: RunningDesk, field: str, cases: Callable[[int], None]
) -> None:
    method, path, beside, name, limit = FIELDS[field]
    ticket = desk.open_ticket()
    path = path.format(ticket=ticket["id"], contact=ticket["contact_id"])
    turns = itertools.count()
    for characters in ALPHABETS.values():
        for length in (limit - 1, limit, limit + 1):
            given = of_length(characters, length)
            turn = next(turns)
            body = {key: value.format(turn=turn) for key, value in beside.items()} | {name: given}
            answer = desk.api.request(method, path, json=body)
            if length > limit:
                assert answer.status_code == 400, answer.text
                assert f"{limit:,}" in answer.json()["message"], answer.text
            else:
                assert answer.status_code == 200, answer.text
                assert answer.json()["data"][name] == given
    cases(next(turns))


@pytest.mark.promise("P31")
def test_a_reply_comes_to_the_phone_as_long_as_it_was_written(desk: RunningDesk) -> None:
    ticket = desk.open_ticket()
    longest = [of_length(characters, outgoing.LONGEST_TEXT) for characters in ALPHABETS.values()]
    for text in longest:
        desk.data("POST", f"/api/support/tickets/{ticket['id']}/messages", json={"message": text})
    wait_until(lambda: len(desk.meta.requests()) == len(longest))
    assert [each["body"]["text"]["body"] for each in desk.meta.requests()] == longest


@pytest.mark.promise("P31")
def test_what_a_customer_writes_is_kept_and_shown_whole(desk: RunningDesk) -> None:
    texts = [of_length(each, message_text.MAX_CUSTOMER_LENGTH) for each in ALPHABETS.values()]
    messages = [text_message(text) for text in ("Chat Support", *texts)]
    assert desk.deliver(webhook(*messages)).status_code == 200
    desk.settle()
    with SessionLocal() as db:
        stored = dict(db.execute(select(SupportMessage.wamid, SupportMessage.message)).all())
    assert [stored[each["id"]] for each in messages[1:]] == texts
    [ticket] = desk.data("GET", "/api/support/open-tickets")["tickets"]
    shown = [each["message"] for each in desk.ticket(ticket["id"])["messages"]]
    assert [each for each in shown if len(each) > 1000] == texts
