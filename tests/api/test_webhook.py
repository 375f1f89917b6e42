"""Meta's door: the question at set-up, forged bodies, hostile bodies, large ones, and the same one again."""

import hmac
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Contact, DeskEvent, SupportMessage, SupportTicket
from models.inbound_event import InboundState
from tests.pretend_meta import APP_SECRET, wait_until
from tests.running_desk import VERIFY_TOKEN, WEBHOOK, RunningDesk, count_events, text_message, webhook
from whatsapp.signature import sign

MIB = 1024 * 1024
BODY = webhook(text_message("héllo / @ 😀", wamid="wamid.signed"))


def ask(desk: RunningDesk, **query: str) -> tuple[int, str, str]:
    response = desk.stranger.get(WEBHOOK, params={f"hub.{name}": value for name, value in query.items()})
    return response.status_code, response.headers["content-type"], response.text


def test_verification_repeats_the_challenge_as_text(desk: RunningDesk) -> None:
    status, kind, text = ask(desk, mode="subscribe", challenge="1158201444", verify_token=VERIFY_TOKEN)
    assert (status, text) == (200, "1158201444")
    assert kind.startswith("text/plain")


REFUSED: list[tuple[dict[str, str], int]] = [
    ({"mode": "subscribe", "challenge": "1", "verify_token": "wrong"}, 403),
    ({"mode": "subscribe", "challenge": "1", "verify_token": "wröng"}, 403),
    ({"mode": "subscribe", "challenge": "1", "verify_token": ""}, 403),
    ({"mode": "subscribe", "challenge": "1"}, 403),
    ({"mode": "unsubscribe", "challenge": "1", "verify_token": VERIFY_TOKEN}, 403),
    ({"challenge": "1", "verify_token": VERIFY_TOKEN}, 403),
    ({"mode": "subscribe", "verify_token": VERIFY_TOKEN}, 400),
    ({"mode": "subscribe", "challenge": "<script>alert(1)</script>", "verify_token": VERIFY_TOKEN}, 400),
    ({"mode": "subscribe", "challenge": "9" * 101, "verify_token": VERIFY_TOKEN}, 400),
]


def test_verification_refuses_everything_else(desk: RunningDesk) -> None:
    for query, status in REFUSED:
        seen, kind, text = ask(desk, **query)
        assert (query, seen, kind) == (query, status, "application/json")
        assert json.loads(text)["status"] == "error"
        assert "<script>" not in text


def hexdigest(body: bytes, secret: str = APP_SECRET, method: str = "sha256") -> str:
    return hmac.new(secret.encode(), body, method).hexdigest()


RIGHT = hexdigest(BODY)
VECTORS: dict[str, tuple[bytes, list[bytes]]] = {
    "none": (BODY, []),
    "empty": (BODY, [b""]),
    "prefix alone": (BODY, [b"sha256="]),
    "no prefix": (BODY, [RIGHT.encode()]),
    "sha1": (BODY, [f"sha1={hexdigest(BODY, method='sha1')}".encode()]),
    "sha1 named sha256": (BODY, [f"sha256={hexdigest(BODY, method='sha1')}".encode()]),
    "upper case": (BODY, [f"sha256={RIGHT.upper()}".encode()]),
    "63 digits": (BODY, [f"sha256={RIGHT[:-1]}".encode()]),
    "65 digits": (BODY, [f"sha256={RIGHT}0".encode()]),
    "not ASCII": (BODY, [f"sha256={RIGHT[:-1]}é".encode()]),
    "not UTF-8": (BODY, [b"sha256=\xff" + RIGHT[1:].encode()]),
    "two headers": (BODY, [f"sha256={RIGHT}".encode(), b"sha256=" + b"0" * 64]),
    "twice the right one": (BODY, [f"sha256={RIGHT}".encode()] * 2),
    "serialised again": (
        json.dumps(json.loads(BODY), ensure_ascii=False).encode(),
        [f"sha256={RIGHT}".encode()],
    ),
    "byte order mark": (b"\xef\xbb\xbf" + BODY, [f"sha256={RIGHT}".encode()]),
    "one byte changed": (BODY.replace(b"text", b"texu", 1), [f"sha256={RIGHT}".encode()]),
    "one byte more": (BODY + b" ", [f"sha256={RIGHT}".encode()]),
    "another secret": (BODY, [f"sha256={hexdigest(BODY, 'another')}".encode()]),
    "empty secret": (BODY, [f"sha256={hexdigest(BODY, '')}".encode()]),
}


def test_forged_bodies_are_refused_and_leave_nothing(desk: RunningDesk) -> None:
    assert {body for body, _ in VECTORS.values()} > {BODY}
    for name, (body, signatures) in VECTORS.items():
        headers = [
            (b"content-type", b"application/json"),
            *((b"X-Hub-Signature-256", each) for each in signatures),
        ]
        response = desk.stranger.post(WEBHOOK, content=body, headers=headers)
        assert (name, response.status_code) == (name, 401)
        assert response.json()["code"] == "wrong_signature"
    assert count_events() == 0
    assert desk.deliver(BODY).status_code == 200
    assert count_events() == 1


def test_a_known_signature(desk: RunningDesk) -> None:
    """The vector was computed apart from the product."""
    body = b'{"object":"whatsapp_business_account","entry":[]}'
    signature = "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"
    assert desk.deliver(body, **{"X-Hub-Signature-256": signature}).status_code == 200


def in_value(**value: object) -> bytes:
    return json.dumps({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).encode()


QUARANTINED = {
    "no entry": b'{"entry": null}',
    "NaN": b'{"entry": [NaN]}',
    "infinity": b'{"entry": [-Infinity]}',
    "NaN in an event": b'{"entry": [{"changes": [{"field": "account_update", "value": {"a": NaN}}]}]}',
    "number": b"1",
    "null": b"null",
    "list": b"[]",
    "text": b'"entry"',
    "nested": b'{"entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nested objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "5,000 digits": b'{"entry": [' + b"1" * 5_000 + b"]}",
    "not JSON": b"hello",
    "cut off": BODY[:-1],
    "empty": b"",
    "not UTF-8": b'{"entry": "\xff\xfe"}',
    "NUL": b'{"entry": "\x00"}',
    "surrogate as a field": b'{"entry": [{"changes": [{"field": "\\ud800", "value": {}}]}]}',
    "surrogate as an id": in_value(messages=[{"id": "\ud800"}]),
    "NUL as a field": b'{"entry": [{"changes": [{"field": "\\u0000", "value": {}}]}]}',
    "entry of numbers": b'{"entry": [1]}',
    "changes of numbers": b'{"entry": [{"changes": [2]}]}',
    "messages of numbers": in_value(messages=[1]),
    "message without an id": in_value(messages=[{"type": "text"}]),
    "id that is a number": in_value(messages=[{"id": 1}]),
    "message without a sender": in_value(messages=[{"id": "wamid.x", "type": "text", "timestamp": "1"}]),
    "status without a state": in_value(statuses=[{"id": "wamid.x"}]),
    "unknown kind of event": b'{"entry": [{"changes": [{"field": "weather", "value": {}}]}]}',
}


@pytest.mark.promise("P3")
def test_hostile_bodies_are_kept_and_shown(desk: RunningDesk) -> None:
    for number, (name, body) in enumerate(QUARANTINED.items(), start=1):
        for _ in range(2):
            assert (name, desk.deliver(body).status_code) == (name, 200)
        assert (name, count_events()) == (name, number)
    everything = len(QUARANTINED)
    wait_until(lambda: count_events(InboundState.QUARANTINED) == everything, "all to be in quarantine")
    page = desk.data("GET", "/api/support/quarantine?limit=200")
    assert page["total"] == everything
    assert all(event["error"] for event in page["events"])
    assert desk.data("POST", "/api/support/quarantine/replay", json={}) == {"replayed": everything}
    wait_until(lambda: count_events(InboundState.QUARANTINED) == everything, "all to be back in quarantine")


def test_odd_values_in_a_message_do_not_lose_it(desk: RunningDesk) -> None:
    odd = [
        text_message("14 digits", at=10_000_000_000_000),
        text_message("no time", wamid="wamid.no-time") | {"timestamp": None},
        text_message("5,000 digits") | {"timestamp": "9" * 5_000},
        text_message("half a pair: \ud83d"),
        text_message("nothing: \x00"),
        text_message("long: " + "x" * 65_000),
        text_message("", wamid="wamid.empty"),
    ]
    assert desk.deliver(webhook(text_message("Chat Support"), *odd)).status_code == 200
    desk.settle()
    [ticket] = desk.data("GET", "/api/support/open-tickets")["tickets"]
    texts = {row["message"] for row in desk.ticket(ticket["id"])["messages"]}
    marks = {"half a pair: \N{REPLACEMENT CHARACTER}", "nothing: \N{REPLACEMENT CHARACTER}"}
    without_words = "A message of the kind text came without its content."
    long = "long: " + "x" * 65_000
    assert texts >= {"14 digits", "no time", "5,000 digits", long, without_words} | marks


@pytest.mark.promise("P5")
def test_one_odd_item_does_not_hold_up_the_others(desk: RunningDesk) -> None:
    before, after = text_message("Chat Support"), text_message("It does not charge")
    assert desk.deliver(webhook(before, {"type": "text"}, after)).status_code == 200
    wait_until(lambda: count_events(InboundState.DONE) == 2, "the two to be worked off")
    assert count_events(InboundState.QUARANTINED) == 1
    [ticket] = desk.data("GET", "/api/support/open-tickets")["tickets"]
    assert ticket["issue_description"] == "It does not charge"


def test_a_body_of_three_mebibytes_is_taken(desk: RunningDesk) -> None:
    body = b"\xff" * (3 * MIB)  # the worst to keep: every byte becomes four characters
    assert desk.deliver(body).status_code == 200
    assert count_events(InboundState.QUARANTINED) == 1


@pytest.mark.promise("P30")
def test_a_body_of_more_is_refused(desk: RunningDesk) -> None:
    body = b"x" * (3 * MIB + 1)
    announced = desk.deliver(body)
    assert (announced.status_code, announced.json()["code"]) == (413, "body_too_large")

    def pieces() -> Iterator[bytes]:
        yield from (body[start : start + MIB] for start in range(0, len(body), MIB))

    headers = {"X-Hub-Signature-256": sign(body, APP_SECRET)}
    chunked = desk.stranger.post(WEBHOOK, content=pieces(), headers=headers)
    assert "content-length" not in chunked.request.headers
    assert (chunked.status_code, chunked.json()["code"]) == (413, "body_too_large")
    assert count_events() == 0


def test_a_thousand_updates_in_one_body(desk: RunningDesk) -> None:
    messages = [text_message("Chat Support"), *(text_message(f"message {n}") for n in range(999))]
    assert desk.deliver(webhook(*messages)).status_code == 200
    desk.settle()
    [ticket] = desk.data("GET", "/api/support/open-tickets")["tickets"]
    texts = [row["message"] for row in desk.ticket(ticket["id"])["messages"] if row["sender_type"] == "user"]
    assert texts == ["Chat Support", *(f"message {n}" for n in range(999))]
    assert ticket["unread_count"] == 1_000


def at_once(times: int, call: Callable[[], int]) -> list[int]:
    barrier = threading.Barrier(times)

    def run(_number: int) -> int:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.mark.promise("P4")
def test_the_same_webhook_fifty_times_at_once_is_one_message(desk: RunningDesk, db: Session) -> None:
    body = webhook(text_message("Chat Support"))
    assert at_once(50, lambda: desk.deliver(body).status_code) == [200] * 50
    desk.settle()
    assert desk.deliver(body).status_code == 200
    desk.settle()
    customers_own = (
        select(func.count()).select_from(SupportMessage).where(SupportMessage.sender_type == "user")
    )
    assert db.scalar(customers_own) == 1
    assert [db.scalar(select(func.count()).select_from(table)) for table in (Contact, SupportTicket)] == [
        1,
        1,
    ]
    assert db.scalars(select(SupportTicket.unread_count)).all() == [1]
    created = select(func.count()).select_from(DeskEvent).where(DeskEvent.kind == "ticket.created")
    assert db.scalar(created) == 1


@pytest.mark.promise("P20")
def test_thirty_messages_of_a_new_customer_at_once_are_one_ticket(desk: RunningDesk, db: Session) -> None:
    waiting = [webhook(text_message("Chat Support", wamid=f"wamid.burst{n}")) for n in range(30)]
    sent = iter(waiting)
    assert at_once(30, lambda: desk.deliver(next(sent)).status_code) == [200] * 30
    desk.settle()
    assert [db.scalar(select(func.count()).select_from(table)) for table in (Contact, SupportTicket)] == [
        1,
        1,
    ]
    assert db.scalars(select(SupportTicket.unread_count)).all() == [30]


@pytest.mark.promise("P2")
def test_a_webhook_is_on_disk_when_it_is_answered(desk: RunningDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.inbound_event_service.due_shards", lambda db: [])
    for number in range(1, 21):
        assert desk.deliver(webhook(text_message(f"message {number}"))).status_code == 200
        assert count_events() == number
