"""How many live tickets there are of each kind: kept, since counting takes longer the more there are.

The numbers stand in the row of the event sequence, which every act that changes a ticket locks and writes
anyway, so that they cost no statement and nobody waits for them.
"""

from operator import sub
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, ScalarSelect, event, func, inspect, select, update
from sqlalchemy.orm import Session, object_session

from config.database import transaction
from models.desk_event import EventSequence
from models.support_ticket import LIVE_STATUSES, SupportTicket, TicketStatus


class TicketCounts(NamedTuple):
    """Live tickets; those without an assignee are counted by their status as well."""

    open_tickets: int = 0
    in_progress_tickets: int = 0
    unassigned_tickets: int = 0


_Standing = tuple[TicketStatus, int | None] | None


def _count(*where: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(SupportTicket).where(*where).scalar_subquery()


# each along an index that has all it needs: no ticket is looked at
_COUNTED = (
    _count(SupportTicket.status == TicketStatus.OPEN),
    _count(SupportTicket.status == TicketStatus.IN_PROGRESS),
    _count(SupportTicket.assigned_admin_id.is_(None), SupportTicket.status.in_(LIVE_STATUSES)),
)
_COUNT = select(*_COUNTED)
_KEPT = select(
    EventSequence.open_tickets,
    EventSequence.in_progress_tickets,
    EventSequence.unassigned_tickets,
    EventSequence.counted_seq == EventSequence.last_seq,
)
_BOTH = _KEPT.add_columns(*_COUNTED)


def watch(db: Session, ticket: SupportTicket) -> None:
    """Have the counts follow what the act at hand makes of the ticket. Before it changes, or is written anew.

    The act must tell the desk of the change, as every one does.
    """
    watched: dict[SupportTicket, _Standing] = db.info["act"].notes.setdefault("ticket_counts", {})
    if ticket not in watched:
        watched[ticket] = _standing(ticket)


def difference(db: Session) -> TicketCounts:
    """By how much the act at hand changes the counts, as its tickets stand now."""
    watched: dict[SupportTicket, _Standing] = db.info["act"].notes.get("ticket_counts", {})
    found = [0, 0, 0]
    for ticket, before in watched.items():
        after = _standing(ticket)
        if after != before:
            steps = map(sub, _counted(after), _counted(before))
            found = [sum(each) for each in zip(found, steps, strict=True)]
    return TicketCounts(*found)


# After a script that writes tickets by itself they are counted, until the clock has.


@event.listens_for(SupportTicket, "after_update")
def _on_update(mapper: Any, connection: Connection, ticket: SupportTicket) -> None:
    fields = inspect(ticket).attrs
    if any(fields[name].history.has_changes() for name in ("status", "assigned_admin_id")):
        _forget_unwatched(mapper, connection, ticket)


@event.listens_for(SupportTicket, "after_insert")
@event.listens_for(SupportTicket, "after_delete")
def _forget_unwatched(_mapper: Any, connection: Connection, ticket: SupportTicket) -> None:
    db = object_session(ticket)
    act = db.info.get("act") if db else None
    if act is None or ticket not in act.notes.get("ticket_counts", {}):
        connection.execute(update(EventSequence).values(counted_seq=-1))


def _standing(ticket: SupportTicket) -> _Standing:
    if not inspect(ticket).persistent:  # not yet in the database, or no more
        return None
    return ticket.status, ticket.assigned_admin_id


def _counted(standing: _Standing) -> TicketCounts:
    if standing is None or standing[0] not in LIVE_STATUSES:
        return TicketCounts()
    status, assignee = standing
    return TicketCounts(
        int(status == TicketStatus.OPEN), int(status == TicketStatus.IN_PROGRESS), int(assignee is None)
    )


def read(db: Session) -> TicketCounts:
    """The counts as they are committed now.

    Where something has changed that kept none, a release before this one or a script, tickets are counted.
    """
    *kept, is_current = db.connection().execute(_KEPT).one()
    return TicketCounts(*(kept if is_current else db.connection().execute(_COUNT).one()))


def compare(db: Session) -> tuple[TicketCounts | None, TicketCounts]:
    """What is kept, None where it is not current, and what is counted: as of one moment."""
    row = db.connection().execute(_BOTH).one()
    return TicketCounts(*row[:3]) if row[3] else None, TicketCounts(*row[4:])


def mend(db: Session) -> bool:
    """Count anew where the kept numbers are not those of the tickets; whether that was so."""
    kept, counted = compare(db)
    db.rollback()
    if kept == counted:
        return False
    with transaction(db):
        # whoever has changed a ticket and waits for this lock adds their difference to what is counted here
        db.execute(select(EventSequence.last_seq).with_for_update())
        counted = TicketCounts(*db.execute(_COUNT).one())
        db.execute(update(EventSequence).values(counted_seq=EventSequence.last_seq, **counted._asdict()))
    return True
