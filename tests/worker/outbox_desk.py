"""The outbox against a pretend Graph, as the tests of both use it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import SessionLocal, database_now, transaction
from models import Contact, DeskEvent, Lease, OutboundMessage
from realtime.bus import OUTBOX, bus
from services.outbound_message_service import enqueue
from tests.factories import make_message, make_ticket
from tests.pretend_graph import PretendGraph
from whatsapp.client import WhatsAppClient
from whatsapp.media import Caps, MediaClient
from worker.outbox import Outbox
from worker.outbox_number import Pace
from worker.outbox_store import lease_name

NUMBER = "1001"
BRISK = Pace(poll=0.02, retry_unit=0.02)


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.005)


def make_outbox(url: str, pace: Pace = BRISK) -> Outbox:
    token = SecretStr("token")
    media = MediaClient(url, "v25.0", token, Caps(total=20, silence=1))
    return Outbox(WhatsAppClient(url, "v25.0", token), media, pace)


@contextmanager
def running(url: str, pace: Pace = BRISK) -> Iterator[Outbox]:
    outbox = make_outbox(url, pace)
    deaf = bus.listen(OUTBOX, outbox.wake)
    outbox.start()
    try:
        yield outbox
    finally:
        deaf()
        outbox.stop()


def text(body: str) -> dict[str, object]:
    return {"type": "text", "text": {"body": body}}


def put(db: Session, contact: Contact, body: str = "Good morning") -> OutboundMessage:
    return enqueue(db, contact.id, NUMBER, text(body))


def row(message: OutboundMessage) -> OutboundMessage:
    with SessionLocal() as db:
        return db.get_one(OutboundMessage, message.id)


def states() -> list[str]:
    with SessionLocal() as db:
        return list(db.scalars(select(OutboundMessage.state).order_by(OutboundMessage.id)))


def run_out_lease(db: Session) -> None:
    with transaction(db):
        ended = database_now(db) - timedelta(seconds=1)
        db.execute(update(Lease).where(Lease.name == lease_name(NUMBER)).values(expires_at=ended))


def arrived(graph: PretendGraph, contact: Contact | None = None) -> list[str]:
    """The texts that came to Graph, in their order."""
    return [
        post["text"]["body"]
        for post in graph.posts
        if contact is None or post.get("to") == f"+{contact.phone_number}"
    ]


def change(db: Session, message: OutboundMessage, **fields: Any) -> OutboundMessage:
    """The same row, as it would be after this happened to it."""
    with transaction(db):
        for name, value in fields.items():
            setattr(message, name, value)
    return message


def shown(db: Session, message: OutboundMessage) -> int:
    """It stands in a thread, whose readers are told of it; that row's id."""
    return make_message(db, make_ticket(db, message.contact), outbound_id=message.id).id


def told(db: Session) -> list[int | None]:
    """The rows of threads that the desk heard of, in their order."""
    db.rollback()
    return list(db.scalars(select(DeskEvent.message_id).order_by(DeskEvent.seq)))


def reason(message: OutboundMessage) -> tuple[str, int | None, str | None]:
    now = row(message)
    return now.state, now.error_code, now.error_detail
