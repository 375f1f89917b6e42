"""Webhooks as Meta sends them, and the inbox worked off by hand."""

import json
from itertools import count
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import transaction
from config.settings import get_settings
from models import InboundEvent
from models.inbound_event import InboundState
from services.inbound_event_service import SHARDS, store, work_off
from whatsapp.payloads import items

NUMBER = get_settings().whatsapp_phone_number_id
PHONE = "2348031234567"
_numbers = count(1)


def body_of(*values: dict[str, Any], field: str = "messages") -> bytes:
    """A webhook with a change for each value."""
    changes = [{"field": field, "value": value} for value in values]
    entry = [{"id": "204815937760412", "changes": changes}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def message(text: str | None = "Hello", **fields: Any) -> dict[str, Any]:
    """A text of a customer; a field that is given as None is left out."""
    given = {
        "from": PHONE,
        "id": f"wamid.{next(_numbers)}",
        "timestamp": "1795000000",
        "type": "text",
        "text": None if text is None else {"body": text},
    } | fields
    return {name: value for name, value in given.items() if value is not None}


def tap(choice: str, **fields: Any) -> dict[str, Any]:
    """The customer taps a row of the menu."""
    interactive = {"type": "list_reply", "list_reply": {"id": choice, "title": "A row"}}
    return message(None, type="interactive", interactive=interactive, **fields)


def status(wamid: str, word: str = "delivered", **fields: Any) -> dict[str, Any]:
    """What became of a message that was sent."""
    return {"id": wamid, "status": word, "timestamp": "1795000000", "recipient_id": PHONE} | fields


def messages_body(*messages: dict[str, Any], **value: Any) -> bytes:
    """These messages in one value."""
    return body_of({"metadata": {"phone_number_id": NUMBER}, "messages": list(messages)} | value)


def statuses_body(*statuses: dict[str, Any]) -> bytes:
    """These statuses in one value."""
    return body_of({"metadata": {"phone_number_id": NUMBER}, "statuses": list(statuses)})


def deliver(db: Session, *bodies: bytes) -> None:
    """Store what Meta delivers, as the webhook does."""
    with transaction(db):
        store(db, [item for body in bodies for item in items(body)])


def work_off_all(db: Session) -> int:
    """One turn over all parts of the inbox; how many events were taken."""
    return sum(work_off(db, [shard], "tests") for shard in range(SHARDS))


def end_waiting(db: Session) -> None:
    """As if the time until the next attempts had passed: the database's clock cannot be moved."""
    with transaction(db):
        db.execute(update(InboundEvent).values(next_attempt_at=None))


def settle(db: Session) -> None:
    """Work off the inbox until nothing is pending."""
    pending = select(InboundEvent.id).where(InboundEvent.state == InboundState.PENDING)
    for _ in range(100):
        work_off_all(db)
        end_waiting(db)
        if db.scalar(pending.limit(1)) is None:
            return
        db.rollback()
    raise AssertionError("something is pending for ever")


def receive_text(db: Session, text: str, **fields: Any) -> str:
    """A customer's text goes all the way; returns its id."""
    written = message(text, **fields)
    deliver(db, messages_body(written))
    settle(db)
    return str(written["id"])
