"""What the desk hears: every change that a dashboard must show, in the order of the commits."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from sqlalchemy import Connection, Row, bindparam, case, func, insert, select, update
from sqlalchemy.orm import Session

from config.database import after_commit, before_commit, utc_now
from models.desk_event import DeskEvent, EventSequence
from realtime import ticket_counts
from realtime.bus import EVENTS, bus
from realtime.ticket_counts import TicketCounts


class EventKind(StrEnum):
    """The kinds of change, as the event stream names them (docs/events.md)."""

    TICKET_CREATED = "ticket.created"
    TICKET_UPDATED = "ticket.updated"
    MESSAGE_CREATED = "message.created"
    MESSAGE_UPDATED = "message.updated"
    CONTACT_UPDATED = "contact.updated"
    ACCOUNT_UPDATED = "account.updated"
    TAGS_UPDATED = "tags.updated"


AT_ONCE = 500
"""Changes that are read at once."""

Change = tuple[EventKind, int | None, int | None]

_COUNTED = EventSequence.counted_seq
_RAISED = EventSequence.last_seq + bindparam("count")
# in this order: MariaDB and MySQL read what is set before
_NUMBERS = (
    (_COUNTED, case((EventSequence.last_seq == _COUNTED, _COUNTED + bindparam("count")), else_=_COUNTED)),
    (EventSequence.open_tickets, EventSequence.open_tickets + bindparam("open_tickets")),
    (
        EventSequence.in_progress_tickets,
        EventSequence.in_progress_tickets + bindparam("in_progress_tickets"),
    ),
    (EventSequence.unassigned_tickets, EventSequence.unassigned_tickets + bindparam("unassigned_tickets")),
)
_RAISE = update(EventSequence).ordered_values(
    *_NUMBERS, (EventSequence.last_seq, func.last_insert_id(_RAISED))
)
_RAISE_AND_TELL = (
    update(EventSequence)
    .ordered_values(*_NUMBERS, (EventSequence.last_seq, _RAISED))
    .returning(EventSequence.last_seq)
)
_INSERT = insert(DeskEvent)
_SINCE = (
    select(DeskEvent.seq, DeskEvent.kind, DeskEvent.ticket_id, DeskEvent.message_id)
    .where(DeskEvent.seq > bindparam("seq"))
    .order_by(DeskEvent.seq)
    .limit(bindparam("limit"))
)


def record(db: Session, kind: EventKind, ticket_id: int | None = None, message_id: int | None = None) -> None:
    """Tell the desk about a change, in the transaction that makes it.

    The same change recorded twice in one act is told once. Outside of an act it raises KeyError.
    """
    changes: dict[Change, None] | None = db.info["act"].notes.get("desk_events")
    if changes is None:
        changes = db.info["act"].notes["desk_events"] = {}
        before_commit(db, lambda: _write(db, changes))
        after_commit(db, lambda: bus.wake(EVENTS))
    changes[kind, ticket_id, message_id] = None


def _write(db: Session, changes: Iterable[Change]) -> None:
    # The sequence is locked as the last thing before the commit, so that no act waits longer than it must.
    db.flush()
    connection, rows = db.connection(), list(changes)
    last, now = _take(connection, len(rows), ticket_counts.difference(db)), utc_now()
    # on the connection: the session would send a statement for each run of rows with the same empty columns
    connection.execute(
        _INSERT,
        [
            {
                "seq": last - len(rows) + index,
                "kind": kind,
                "ticket_id": ticket_id,
                "message_id": message_id,
                "created_at": now,
            }
            for index, (kind, ticket_id, message_id) in enumerate(rows, start=1)
        ],
    )


def _take(connection: Connection, count: int, tickets: TicketCounts) -> int:
    """So many numbers, of which this is the last."""
    numbers = {"count": count, **tickets._asdict()}
    if connection.dialect.update_returning:
        return connection.scalars(_RAISE_AND_TELL, numbers).one()
    # MariaDB and MySQL tell the number with the answer to the UPDATE
    return connection.execute(_RAISE, numbers).lastrowid


def last_seq(db: Session) -> int:
    """The cursor that has seen everything committed so far."""
    return db.scalars(select(EventSequence.last_seq)).one()


def oldest_seq(db: Session) -> int | None:
    """The oldest change still kept, or None when none is."""
    return db.scalar(select(func.min(DeskEvent.seq)))


def since(db: Session, seq: int, limit: int = AT_ONCE) -> Sequence[Row[int, str, int | None, int | None]]:
    """The changes after `seq`, oldest first: their number, kind, ticket and message."""
    return db.connection().execute(_SINCE, {"seq": seq, "limit": limit}).all()
