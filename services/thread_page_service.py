"""A ticket's thread, page by page from its newest end: five thousand messages cost what fifty do."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from models.support_ticket import SupportMessage, SupportTicket
from services.errors import TicketNotFound
from services.thread_rows import THREAD_ROWS, ThreadRow, read_thread
from services.ticket_change_service import LARGEST_ID
from services.ticket_page import UnknownCursor, micros, time_of
from services.ticket_rows import TicketRow, read_tickets


@dataclass(frozen=True)
class ThreadPage:
    """Oldest first. `earlier_cursor` asks for what was written before it, and is None at the beginning.

    `quoted` are the messages of the same customer that the page's replies point at and that are not in it.
    """

    messages: list[ThreadRow]
    quoted: list[ThreadRow]
    earlier_cursor: str | None


def find_ticket(db: Session, ticket_id: int) -> TicketRow:
    """The ticket without its thread. Raises TicketNotFound."""
    found = read_tickets(db, [ticket_id]).get(ticket_id) if 0 < ticket_id <= LARGEST_ID else None
    if found is None:
        raise TicketNotFound(ticket_id)
    return found


def page(db: Session, ticket: SupportTicket | TicketRow, before: str | None, limit: int | None) -> ThreadPage:
    """The newest `limit` messages, or all, before the cursor, or before the end. Raises UnknownCursor."""
    query = THREAD_ROWS.where(SupportMessage.ticket_id == ticket.id)
    if before is not None:
        query = query.where(_before(before))
    query = query.order_by(SupportMessage.occurred_at.desc(), SupportMessage.id.desc())
    query = query.limit(None if limit is None else limit + 1)
    rows = read_thread(db, query)
    more, rows = limit is not None and len(rows) > limit, rows[:limit][::-1]
    here = {row.id for row in rows}
    absent = {row.reply_to_id for row in rows if row.reply_to_id} - here
    of_customer = SupportMessage.contact_id == ticket.contact_id
    quoted = read_thread(db, THREAD_ROWS.where(SupportMessage.id.in_(absent), of_customer)) if absent else []
    return ThreadPage(rows, quoted, _cursor(rows[0]) if more else None)


def _cursor(message: ThreadRow) -> str:
    return f"{micros(message.occurred_at)}-{message.id}"


def _before(cursor: str) -> ColumnElement[bool]:
    try:
        time, message_id = (int(part) for part in cursor.split("-"))
        at = time_of(time)
    except (ValueError, OverflowError, OSError):
        raise UnknownCursor from None
    if not 0 < message_id <= LARGEST_ID:
        raise UnknownCursor
    # written so that MariaDB walks the index; it scans for the row-value form
    return and_(
        SupportMessage.occurred_at <= at,
        or_(SupportMessage.occurred_at < at, SupportMessage.id < message_id),
    )
