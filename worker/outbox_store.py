"""The sender's steps in the database: each is one short act, and none does I/O to others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config.bulk_rows import write_changes
from config.database import database_now, is_due, transaction
from models.contact import Contact, ContactIdentity, IdentityKind
from models.conversation import Conversation
from models.outbound_message import DeliveryState, OutboundMessage
from services.outbound_message_service import climb, keep_wamids, lock, settle_retries, tell_desk
from whatsapp.client import Address, Refused, Result, Sent
from whatsapp.errors import WINDOW_CLOSED, ErrorClass, plain_words
from whatsapp.window import is_open
from worker import lease
from worker.outbox_retry import (
    BLOCKED,
    LONGEST_ASKED_WAIT_SECONDS,
    NO_ADDRESS,
    OVERDUE,
    SAMPLE,
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
    head = (
        select(func.min(OutboundMessage.id).label("id"))
        .where(OutboundMessage.state == DeliveryState.QUEUED, OutboundMessage.phone_number_id == number)
        .group_by(OutboundMessage.contact_id)
        .subquery()
    )
    due = is_due(OutboundMessage.next_attempt_at, database_now(db), LONGEST_WAIT)
    rows = db.execute(
        select(OutboundMessage.id, OutboundMessage.contact_id)
        .join(head, OutboundMessage.id == head.c.id)
        .where(due)
        .order_by(OutboundMessage.id)
        .limit(limit + len(blocked))
    )
    return [row.id for row in rows if row.contact_id not in blocked][:limit]


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
        refused, addresses = _reachable(db, {row.contact_id for row in rows})
        closed = _closed_windows(db, number, rows, now)
        files = sort_out(db, [row for row in rows if row.contact_id in addresses and row.id not in closed])
        going = [row for row in rows if row.id in files.payloads]
        db.execute(
            update(OutboundMessage)
            .where(OutboundMessage.id.in_([row.id for row in going]))
            .values(
                state=DeliveryState.SENDING,
                attempts=OutboundMessage.attempts + 1,
                claimed_at=now,
                next_attempt_at=None,
            )
            .execution_options(synchronize_session=False)
        )
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
        new = _new_wamids(rows, results)
        write_changes(db, rows)  # the next statement's flush would write the ids one by one
        keep_wamids(db, new)
        changed = [row.id for row in rows if _write(db, row, results[row.id], now, retry_unit)]
        write_changes(db, rows)
        tell_desk(db, changed)


def _new_wamids(rows: Collection[OutboundMessage], results: Mapping[int, Result]) -> dict[int, str]:
    new = {}
    for row in rows:
        result = results[row.id]
        if isinstance(result, Sent) and row.wamid is None:
            row.wamid = new[row.id] = result.wamid
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
    if not step.counts:
        row.attempts -= 1
    if step.state is DeliveryState.QUEUED and step.wait:
        row.next_attempt_at = now + timedelta(seconds=step.wait)
    if isinstance(result, Refused) and result.kind is not ErrorClass.RETRY:
        urgent = result.kind is ErrorClass.CONFIGURATION
        (log.error if urgent else log.warning)("outbox.failed", code=result.code, message_id=row.id)
    return True


def _is_sending(row: OutboundMessage) -> bool:
    return row.state == DeliveryState.SENDING


def _closed_windows(db: Session, number: str, rows: Collection[OutboundMessage], now: datetime) -> set[int]:
    """Those that WhatsApp would refuse. Of customers who never wrote it decides by itself."""
    free = [row for row in rows if row.payload.get("type") != "template"]
    written = db.execute(
        select(Conversation.contact_id, Conversation.last_customer_message_at).where(
            Conversation.phone_number_id == number,
            Conversation.contact_id.in_({row.contact_id for row in free}),
            Conversation.last_customer_message_at.is_not(None),
        )
    )
    closed = {contact_id for contact_id, last in written if not is_open(last, now)}
    return {row.id for row in free if row.contact_id in closed}


def _reachable(db: Session, contact_ids: Collection[int]) -> tuple[dict[int, str], dict[int, Address]]:
    """Those to whom nothing goes out, whatever is in the outbox, and why; and where to reach the others.

    By their phone number, else their user id, else that of their parent business account.
    """
    query = select(Contact.id, Contact.phone_number, Contact.is_sample, Contact.blocked_at)
    rows = db.execute(query.where(Contact.id.in_(contact_ids))).all()
    refused = {
        row.id: SAMPLE if row.is_sample else BLOCKED for row in rows if row.is_sample or row.blocked_at
    }
    open_to_us = [row for row in rows if row.id not in refused]
    found = {row.id: Address("to", f"+{row.phone_number}") for row in open_to_us if row.phone_number}
    missing = {row.id for row in open_to_us} - set(found)
    if missing:
        identities = db.execute(
            select(ContactIdentity.contact_id, ContactIdentity.kind, ContactIdentity.value)
            .where(ContactIdentity.contact_id.in_(missing))
            .order_by(ContactIdentity.id)
        ).all()
        for kind in (IdentityKind.USER_ID, IdentityKind.PARENT_USER_ID):
            newest = {row.contact_id: row.value for row in identities if row.kind == kind}
            for contact_id, value in newest.items():
                found.setdefault(contact_id, Address("recipient", value))
    return refused, found
