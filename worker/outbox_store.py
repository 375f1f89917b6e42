"""The sender's steps in the database: each is one short act, and none does I/O to others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import structlog
from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.orm import Session

from config.bulk_rows import write_changes
from config.conditions import is_due
from config.database import database_now, transaction
from models.outbound_message import DeliveryState, OutboundMessage
from services.outbound_message_service import (
    climb,
    give_way,
    is_blank,
    keep_wamids,
    lock,
    settle_retries,
    tell_desk,
)
from whatsapp.client import Address, Refused, Result, Sent
from whatsapp.errors import WINDOW_CLOSED, ErrorClass, plain_words
from worker import lease, outbox_customers
from worker.outbox_retry import (
    LONGEST_ASKED_WAIT_SECONDS,
    NO_ADDRESS,
    OVERDUE,
    TAKEN_OVER,
    UNREACHED_PERIOD,
    Step,
    after,
)
from worker.outbox_uploads import FILE_GONE, Upload, sort_out
from worker.pair_rate import PAIR_BURST, PAIR_INTERVAL, THROUGHPUT

REMEMBERED = timedelta(seconds=(PAIR_BURST - 1) * PAIR_INTERVAL + 36)
"""How far back sends still count for the pair rate: five minutes."""

REMEMBERED_ROWS = int(REMEMBERED.total_seconds()) * THROUGHPUT

LONGEST_WAIT = timedelta(seconds=LONGEST_ASKED_WAIT_SECONDS)

_SEND = (
    update(OutboundMessage)
    .where(OutboundMessage.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=DeliveryState.SENDING,
        attempts=OutboundMessage.attempts + 1,
        claimed_at=bindparam("claimed_at"),
        next_attempt_at=None,
    )
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """A message that is ours to send, once."""

    id: int
    contact_id: int
    callback_id: str
    payload: dict[str, Any]
    address: Address


@dataclass(frozen=True)
class Claimed:
    """What is to be sent, and what must be uploaded before its message can be claimed."""

    jobs: list[Job]
    uploads: list[Upload]


def lease_name(number: str) -> str:
    """The lease of the one process that sends for a number."""
    return f"outbox:{number}"


def numbers_with_work(db: Session) -> Sequence[str]:
    """The numbers that have something to send, or something that a dead process was sending."""
    states = (DeliveryState.QUEUED, DeliveryState.SENDING)
    return db.scalars(
        select(OutboundMessage.phone_number_id).where(OutboundMessage.state.in_(states)).distinct()
    ).all()


def settle_left_behind(
    db: Session, number: str, owner: str, in_flight: Collection[int], state: DeliveryState
) -> None:
    """Give this state to the rows that are marked as being sent and that we are not sending.

    UNKNOWN after taking the lease over from another: it may have sent them. QUEUED where the lease was
    ours throughout: they were claimed by a commit whose answer was lost, and never sent. Raises LeaseLost.
    """
    with transaction(db):
        lease.hold(db, lease_name(number), owner)
        query = select(OutboundMessage.id).where(
            OutboundMessage.state == DeliveryState.SENDING, OutboundMessage.phone_number_id == number
        )
        left = [row for row in lock(db, set(db.scalars(query)) - set(in_flight)) if _is_sending(row)]
        for row in left:
            row.state = state
            row.error_detail = TAKEN_OVER if state is DeliveryState.UNKNOWN else None
        give_way(db, left)
        tell_desk(db, [row.id for row in left])
    if left:
        log.warning("outbox.left_behind", number=number, messages=len(left), state=state)


def recent_sends(db: Session, number: str) -> list[tuple[int, float]]:
    """What the rate limits must know after a change of process: (contact, seconds ago), oldest first.

    Looks only at as many of the newest rows as can have been sent in that time.
    """
    now = database_now(db)
    newest = db.scalar(select(func.max(OutboundMessage.id))) or 0
    rows = db.execute(
        select(OutboundMessage.contact_id, OutboundMessage.claimed_at)
        .where(
            OutboundMessage.id > newest - REMEMBERED_ROWS,
            OutboundMessage.phone_number_id == number,
            OutboundMessage.claimed_at.between(now - REMEMBERED, now),  # ahead of a clock that was set back
        )
        .order_by(OutboundMessage.claimed_at)
    )
    return [(contact_id, (now - claimed_at).total_seconds()) for contact_id, claimed_at in rows if claimed_at]


def due_heads(db: Session, number: str, blocked: Collection[int], limit: int) -> list[int]:
    """The oldest queued message of each customer, where it is due and the customer is not blocked.

    A message that waits for another try holds back its customer's later ones, and nobody else's.
    """
    given = {"number": number, "limit": limit + len(blocked)}
    rows = db.connection().execute(_due_heads(LONGEST_WAIT), given)
    return [row.id for row in rows if row.contact_id not in blocked][:limit]


@cache
def _due_heads(longest_wait: timedelta) -> Select[int, int]:
    head = (
        select(func.min(OutboundMessage.id).label("id"))
        .where(
            OutboundMessage.state == DeliveryState.QUEUED,
            OutboundMessage.phone_number_id == bindparam("number"),
        )
        .group_by(OutboundMessage.contact_id)
        .subquery()
    )
    return (
        select(OutboundMessage.id, OutboundMessage.contact_id)
        .join(head, OutboundMessage.id == head.c.id)
        .where(is_due(OutboundMessage.next_attempt_at, longest_wait))
        .order_by(OutboundMessage.id)
        .limit(bindparam("limit"))
    )


def claim_due(db: Session, number: str, owner: str, blocked: Collection[int], limit: int) -> Claimed:
    """Claim what `due_heads` finds; where there is nothing, nothing is locked. Raises LeaseLost."""
    heads = due_heads(db, number, blocked, limit)
    return claim(db, number, owner, heads) if heads else Claimed([], [])


def claim(db: Session, number: str, owner: str, heads: Collection[int]) -> Claimed:
    """Mark the messages as being sent, which no other can after us. Raises LeaseLost.

    A customer without an address is told to the desk as a failure, and so is a sample or a blocked one, and
    one whose window closed while the message waited. What needs an upload first stays as it is.
    """
    with transaction(db):
        now = lease.hold(db, lease_name(number), owner)
        rows = [row for row in lock(db, heads) if row.state == DeliveryState.QUEUED]
        customers = outbox_customers.find(db, number, {row.contact_id for row in rows})
        refused, addresses = outbox_customers.reachable(db, customers)
        closed = outbox_customers.closed_windows(customers, rows, now)
        files = sort_out(db, [row for row in rows if row.contact_id in addresses and row.id not in closed])
        going = [row for row in rows if row.id in files.payloads]
        db.connection().execute(_SEND, {"ids": [row.id for row in going], "claimed_at": now})
        for row in rows:
            if row.contact_id in refused:
                row.state, row.error_detail = DeliveryState.FAILED, refused[row.contact_id]
            elif row.contact_id not in addresses:
                row.state, row.error_detail = DeliveryState.FAILED, NO_ADDRESS
            elif row.id in closed:
                row.state, row.error_code = DeliveryState.FAILED, WINDOW_CLOSED
                row.error_detail = plain_words(WINDOW_CLOSED)
            elif row.id in files.gone:
                row.state, row.error_detail = DeliveryState.FAILED, FILE_GONE
        waiting = {upload.outbound_id for upload in files.uploads}
        tell_desk(db, [row.id for row in rows if row.id not in waiting])
        return Claimed(
            [
                Job(
                    row.id, row.contact_id, row.callback_id, files.payloads[row.id], addresses[row.contact_id]
                )
                for row in going
            ],
            files.uploads,
        )


def fail_overdue(db: Session, number: str) -> None:
    """Give up what has waited for a day; for while WhatsApp cannot be reached."""
    overdue = select(OutboundMessage.id).where(
        OutboundMessage.state == DeliveryState.QUEUED,
        OutboundMessage.phone_number_id == number,
        OutboundMessage.created_at < database_now(db) - UNREACHED_PERIOD,
    )
    ids = db.scalars(overdue).all()
    if not ids:
        return
    with transaction(db):
        rows = [row for row in lock(db, ids) if row.state == DeliveryState.QUEUED]
        for row in rows:
            row.state, row.error_detail = DeliveryState.FAILED, OVERDUE
        tell_desk(db, [row.id for row in rows])


def write_results(db: Session, results: Mapping[int, Result], retry_unit: float) -> None:
    """Write what became of messages that we sent, also if the lease is no longer ours: it is evidence."""
    with transaction(db):
        now = database_now(db)
        rows = lock(db, results)
        new = _take_wamids(rows, results)
        changed = [row.id for row in rows if _write(db, row, results[row.id], now, retry_unit)]
        write_changes(db, rows)
        keep_wamids(db, new)
        give_way(db, [row for row in rows if row.id in changed])
        tell_desk(db, changed)


def _take_wamids(rows: Collection[OutboundMessage], results: Mapping[int, Result]) -> list[int]:
    new = []
    for row in rows:
        result = results[row.id]
        if isinstance(result, Sent) and row.wamid is None and not is_blank(row):
            row.wamid = result.wamid
            new.append(row.id)
    return new


def _write(db: Session, row: OutboundMessage, result: Result, now: datetime, retry_unit: float) -> bool:
    if isinstance(result, Sent):
        before = DeliveryState(row.state)
        changed = climb(row, DeliveryState.SENT, now)
        settle_retries(db, row, before)
        return changed
    step = after(result, row.attempts, retry_unit)
    if row.state == DeliveryState.UNKNOWN and step.state is DeliveryState.QUEUED:
        # Another process gave it up, and an agent may have written it again since: not without being asked.
        step = Step(DeliveryState.FAILED, step.error_code, "The message was not sent. Send it again.")
    elif not _is_sending(row) and row.state != DeliveryState.UNKNOWN:
        return False  # a status has told more than this result does
    row.state, row.error_code, row.error_detail = step.state, step.error_code, step.error_detail
    if is_blank(row):  # its customer was erased while it was being sent, and there is nothing to send again
        row.error_detail = None
        if step.state is DeliveryState.QUEUED:
            row.state = DeliveryState.FAILED
    if not step.counts:
        row.attempts -= 1
    if row.state == DeliveryState.QUEUED and step.wait:
        row.next_attempt_at = now + timedelta(seconds=step.wait)
    if isinstance(result, Refused) and result.kind is not ErrorClass.RETRY:
        urgent = result.kind is ErrorClass.CONFIGURATION
        (log.error if urgent else log.warning)("outbox.failed", code=result.code, message_id=row.id)
    return True


def _is_sending(row: OutboundMessage) -> bool:
    return row.state == DeliveryState.SENDING
