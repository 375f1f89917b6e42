"""Pages of tickets for the dashboard, and how much is in each of its queues."""

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models.support_ticket import LIVE_STATUSES, SupportTicket, TicketStatus
from realtime.events import EventKind, record
from services.graph_task_service import queue_read_mark
from services.ticket_change_service import lock_ticket
from services.ticket_filter import MOST_COUNTED, CappedCount, TicketFilter, WaitingFor, count_up_to
from services.ticket_order import read
from services.ticket_page import Cursor, TicketPage, TicketSort, parse_cursor
from services.ticket_rows import read_tickets


class Queue(StrEnum):
    """The lists that an admin works through."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True)
class QueueCounts:
    """How many tickets are in each queue, and how many live ones hold messages that nobody has read."""

    queues: dict[Queue, CappedCount]
    unread: CappedCount


def queue_filter(queue: Queue, admin_id: int) -> TicketFilter:
    """What is in this queue of this admin. WAITING waits for the customer."""
    if queue is Queue.CLOSED:
        return TicketFilter((TicketStatus.RESOLVED, TicketStatus.CLOSED))
    return TicketFilter(
        LIVE_STATUSES,
        assigned_admin_id=admin_id if queue is Queue.MINE else None,
        unassigned=queue is Queue.UNASSIGNED,
        waiting_for=WaitingFor.CUSTOMER if queue is Queue.WAITING else None,
    )


def count_queues(db: Session, admin_id: int) -> QueueCounts:
    """The numbers beside the queues; none counts further than MOST_COUNTED."""
    counts = {queue: count_up_to(db, queue_filter(queue, admin_id)) for queue in Queue}
    unread = (
        select(SupportTicket.id)
        .where(SupportTicket.unread_count > 0, SupportTicket.live_contact_id.is_not(None))
        .limit(MOST_COUNTED + 1)
    )
    counted = db.scalar(select(func.count()).select_from(unread.subquery())) or 0
    return QueueCounts(counts, CappedCount(min(counted, MOST_COUNTED), counted > MOST_COUNTED))


def list_tickets(
    db: Session, ticket_filter: TicketFilter, sort: TicketSort, cursor: str | None, limit: int
) -> TicketPage:
    """A page of at most `limit` tickets after the cursor. Raises UnknownCursor."""
    if sort is TicketSort.CLOSING:
        ticket_filter = replace(ticket_filter, live_only=True)
    after = parse_cursor(cursor, sort) if cursor is not None else None
    began = after.began if after else utc_now()
    places = read(db, ticket_filter, sort, after, began, limit + 1)
    page = places[:limit]
    total = count_up_to(db, ticket_filter)
    following = None
    if len(places) > limit and page:
        last = page[-1]
        following = str(Cursor(sort, last.part, last.time, last.key_id, began))
    found = read_tickets(db, [place.ticket_id for place in page])
    tickets = [found[place.ticket_id] for place in page if place.ticket_id in found]
    return TicketPage(tickets, total.count, total.is_capped, following)


def count_live(db: Session) -> int:
    """How many tickets are OPEN or IN_PROGRESS."""
    live = SupportTicket.live_contact_id.is_not(None)
    return db.scalar(select(func.count()).select_from(SupportTicket).where(live)) or 0


def mark_read(db: Session, ticket_id: int) -> SupportTicket:
    """Somebody at the desk has seen the thread; the customer is told. Raises TicketNotFound."""
    with transaction(db):
        ticket = lock_ticket(db, ticket_id)
        if ticket.unread_count:
            ticket.unread_count = 0
            queue_read_mark(db, ticket)
            record(db, EventKind.TICKET_UPDATED, ticket.id)
    return ticket
