"""One event that can never be worked off: the others do not wait for it, and it is set aside."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm import Session

from config.database import SessionLocal
from models import InboundEvent, SupportMessage
from models.inbound_event import InboundState
from services import customer_message_service, inbound_event_service
from tests.running_desk import RunningDesk, count_events, text_message, webhook
from tests.together import wait_until
from tests.webhooks import end_waiting

POISON = "poison"


def constraint_failed() -> Exception:
    """As MariaDB says it of a value that a CHECK refuses, and for much else that only this row can cure."""
    return OperationalError("INSERT", {}, Exception(4025, "CONSTRAINT `payload` failed"))


def too_long() -> Exception:
    return DataError("INSERT", {}, Exception(1406, "Data too long"))


@pytest.mark.promise("P5", "P26")
@pytest.mark.parametrize("error", [constraint_failed, too_long, ZeroDivisionError])
def test_poison_harms_nobody_beside_it(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch, error: Callable[[], Exception]
) -> None:
    take_in = customer_message_service.receive

    def fail(db: Session, messages: list[object]) -> None:
        if any(POISON in str(message) for message in messages):
            raise error()
        take_in(db, messages)  # type: ignore[arg-type]

    monkeypatch.setattr(inbound_event_service, "receive", fail)
    numbers = [f"23480355600{n:02}" for n in range(10)]
    batch = [
        text_message(POISON if number == numbers[3] else "Chat Support", number=number) for number in numbers
    ]
    began = time.monotonic()
    assert desk.deliver(webhook(*batch)).status_code == 200
    good = {message["id"] for message in batch} - {batch[3]["id"]}
    wait_until(lambda: good <= stored())
    later = text_message("Chat Support", number="2348035560077")
    assert desk.deliver(webhook(later)).status_code == 200
    wait_until(lambda: later["id"] in stored())
    assert time.monotonic() - began < 5
    assert desk.deliver(webhook(*batch)).status_code == 200
    assert count_events() == 11
    with SessionLocal() as db:
        wait_until(lambda: is_quarantined(db))
        [poison] = db.scalars(
            select(InboundEvent).where(InboundEvent.state == InboundState.QUARANTINED)
        ).all()
        assert count_events(InboundState.DONE) == 10
    assert poison.attempts == inbound_event_service.MAX_ATTEMPTS


def is_quarantined(db: Session) -> bool:
    """With the waits between its tries cut short: 15 seconds in all, of which other tests know."""
    end_waiting(db)
    return count_events(InboundState.QUARANTINED) == 1


def stored() -> set[str | None]:
    with SessionLocal() as db:
        return set(db.scalars(select(SupportMessage.wamid)))
