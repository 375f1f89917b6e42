"""A ticket's thread, page by page from its newest end: five thousand messages cost what fifty do."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, or_
from sqlalchemy.orm import Session

from config.database import UtcDateTime
from models.support_ticket import SupportMessage, SupportTicket
from services.errors import TicketNotFound
from services.thread_rows import THREAD_ROWS, THREAD_ROWS_BY_ID, ThreadRow, read_thread
from services.ticket_change_service import LARGEST_ID
from services.ticket_page import UnknownCursor, micros, time_of
from services.ticket_rows import TicketRow, read_tickets

_QUOTED = THREAD_ROWS_BY_ID.where(SupportMessage.contact_id == bindparam("contact_id"))


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
    given: dict[str, Any] = {"ticket_id": ticket.id}
    if before is not None:
        given |= _place(before)
    if limit is not None:
        given["limit"] = limit + 1
    rows = read_thread(db, _newest(goes_on=before is not None, ends=limit is not None), given)
    more, rows = limit is not None and len(rows) > limit, rows[:limit][::-1]
    here = {row.id for row in rows}
    absent = {row.reply_to_id for row in rows if row.reply_to_id} - here
    asked = {"ids": list(absent), "contact_id": ticket.contact_id}
    quoted = read_thread(db, _QUOTED, asked) if absent else []
    return ThreadPage(rows, quoted, _cursor(rows[0]) if more else None)


@cache
def _newest(*, goes_on: bool, ends: bool) -> Select[Any]:
    query = THREAD_ROWS.where(SupportMessage.ticket_id == bindparam("ticket_id"))
    if goes_on:
        at, before_id = bindparam("at", type_=UtcDateTime()), bindparam("before_id", type_=Integer())
        # written so that MariaDB walks the index; it scans for the row-value form
        query = query.where(
            SupportMessage.occurred_at <= at,
            or_(SupportMessage.occurred_at < at, SupportMessage.id < before_id),
        )
    query = query.order_by(SupportMessage.occurred_at.desc(), SupportMessage.id.desc())
    return query.limit(bindparam("limit", type_=Integer())) if ends else query


def _cursor(message: ThreadRow) -> str:
    return f"{micros(message.occurred_at)}-{message.id}"


def _place(cursor: str) -> dict[str, Any]:
    try:
        time, message_id = (int(part) for part in cursor.split("-"))
        at = time_of(time)
    except (ValueError, OverflowError, OSError):
        raise UnknownCursor from None
    if not 0 < message_id <= LARGEST_ID:
        raise UnknownCursor
    return {"at": at, "before_id": message_id}
