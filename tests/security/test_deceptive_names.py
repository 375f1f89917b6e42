"""S31: names that read as other names, and words that turn what stands beside them."""

import re
from typing import Any

from tests.running_desk import RunningDesk, text_message, webhook

TURNING = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
NAMES = {
    "Ada \u202etroppuS": "Ada troppuS",
    "\u2066\u2067Bank\u2069": "Bank",
    "Trade\u200b \u2060by\ufeff Barter": "Trade by Barter",
    "Ada\nSupport": "Ada Support",
    "\x1b[31mAda": "[31mAda",
    "A\u00adda": "Ada",
    "\u202e\u200b\u2063": None,
    "👩🏾\u200d🔧 Ọlá": "👩🏾\u200d🔧 Ọlá",
    "محمد": "محمد",
    "A" * 5_000: "A" * 255,
}


def deliver(desk: RunningDesk, number: str, name: str, *messages: dict[str, Any]) -> None:
    body = webhook(*messages).replace(
        b'"contacts": [{"wa_id": ',
        b'"contacts": [{"profile": {"name": %b}, "wa_id": ' % _json(name),
    )
    assert desk.deliver(body).status_code == 200


def _json(text: str) -> bytes:
    return b'"' + "".join(f"\\u{ord(unit):04x}" for unit in _utf16(text)).encode() + b'"'


def _utf16(text: str) -> str:
    raw = text.encode("utf-16-be")
    return "".join(chr(raw[at] << 8 | raw[at + 1]) for at in range(0, len(raw), 2))


def test_a_name_is_what_it_looks_like(desk: RunningDesk) -> None:
    numbers = {f"23480355501{n:02d}": name for n, name in enumerate(NAMES)}
    for number, name in numbers.items():
        words = text_message("Chat Support", number=number)
        preview = text_message("My order\u202e gnp.exe\u2066", number=number)
        deliver(desk, number, name, words, preview)
    desk.settle()
    tickets = desk.data("GET", "/api/support/tickets?limit=200")["tickets"]
    assert len(tickets) == len(NAMES)
    for ticket in tickets:
        wanted = NAMES[numbers[ticket["phone_number"]]]
        shown = ticket["sender_name"]
        if wanted is None:
            assert shown.strip("+") == ticket["phone_number"], "who has no name is a number"
        else:
            assert shown == wanted
        for field in ("sender_name", "last_message_preview", "issue_description"):
            one_line = field != "issue_description"
            assert not (one_line and TURNING.search(ticket[field])), (field, ticket[field])


def test_the_desks_own_fields_take_no_turning_signs_either(desk: RunningDesk) -> None:
    ticket = desk.open_ticket(sender_name="Bola\u202e eman\u200b")
    assert ticket["sender_name"] == "Bola eman"


def test_cards_and_files_have_harmless_names(desk: RunningDesk) -> None:
    number = "2348035550142"
    turned = "invoice\u202efdp.exe"
    card = {"name": {"formatted_name": turned}, "org": {"company": turned}, "phones": [{"phone": turned}]}
    document = {"id": "1", "mime_type": "application/pdf", "filename": turned}
    deliver(
        desk,
        number,
        "Ada",
        text_message("Chat Support", number=number),
        text_message("", number=number) | {"type": "contacts", "contacts": [card]},
        text_message("", number=number) | {"type": "document", "document": document},
    )
    desk.settle()
    (ticket,) = desk.data("GET", "/api/support/tickets")["tickets"]
    thread = desk.ticket(ticket["id"])["messages"]
    names = [each["media"]["filename"] for each in thread if each["media"]]
    names += [str(each["payload"]) for each in thread if each["kind"] == "contacts"]
    assert len(names) == 2
    assert not any(TURNING.search(name) for name in names), names
