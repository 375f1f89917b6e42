"""The inbox: what Meta said, stored once, and worked off in order per customer."""

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import after_commit, database_now, transaction, utc_now
from config.database_trouble import is_trouble
from config.settings import get_settings
from models.inbound_event import DueEvent, InboundEvent, InboundState
from realtime.bus import INBOX, bus
from services import account_event_service, erased_person_service
from services import inbound_event_statements as statements
from services.customer_message_service import receive
from services.handover_service import show_handover
from services.status_service import apply_statuses
from whatsapp.incoming import (
    IncomingMessage,
    IncomingStatus,
    NotUnderstood,
    parse_echo,
    parse_message,
    parse_status,
)
from whatsapp.payloads import (
    ECHO,
    MESSAGE,
    NOTED_FIELDS,
    STANDBY_ECHO,
    STANDBY_MESSAGE,
    STANDBY_STATUS,
    STATUS,
    UNREADABLE,
    Item,
    Json,
    items,
)

MESSAGES: dict[str, Callable[[Json, datetime], IncomingMessage]] = {
    MESSAGE: parse_message,
    ECHO: parse_echo,
    STANDBY_MESSAGE: partial(parse_message, standby=True),
    STANDBY_ECHO: partial(parse_echo, standby=True),
}
"""Kinds of event that are messages to or from customers, and who reads them."""

STATUSES = (STATUS, STANDBY_STATUS)

SHARDS = 8
"""Parts of the inbox; the first migration makes a lease for each."""

MOST_SHARDS = SHARDS // 2
"""While others are at work a worker takes no more at a time, so that they have their share."""

BATCH = 200
MAX_ATTEMPTS = 5
LONGEST_WAIT = timedelta(seconds=2 ** (MAX_ATTEMPTS - 1))
LEASE = timedelta(seconds=30)
ERROR_LENGTH = 1000

log = structlog.get_logger()


def store(db: Session, found: Sequence[Item]) -> None:
    """Keep what is not kept yet. To be called inside an act.

    The unique key decides, so that any number of processes may store the same delivery at once.
    """
    rows = [_as_row(item, utc_now()) for item in found]
    db.connection().execute(statements.keep_once(db.get_bind().dialect.name), rows)
    after_commit(db, lambda: bus.wake(INBOX))


def _as_row(item: Item, now: datetime) -> dict[str, object]:
    lane = digest(item.lane)
    return {
        "dedupe_key": digest(item.key),
        "kind": item.kind,
        "lane": lane,
        "shard": zlib.crc32(lane.encode()) % SHARDS,
        "payload": item.payload,
        "state": InboundState.QUARANTINED if item.problem else InboundState.PENDING,
        "error": item.problem,
        "attempts": 0,
        "received_at": now,
    }


def digest(text: str) -> str:
    """The hash that stands for what Meta calls an item, or for its customer."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def due_shards(db: Session) -> list[int]:
    """The parts of the inbox in which something can be worked off now."""
    row = db.connection().execute(statements.due_shards(LONGEST_WAIT, SHARDS)).one()
    return [shard for shard, is_due in enumerate(row) if is_due]


def work_off(db: Session, shards: Sequence[int], owner: str) -> int:
    """Work off up to a batch of what is due in these parts of the inbox; how many events that were.

    Claim, effects and completion are one transaction, so that a crash at any point leaves nothing half
    done and nothing claimed. Shards that another worker has are left to it. Where the batch fails, its
    events are tried one by one, and only those that fail by themselves wait and are counted.
    """
    try:
        with transaction(db):
            events = _claim(db, shards, owner)
            _handle(db, events)
        return len(events)
    except Exception as error:
        if is_trouble(error):  # not the events' fault: they are tried again without counting
            raise
        log.warning("inbox.batch_failed", error=type(error).__name__)
        return _work_off_one_by_one(db, shards, owner)


def _claim(db: Session, shards: Sequence[int], owner: str) -> list[DueEvent]:
    names = {f"inbox:{shard}": shard for shard in shards}
    connection = db.connection()
    offered = connection.execute(statements.OFFERED, {"names": list(names)}).all()
    if all(each.owner == owner or each.expires_at <= each.now for each in offered):
        taken = list(connection.scalars(statements.FREE, {"names": list(names)}))
    else:
        taken = []
        for each in offered:
            # one by one: a locking read with a LIMIT would lock all that it sorts
            taken += connection.scalars(statements.FREE, {"names": [each.name]})
            if len(taken) == MOST_SHARDS:
                break
    if not taken:
        return []
    # written, not only locked: a database cluster notices two workers by what both have written
    connection.execute(
        statements.TAKE, {"names": taken, "owner": owner, "expires_at": offered[0].now + LEASE}
    )
    wanted = {"shards": [names[name] for name in taken], "limit": BATCH}
    return [DueEvent._make(row) for row in connection.execute(statements.due_events(LONGEST_WAIT), wanted)]


def _handle(db: Session, events: Sequence[DueEvent]) -> None:
    messages: list[tuple[DueEvent, IncomingMessage]] = []
    statuses: list[tuple[DueEvent, IncomingStatus]] = []
    done, forgotten = [], []
    for event in events:
        try:
            if parse := MESSAGES.get(event.kind):
                messages.append((event, parse(json.loads(event.payload), event.received_at)))
            elif event.kind in STATUSES:
                statuses.append((event, parse_status(json.loads(event.payload), event.received_at)))
                continue
            elif event.kind in NOTED_FIELDS:
                if not _note(db, event):
                    forgotten.append(event.id)
            elif event.kind == UNREADABLE:
                _read_again(db, event)
            else:
                raise NotUnderstood(event.error or "Unknown kind of event.")
        except NotUnderstood as reason:
            _quarantine(db, event.id, str(reason))
        else:
            done.append(event.id)
    if messages:
        forgotten += _receive(db, messages)
    if statuses:
        known, about_erased = _apply(db, statuses)
        done += known
        forgotten += about_erased
    # retention passes each event once, and waits for none that was in quarantine by then
    kept_since = utc_now() - timedelta(days=get_settings().keep_webhooks_days)
    forgotten += [event.id for event in events if event.received_at < kept_since and event.id in done]
    _change(db, done, state=InboundState.DONE, processed_at=utc_now())
    if forgotten:  # only that they came is kept
        _change(db, forgotten, payload="", lane="")


def _receive(db: Session, parsed: Sequence[tuple[DueEvent, IncomingMessage]]) -> list[int]:
    """Take in all but what is older than its sender's erasure; gives the events of that."""
    messages, forgotten = [], []
    refused = erased_person_service.refused(db, [message for _, message in parsed])
    for (event, message), is_refused in zip(parsed, refused, strict=True):
        if is_refused:
            forgotten.append(event.id)
        else:
            messages.append(message)
    if messages:
        receive(db, messages)
    on_standby = {each.phone_number_id: each.occurred_at for each in messages if each.standby}
    for number, at in on_standby.items():
        account_event_service.note_standby(db, number or get_settings().whatsapp_phone_number_id, at)
    return forgotten


def _apply(db: Session, statuses: Sequence[tuple[DueEvent, IncomingStatus]]) -> tuple[list[int], list[int]]:
    """Take in what became of messages; gives the events that need not come again, and whose words go."""
    done, forgotten = [], []
    waiting = defaultdict(list)
    found = apply_statuses(db, [status for _, status in statuses])
    erased = erased_person_service.are_about_erased(db, [event.payload for event, _ in statuses])
    for (event, _), known, is_erased in zip(statuses, found, erased, strict=True):
        if known or is_erased or event.attempts + 1 >= MAX_ATTEMPTS:
            done.append(event.id)  # at last, another program sends from the same number
            if is_erased:
                forgotten.append(event.id)
        else:
            # the answer to our own send may still be on its way into the outbox
            waiting[event.attempts].append(event.id)
    for attempts, ids in waiting.items():
        _wait(db, ids, attempts)
    return done, forgotten


def _note(db: Session, event: DueEvent) -> bool:
    """False where it names somebody who was erased: then it is not kept."""
    payload = json.loads(event.payload)
    if erased_person_service.names_erased(db, payload):
        return False
    account_event_service.take_in(db, event.id, payload, event.received_at)
    if event.kind == "messaging_handovers":
        show_handover(db, payload, event.received_at)
    return True


def _read_again(db: Session, event: DueEvent) -> None:
    found = items(event.payload.encode())
    if any(item.kind == UNREADABLE for item in found):
        raise NotUnderstood(found[0].problem)
    store(db, found)


def _quarantine(db: Session, event_id: int, reason: str) -> None:
    error = reason[:ERROR_LENGTH]
    _change(db, [event_id], state=InboundState.QUARANTINED, error=error, processed_at=utc_now())


def _wait(db: Session, event_ids: Sequence[int], attempts: int) -> None:
    """The events failed once more than they did before, `attempts` times."""
    again_at = database_now(db) + timedelta(seconds=2**attempts)
    _change(db, event_ids, attempts=attempts + 1, next_attempt_at=again_at)


def _change(db: Session, event_ids: Sequence[int], **values: Any) -> None:
    given = {f"new_{name}": value for name, value in values.items()}
    db.connection().execute(statements.change(tuple(values)), {"ids": event_ids, **given})


def _work_off_one_by_one(db: Session, shards: Sequence[int], owner: str) -> int:
    with transaction(db):
        batch = [(event.id, event.lane, event.shard) for event in _claim(db, shards, owner)]
    failed_lanes: set[str] = set()
    for event_id, lane, shard in batch:
        if lane in failed_lanes:
            continue
        try:
            with transaction(db):
                # of all the shards, it would get those that it has not had for longest: others
                _handle(db, [event for event in _claim(db, [shard], owner) if event.id == event_id])
        except Exception as error:
            if is_trouble(error):
                raise
            failed_lanes.add(lane)  # the next one may be sound
            _count_failure(db, event_id, error)
    return len(batch)


def _count_failure(db: Session, event_id: int, error: Exception) -> None:
    with transaction(db):
        query = select(InboundEvent.state, InboundEvent.attempts).where(InboundEvent.id == event_id)
        state, attempts = db.execute(query.with_for_update()).one()
        if state != InboundState.PENDING:
            return
        _wait(db, [event_id], attempts)
        name = type(error).__name__  # and not the text, which may quote what the customer wrote
        if attempts + 1 < MAX_ATTEMPTS:
            _change(db, [event_id], error=name)
        else:
            _quarantine(db, event_id, f"Failed {MAX_ATTEMPTS} times: {name}.")
    log.error("inbox.event_failed", event_id=event_id, exc_info=error)
