"""What goes to WhatsApp, and what becomes of it."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, select, union_all, update
from sqlalchemy.orm import Session

from config.bulk_rows import insert_row, insert_rows
from config.conditions import by_index
from config.database import after_commit, database_now, transaction
from models.message_reaction import MessageReaction
from models.outbound_message import DeliveryState, OutboundMessage
from models.support_ticket import SupportMessage
from realtime.bus import OUTBOX, bus
from realtime.events import EventKind, record
from whatsapp.errors import plain_words

RANK = {
    DeliveryState.QUEUED: 0,
    DeliveryState.SENDING: 1,
    DeliveryState.UNKNOWN: 2,
    DeliveryState.SENT: 3,
    DeliveryState.FAILED: 4,
    DeliveryState.DELIVERED: 5,
    DeliveryState.READ: 6,
}
"""A state gives way to a higher one only, so that the order in which evidence arrives does not matter.

FAILED stands above SENT, since a late `sent` proves nothing, and below DELIVERED: what is on the
customer's phone did not fail.
"""

_IN_THREAD = select(SupportMessage.ticket_id, SupportMessage.id).where(SupportMessage.ticket_id.is_not(None))
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_SHOWN = union_all(  # what was said, and what was reacted to
    _IN_THREAD.where(SupportMessage.outbound_id.in_(_IDS)),
    _IN_THREAD.join(SupportMessage.reactions).where(MessageReaction.outbound_id.in_(_IDS)),
)
_KEEP_WAMIDS = (
    update(SupportMessage)
    .where(SupportMessage.outbound_id.in_(_IDS))
    .values(
        wamid=select(OutboundMessage.wamid)
        .where(OutboundMessage.id == SupportMessage.outbound_id)
        .scalar_subquery()
    )
)
_SPOKEN_OF = union_all(
    by_index(
        select(OutboundMessage.id).where(OutboundMessage.wamid.in_(bindparam("wamids", expanding=True))),
        OutboundMessage,
        "uq_outbound_messages_wamid",
    ),
    by_index(
        select(OutboundMessage.id).where(
            OutboundMessage.callback_id.in_(bindparam("callbacks", expanding=True))
        ),
        OutboundMessage,
        "uq_outbound_messages_callback_id",
    ),
)
_LOCKED = (
    select(OutboundMessage)
    .where(OutboundMessage.id.in_(bindparam("ids", expanding=True)))
    .order_by(OutboundMessage.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)

WENT_OUT = frozenset({DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ})

CALLED_OFF = "The first attempt reached WhatsApp after all, so this one was not sent."

STATUSES = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "played": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
}
"""WhatsApp's words for what became of a message. `played` is a voice note that was listened to."""


def enqueue(
    db: Session, contact_id: int, phone_number_id: str, payload: dict[str, Any], now: datetime | None = None
) -> OutboundMessage:
    """Put a message into the outbox; it leaves once the caller's act is committed.

    `payload` is Graph's body without the address. One customer's messages leave in the order of their ids:
    the caller holds the lock on the contact's row. `now` is the database's time, if the caller knows it.
    """
    with transaction(db):
        outbound = _queued(contact_id, phone_number_id, payload, now or database_now(db))
        insert_row(db, outbound)
        _wake_outbox_once(db)
    return outbound


def enqueue_all(db: Session, messages: Sequence[tuple[int, str, dict[str, Any]]]) -> list[OutboundMessage]:
    """The same for many of (contact id, number, payload), inside an act; the rows have their ids at once.

    They stay outside of the session.
    """
    if not messages:
        return []
    now = database_now(db)
    rows = [_queued(*message, now) for message in messages]
    insert_rows(db, rows)
    _wake_outbox_once(db)
    return rows


def _queued(contact_id: int, phone_number_id: str, payload: dict[str, Any], now: datetime) -> OutboundMessage:
    return OutboundMessage(
        contact_id=contact_id,
        phone_number_id=phone_number_id,
        callback_id=str(uuid.uuid4()),
        payload=payload,
        state=DeliveryState.QUEUED,
        created_at=now,
    )


def _wake_outbox_once(db: Session) -> None:
    notes = db.info["act"].notes
    if not notes.get("outbox_wakes"):
        notes["outbox_wakes"] = True
        after_commit(db, lambda: bus.wake(OUTBOX))


def climb(outbound: OutboundMessage, state: DeliveryState, at: datetime) -> bool:
    """Take in the evidence that the message reached this state; returns whether anything changed. Pure.

    The time is kept even where the state is already a higher one. A retry that was due is off, and an error
    that the evidence disproves is forgotten.
    """
    before = (outbound.state, outbound.sent_at, outbound.delivered_at, outbound.read_at)
    if state is DeliveryState.SENT:
        outbound.sent_at = outbound.sent_at or at
    elif state is DeliveryState.DELIVERED:
        outbound.delivered_at = outbound.delivered_at or at
    elif state is DeliveryState.READ:
        outbound.read_at = outbound.read_at or at
    if RANK[state] > RANK[DeliveryState(outbound.state)]:
        outbound.state = state
        outbound.next_attempt_at = outbound.error_code = outbound.error_detail = None
    return before != (outbound.state, outbound.sent_at, outbound.delivered_at, outbound.read_at)


def apply_status(
    db: Session,
    outbound: OutboundMessage,
    status: str,
    occurred_at: datetime,
    error_code: int | None = None,
    error_detail: str | None = None,
    wamid: str | None = None,
) -> bool:
    """Take in a status webhook for a row of `find_for_statuses`; returns whether anything changed.

    `status` is WhatsApp's word; unknown ones change nothing. `error_detail` are Graph's own words. `wamid`
    settles a message whose answer never came, so that quotes and later statuses find it.
    """
    state = STATUSES.get(status)
    if state is None:
        return False
    with transaction(db):
        before = DeliveryState(outbound.state)
        changed = climb(outbound, state, occurred_at)
        if state is DeliveryState.FAILED and changed:
            outbound.error_code = error_code
            outbound.error_detail = plain_words(error_code, error_detail or "")
            if is_blank(outbound):
                outbound.error_detail = None
        if wamid and outbound.wamid is None and not is_blank(outbound):
            keep_wamid(db, outbound, wamid)
        if changed:
            tell_desk(db, [outbound.id])
            settle_retries(db, outbound, before)
            give_way(db, [outbound])
    return changed


def is_blank(outbound: OutboundMessage) -> bool:
    """Whether it was erased. What WhatsApp still says of it names the customer: its ids hold their number."""
    return not outbound.payload


def settle_retries(db: Session, attempt: OutboundMessage, before: DeliveryState) -> None:
    """See to the retries of an attempt that was given up, now that more is known of it.

    If it went out after all and the newest retry has not left, that one is called off: the customer would
    get the message twice. The attempt then takes its place in the thread again, and stands after it; also
    after one that was given up, which nobody shall send again for a message that arrived.
    `attempt` is locked, and so is a retry before the sender can take it.
    """
    if before not in (DeliveryState.UNKNOWN, DeliveryState.FAILED):
        return
    retries: list[OutboundMessage] = []
    while (following := _retry_of(db, retries[-1] if retries else attempt)) is not None:
        retries.append(following)
    if not retries:
        return
    newest = retries[-1]
    given_up = newest.state in (DeliveryState.UNKNOWN, DeliveryState.FAILED)
    if attempt.state in WENT_OUT and (given_up or newest.state == DeliveryState.QUEUED):
        if not given_up:
            newest.state, newest.error_code, newest.error_detail = DeliveryState.FAILED, None, CALLED_OFF
            newest.next_attempt_at = None
        retries[0].retry_of_id, attempt.retry_of_id = attempt.retry_of_id, newest.id
        db.flush()
        db.execute(
            update(SupportMessage)
            .where(SupportMessage.outbound_id == newest.id)
            .values(outbound_id=attempt.id, wamid=attempt.wamid)
            .execution_options(synchronize_session="fetch")
        )
    tell_desk(db, [attempt.id, newest.id])


def give_way(db: Session, attempts: Iterable[OutboundMessage]) -> None:
    """Let an attempt that went out take the place of its retry among these, which did not get there.

    It was told of while the retry was on its way and could not be called off. They are locked.
    """
    for attempt in attempts:
        earlier = None if attempt.state in WENT_OUT else attempt
        while earlier is not None and earlier.retry_of_id is not None:
            db.flush()  # or what is read anew would be what it was
            earlier = db.get_one(OutboundMessage, earlier.retry_of_id, populate_existing=True)
            if earlier.state in WENT_OUT:
                settle_retries(db, earlier, DeliveryState.UNKNOWN)
                break


def _retry_of(db: Session, attempt: OutboundMessage) -> OutboundMessage | None:
    query = select(OutboundMessage).where(OutboundMessage.retry_of_id == attempt.id)
    return db.scalar(query.with_for_update().execution_options(populate_existing=True))


def keep_wamid(db: Session, outbound: OutboundMessage, wamid: str) -> None:
    """Keep WhatsApp's id of the message, here and in the thread, where quotes refer to it."""
    outbound.wamid = wamid
    db.execute(
        update(SupportMessage)
        .where(SupportMessage.outbound_id == outbound.id)
        .values(wamid=wamid)
        .execution_options(synchronize_session="fetch")
    )


def keep_wamids(db: Session, ids: Sequence[int]) -> None:
    """Keep WhatsApp's ids, as they are written, in the thread too; of none is a row there in the session."""
    if ids:
        db.connection().execute(_KEEP_WAMIDS, {"ids": ids})


def tell_desk(db: Session, outbound_ids: Iterable[int]) -> None:
    """The ticks of these messages changed, in the act that is under way."""
    concerned = list(outbound_ids)
    if not concerned:
        return
    db.flush()
    for ticket_id, message_id in db.connection().execute(_SHOWN, {"ids": concerned}):
        record(db, EventKind.MESSAGE_UPDATED, ticket_id=ticket_id, message_id=message_id)


def find_for_statuses(
    db: Session, statuses: Sequence[tuple[str, str | None]]
) -> list[OutboundMessage | None]:
    """The rows that statuses of (wamid, callback id) speak of, in their order and locked; None for others'.

    The callback id is ours and was given before the message left, so it is asked first.
    """
    given = {
        "wamids": list({wamid for wamid, _ in statuses}),
        "callbacks": list({callback for _, callback in statuses if callback}),
    }
    rows = lock(db, set(db.connection().scalars(_SPOKEN_OF, given)))
    by_callback = {row.callback_id: row for row in rows}
    by_wamid = {row.wamid: row for row in rows}
    return [by_callback.get(callback or "") or by_wamid.get(wamid) for wamid, callback in statuses]


def lock(db: Session, ids: Iterable[int]) -> Sequence[OutboundMessage]:
    """These rows as they are now, locked in the order of their ids, so that no two acts wait in a circle."""
    return db.scalars(_LOCKED, {"ids": list(ids)}).all()
