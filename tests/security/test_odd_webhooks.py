"""Signed bodies of shapes and sizes that nobody announced: each gets its 200 and stands in the inbox."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.database import SessionLocal
from models import InboundEvent, SupportMessage, SupportTicket
from models.inbound_event import InboundState
from services.inbound_event_service import store
from services.quarantine_service import replay
from tests.desk import count
from tests.plain_client import plain_client
from tests.pretend_meta import APP_SECRET
from tests.running_desk import JSON, WEBHOOK, RunningDesk, count_events, text_message, webhook
from tests.together import wait_until
from tests.whatsapp.examples import EXAMPLES
from tests.whatsapp.mutations import ODD_VALUES
from whatsapp.payloads import STANDBY_STATUS, STATUS, Item, items
from whatsapp.signature import sign

KINDS: tuple[Any, ...] = (None, 1, 1.5, [], {}, True, "", "messages")

OTHERS: dict[str, Any] = {
    "Twilio": b"SmsMessageSid=SM1&From=whatsapp%3A%2B2348035550142&Body=Hello&NumMedia=0",
    "a query": b"hub.mode=subscribe&hub.challenge=1",
    "XML": b"<?xml version='1.0'?><message><from>2348035550142</from></message>",
    "the API that one hosted oneself": {
        "contacts": [{"profile": {"name": "Ada"}, "wa_id": "2348035550142"}],
        "messages": [
            {
                "from": "2348035550142",
                "id": "ABGG",
                "timestamp": "1518694235",
                "text": {"body": "Hi"},
                "type": "text",
            }
        ],
    },
    "its statuses": {
        "statuses": [{"id": "ABGG", "recipient_id": "2348", "status": "read", "timestamp": "1"}]
    },
    "its errors": {
        "errors": [{"code": 400, "title": "Media download error", "details": "Failed to download"}]
    },
    "Messenger": {
        "object": "page",
        "entry": [
            {
                "id": "1",
                "time": 1,
                "messaging": [{"sender": {"id": "2"}, "message": {"mid": "m", "text": "Hi"}}],
            }
        ],
    },
    "Instagram": {
        "object": "instagram",
        "entry": [{"id": "1", "changes": [{"field": "comments", "value": {"id": "9"}}]}],
    },
    "Gupshup": {
        "app": "Desk",
        "timestamp": 1580227766370,
        "version": 2,
        "type": "message",
        "payload": {"id": "ABEG", "source": "2348035550142", "type": "text", "payload": {"text": "Hi"}},
    },
    "Vonage": {
        "message_uuid": "a",
        "from": {"type": "whatsapp", "number": "2348"},
        "message": {"content": {"text": "x"}},
    },
    "messages as one object": {
        "entry": [
            {"changes": [{"field": "messages", "value": {"messages": text_message("one", "wamid.one")}}]}
        ]
    },
    "an entry that is no list": {
        "entry": {"changes": {"field": "messages", "value": {"statuses": {"id": "x"}}}}
    },
    "entries in entries": {"entry": [[{"changes": []}], [[]], None, 1, "x", {"entry": []}]},
    "values of every kind": {
        "entry": [{"changes": [{"field": f, "value": v} for f in KINDS for v in KINDS]}]
    },
    "ids of every kind": {
        "entry": [
            {
                "changes": [
                    {
                        "field": "messages",
                        "value": {"messages": [{"id": each, "type": "text"} for each in KINDS]},
                    }
                ]
            }
        ]
    },
    "names of properties that mean something": {
        "__proto__": {},
        "constructor": {},
        "entry": [{"__class__": {}}],
    },
    "nothing": b"",
    "a word": b"null",
    "a text": b'"entry"',
    "two documents": b'{"entry": []}{"entry": []}',
    "a comment": b'/* hello */ {"entry": []}',
    "a byte order mark": b'\xef\xbb\xbf{"entry": []}',
    "UTF-16": '{"entry": []}'.encode("utf-16"),
    "half a surrogate": b'{"entry": [{"changes": [{"field": "\\ud800", "value": {"messages": "\\udfff"}}]}]}',
    "a NUL": b'{"entry": [{"changes": [{"field": "\\u0000", "value": {"messages": "a\\u0000"}}]}]}',
    "a duplicate key": b'{"entry": 1, "entry": [{"changes": [{"field": "x", "value": {}}]}], "entry": null}',
}
SPOILT = 2000
IN_PLACE: tuple[Any, ...] = (None, [], {"odd": [None]}, 2**63, "\u0000")
BASES = (
    "02_text_batch_two_messages_and_status",
    "03_image",
    "11_contacts",
    "16_interactive_nfm_reply_flow",
    "23_system_user_changed_number",
    "48_status_failed_131047",
    "64_message_template_status_update_approved",
)


def places(tree: Any) -> Iterator[list[Any]]:
    """The way to every part."""
    keys = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, part in keys:
        yield [key]
        yield from ([key, *rest] for rest in places(part))


def spoilt(tree: Any) -> Iterator[bytes]:
    """The example with each of its parts in turn replaced by something else."""
    for way in places(tree):
        for odd in IN_PLACE:
            made = deepcopy(tree)
            holder = made
            for key in way[:-1]:
                holder = holder[key]
            holder[way[-1]] = odd
            yield json.dumps(made).encode()


def mangled(chance: random.Random) -> bytes:
    """An example in which up to four parts, anywhere, are replaced, gone, wrapped or there twice."""
    made = json.loads(chance.choice(list(EXAMPLES.values())))
    for _ in range(chance.randint(1, 4)):
        *way, last = chance.choice(list(places(made)) or [["entry"]])
        holder = made
        for key in way:
            holder = holder[key]
        match chance.randrange(4):
            case 0:
                holder[last] = deepcopy(chance.choice(ODD_VALUES))
            case 1:
                holder.pop(last, None) if isinstance(holder, dict) else holder.pop(last)
            case 2:
                holder[last] = [holder.get(last)] if isinstance(holder, dict) else {"nested": holder[last]}
            case 3 if isinstance(holder, list):
                holder.append(deepcopy(holder[last]))
    return json.dumps(made).encode()


def numbers(desk: RunningDesk) -> list[str]:
    return [each["phone_number"] for each in desk.data("GET", "/api/support/tickets")["tickets"]]


def deliver_all(desk: RunningDesk, bodies: list[bytes]) -> None:
    def deliver(body: bytes) -> int:
        headers = {"Content-Type": JSON, "X-Hub-Signature-256": sign(body, APP_SECRET)}
        return client.post(WEBHOOK, content=body, headers=headers).status_code

    with (
        plain_client(desk.url, timeout=60) as client,
        ThreadPoolExecutor(8) as many,
    ):
        answers = list(many.map(deliver, bodies))
    assert [body for body, status in zip(bodies, answers, strict=True) if status != 200] == []


def accounted(bodies: list[bytes]) -> None:
    """Every item of every body is in the inbox, done or set aside."""
    import hashlib  # noqa: PLC0415

    wanted = {
        hashlib.sha256(item.key.encode("utf-8", "backslashreplace")).hexdigest()
        for body in bodies
        for item in items(body)
    }
    deadline = time.monotonic() + 60
    while waiting():
        assert time.monotonic() < deadline, "something is pending for ever"
        time.sleep(0.1)
    with SessionLocal() as db:
        there = set(db.scalars(select(InboundEvent.dedupe_key)))
    assert wanted <= there


def waiting() -> int:
    """What is neither done nor set aside; ticks of unknown messages wait for theirs, and do not count."""
    pending = select(func.count()).where(
        InboundEvent.state == InboundState.PENDING, InboundEvent.kind.not_in([STATUS, STANDBY_STATUS])
    )
    with SessionLocal() as db:
        return db.scalar(pending) or 0


def name_of(base: str) -> Any:
    return next(text for name, text in EXAMPLES.items() if base in str(name))


@pytest.mark.timeout(240)
def test_other_peoples_shapes_are_kept(desk: RunningDesk) -> None:
    bodies = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in OTHERS.values()]
    deliver_all(desk, bodies)
    accounted(bodies)
    with SessionLocal() as db:
        replay(db)
    accounted(bodies)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.promise("P3")
def test_two_thousand_spoilt_bodies_are_kept_and_stop_nothing(
    desk: RunningDesk, cases: Callable[[int], None]
) -> None:
    chance = random.Random(3)  # noqa: S311 - the same bodies every time
    bodies = [body for base in BASES for body in spoilt(json.loads(name_of(base)))]
    bodies += [mangled(chance) for _ in range(SPOILT - len(bodies))]
    deliver_all(desk, bodies)
    accounted(bodies)
    desk.deliver(webhook(text_message("Chat Support", number="2348035559999")))
    wait_until(lambda: "2348035559999" in numbers(desk))
    with SessionLocal() as db:
        states = Counter(db.scalars(select(InboundEvent.state)))
        assert desk.data("GET", "/api/support/quarantine")["total"] == states["quarantined"] > 100
        assert replay(db) == states["quarantined"]
    accounted(bodies)
    assert desk.data("GET", "/api/support/quarantine")["total"] == states["quarantined"]
    cases(len(bodies))


@pytest.mark.promise("P3")
def test_a_desk_that_drops_what_it_cannot_read_is_found_out(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store_what_is_read(db: Session, found: Sequence[Item]) -> None:
        if readable := [item for item in found if not item.problem]:
            store(db, readable)

    monkeypatch.setattr("api.shared_commit.store", store_what_is_read)
    bodies = [OTHERS["XML"], OTHERS["a word"]]
    deliver_all(desk, bodies)
    with pytest.raises(AssertionError):
        accounted(bodies)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_thousand_events_in_one_body_and_three_megabytes_in_one_message(desk: RunningDesk) -> None:
    wishes = [text_message("Chat Support", number=f"23480{n:08d}") for n in range(200)]
    words = [text_message(f"Help {n}", number=f"23480{n:08d}") for n in range(200)]
    statuses = [{"id": f"wamid.s{n}", "status": "read", "timestamp": "1795000000"} for n in range(1000)]
    long = text_message("x" * 2_900_000, number="2348000000001")
    emoji = text_message("\U0001f992" * 250_000, number="2348000000002")
    odd = text_message("y" * 65_537, number="2348000000003")
    bodies = [
        webhook(*wishes, *words),
        webhook(statuses=statuses),
        *(webhook(each) for each in (long, emoji, odd)),
    ]
    deliver_all(desk, bodies)
    accounted(bodies)
    assert count_events() == 1403
    assert count(SupportTicket) == 200
    with SessionLocal() as db:
        kept = {
            wamid: db.scalar(select(func.length(SupportMessage.message)).where(SupportMessage.wamid == wamid))
            for wamid in (long["id"], emoji["id"], odd["id"])
        }
        aside = db.scalars(select(InboundEvent).where(InboundEvent.state == InboundState.QUARANTINED)).all()
    assert all(kept.values()) or aside, "whole in the thread, or set aside where it can be seen"
    assert (kept[odd["id"]] or 65_537) == 65_537, "nothing is cut without a word"
