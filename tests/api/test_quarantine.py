"""What could not be understood is shown, page by page, and can be tried again."""

import json
from datetime import datetime

import pytest

from models.inbound_event import InboundState
from services import inbound_event_service
from tests.pretend_meta import wait_until
from tests.running_desk import RunningDesk, count_events, text_message, webhook
from whatsapp import incoming
from whatsapp.payloads import MESSAGE

QUARANTINE = "/api/support/quarantine"


def test_pages_of_what_was_not_understood(desk: RunningDesk) -> None:
    assert desk.data("GET", QUARANTINE) == {"events": [], "total": 0, "next_cursor": None}
    for number in range(5):
        assert desk.deliver(f"not JSON {number}".encode()).status_code == 200
    first = desk.data("GET", f"{QUARANTINE}?limit=3")
    assert (len(first["events"]), first["total"]) == (3, 5)
    assert set(first["events"][0]) == {"id", "kind", "error", "attempts", "received_at"}
    second = desk.data("GET", f"{QUARANTINE}?limit=3&cursor={first['next_cursor']}")
    assert second["next_cursor"] is None
    ids = [event["id"] for page in (first, second) for event in page["events"]]
    assert ids == sorted(set(ids), reverse=True)
    assert len(ids) == 5
    for query in ("limit=0", "limit=201", "cursor=0", "cursor=x", "cursor=99999999999999999999"):
        response = desk.api.get(f"{QUARANTINE}?{query}")
        assert (response.status_code, response.json()["code"]) == (400, "malformed_request")


def test_nothing_of_what_was_written_is_shown(desk: RunningDesk) -> None:
    change = {"field": "hologram", "value": {"text": "my secret"}}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    desk.deliver(json.dumps(body).encode())
    wait_until(lambda: count_events(InboundState.QUARANTINED) == 1, "the quarantine")
    page = desk.api.get(QUARANTINE)
    assert page.json()["data"]["total"] == 1
    assert "my secret" not in page.text


def test_an_event_that_always_fails_ends_there_and_a_repaired_desk_takes_it(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    understand = incoming.parse_message

    def fail_on_poison(payload: dict[str, object], received_at: datetime) -> incoming.IncomingMessage:
        if "poison" in json.dumps(payload):
            raise ZeroDivisionError("my secret")
        return understand(payload, received_at)

    monkeypatch.setattr(inbound_event_service, "MAX_ATTEMPTS", 1)
    monkeypatch.setitem(inbound_event_service.MESSAGES, MESSAGE, fail_on_poison)
    others = [text_message(f"message {n}", number=f"23480355501{n:02}") for n in range(10, 19)]
    poison = text_message("poison", number="2348035550199")
    assert desk.deliver(webhook(*others[:4], poison, *others[4:])).status_code == 200
    wait_until(lambda: count_events(InboundState.PENDING) == 0, "the inbox to be empty")
    assert (count_events(InboundState.DONE), count_events(InboundState.QUARANTINED)) == (9, 1)
    [event] = desk.data("GET", QUARANTINE)["events"]
    assert "ZeroDivisionError" in event["error"]
    assert "my secret" not in event["error"]
    monkeypatch.setitem(inbound_event_service.MESSAGES, MESSAGE, understand)
    assert desk.data("POST", f"{QUARANTINE}/replay", json={}) == {"replayed": 1}
    wait_until(lambda: count_events(InboundState.DONE) == 10, "the event to be worked off")
    assert desk.data("GET", QUARANTINE)["total"] == 0
