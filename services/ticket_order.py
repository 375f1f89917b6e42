"""The orders of the list of tickets, each read along an index: page two thousand costs what page one does."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, null, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from config.database import UtcDateTime
from models.conversation import Conversation
from models.support_ticket import SupportTicket
from services.ticket_filter import TicketFilter
from services.ticket_page import Cursor, TicketSort, UnknownCursor
from whatsapp.window import WINDOW

Column = InstrumentedAttribute[Any]
last_word = Conversation.last_customer_message_at


@dataclass(frozen=True)
class Place:
    """Where a ticket stands: in which part of the order, and by what in there."""

    part: int
    time: datetime | None
    key_id: int
    ticket_id: int


@dataclass(frozen=True)
class _Part:
    """A stretch of an order: `queries` give its rows in any order, by `time` and `key_id` they are sorted."""

    queries: list[Select[Any]]
    time: Column | None = None
    key_id: Column = field(default_factory=lambda: SupportTicket.id)
    is_ascending: bool = False


@dataclass(frozen=True)
class _Page:
    """The question for a page of a part, if any ticket can stand there."""

    query: Select[Any] | None
    is_timed: bool


def read(
    db: Session,
    ticket_filter: TicketFilter,
    sort: TicketSort,
    after: Cursor | None,
    began: datetime,
    limit: int,
) -> list[Place]:
    """At most `limit` places after the cursor. Raises UnknownCursor."""
    first = after.part if after else 0
    pages_of = _kept_pages if ticket_filter.is_lasting else _pages
    pages = pages_of(ticket_filter, sort, first if after else None)
    if first >= len(pages) or (after and (after.key_time is not None) != pages[first].is_timed):
        raise UnknownCursor
    given: dict[str, Any] = {"open_since": began - WINDOW}
    if after is not None:
        given |= {"after_time": after.key_time, "after_id": after.key_id}
    found: list[Place] = []
    for number, page in enumerate(pages[first:], first):
        left = limit - len(found)
        if left > 0 and page.query is not None:
            rows = db.connection().execute(page.query, given | {"left": left})
            found += [Place(number, *row) for row in rows]
    return found


def _pages(ticket_filter: TicketFilter, sort: TicketSort, resumed: int | None) -> list[_Page]:
    """A page for each part of the order; that of the part `resumed` begins beyond the cursor."""
    parts = enumerate(_parts(ticket_filter, sort))
    return [
        _Page(_page(part, number == resumed) if part.queries else None, part.time is not None)
        for number, part in parts
    ]


_kept_pages = lru_cache(maxsize=64)(_pages)


def _parts(ticket_filter: TicketFilter, sort: TicketSort) -> list[_Part]:
    waiting_since = SupportTicket.waiting_since
    if sort is TicketSort.NEWEST:
        everything = ticket_filter.is_empty()
        return [_Part([select(SupportTicket.id)] if everything else _by_status(ticket_filter))]
    if sort is TicketSort.ACTIVITY:
        return [_Part(_by_status(ticket_filter), SupportTicket.last_message_at)]
    if sort is TicketSort.WAITING:
        waiting = _by_status(ticket_filter, waiting_since.is_not(None))
        return [
            _Part(waiting, waiting_since, is_ascending=True),
            _Part(_by_status(ticket_filter, waiting_since.is_(None))),
        ]
    is_open = last_word > bindparam("open_since")
    return [
        _Part(_by_window(ticket_filter, is_open), last_word, Conversation.id, is_ascending=True),
        _Part(_by_status(ticket_filter, ~SupportTicket.conversation.has(is_open))),
    ]


def _by_status(ticket_filter: TicketFilter, *among: ColumnElement[bool]) -> list[Select[Any]]:
    return [select(SupportTicket.id).where(branch, *among) for branch in ticket_filter.branches()]


def _by_window(ticket_filter: TicketFilter, is_open: ColumnElement[bool]) -> list[Select[Any]]:
    """From the windows to their tickets: those that are open are few, and their times have an index."""
    branches = ticket_filter.branches()
    if not branches:
        return []
    same_talk = and_(
        SupportTicket.live_contact_id == Conversation.contact_id,
        SupportTicket.phone_number_id == Conversation.phone_number_id,
    )
    query = select(SupportTicket.id).select_from(Conversation).join(SupportTicket, same_talk)
    for dialect in ("mysql", "mariadb"):  # by itself it would sort everything that is live
        query = query.prefix_with("STRAIGHT_JOIN", dialect=dialect)
    return [query.where(is_open, or_(*branches))]


def _page(part: _Part, goes_on: bool) -> Select[Any]:
    time = part.time if part.time is not None else null()
    columns = time.label("time"), part.key_id.label("key_id"), SupportTicket.id.label("ticket_id")
    left = bindparam("left", type_=Integer())
    pages = []
    for query in part.queries:
        narrowed = query.with_only_columns(*columns)
        if goes_on:
            narrowed = narrowed.where(_beyond(part))
        order = [part.key_id] if part.time is None else [part.time, part.key_id]
        ordered = narrowed.order_by(*(key if part.is_ascending else key.desc() for key in order))
        pages.append(ordered.limit(left).subquery())
    rows = union_all(*(select(page) for page in pages)).subquery() if len(pages) > 1 else pages[0]
    keys = [rows.c.key_id] if part.time is None else [rows.c.time, rows.c.key_id]
    merged = select(rows.c.time, rows.c.key_id, rows.c.ticket_id)
    return merged.order_by(*(key if part.is_ascending else key.desc() for key in keys)).limit(left)


def _beyond(part: _Part) -> ColumnElement[bool]:
    time, key_id = part.time, part.key_id
    after_time: Any = bindparam("after_time", type_=UtcDateTime())
    after_id = bindparam("after_id", type_=Integer())
    further: ColumnElement[bool] = key_id > after_id if part.is_ascending else key_id < after_id
    if time is None:
        return further
    # written so that MariaDB walks the index; it scans for the row-value form
    if part.is_ascending:
        return and_(time >= after_time, or_(time > after_time, further))
    return and_(time <= after_time, or_(time < after_time, further))
