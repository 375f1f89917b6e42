"""Which tickets a list, a queue or a search is about."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, literal, select
from sqlalchemy.orm import Session

from config.database import utc_now
from models.conversation import Conversation
from models.support_ticket import LIVE_STATUSES, SupportTicket, TicketPriority, TicketStatus
from models.tag import TicketTag
from services.business_day import span_of
from whatsapp.window import WINDOW

MOST_COUNTED = 1_000
"""Counting further than that costs more than the number is worth."""


class WaitingFor(StrEnum):
    """Whose turn it is on a live ticket."""

    DESK = "desk"
    CUSTOMER = "customer"


@dataclass(frozen=True)
class TicketFilter:
    """Which tickets; an empty part excludes none. `unassigned` asks for those without an assignee.

    `waiting_for` and `closing_within` let only live tickets through; the latter those whose customer can be
    written to freely now, but not for longer than that. `live_only` does so by itself. `opened_on` is a
    day of the business's calendar.
    """

    statuses: tuple[TicketStatus, ...] = ()
    priorities: tuple[TicketPriority, ...] = ()
    assigned_admin_id: int | None = None
    unassigned: bool = False
    tag_ids: tuple[int, ...] = ()
    phone_number_id: str | None = None
    waiting_for: WaitingFor | None = None
    closing_within: timedelta | None = None
    live_only: bool = False
    opened_on: date | None = None

    def is_empty(self) -> bool:
        """Whether it lets everything through."""
        return self == TicketFilter()

    @property
    def is_lasting(self) -> bool:
        """Whether it asks the same at any time: the questions made of it can be kept."""
        return self.closing_within is None and self.opened_on is None

    def branches(self) -> list[ColumnElement[bool]]:
        """The filter as conditions that exclude each other, one for each status.

        MariaDB reads each in the order of an index, which it does not for several statuses at once.
        """
        live_only = self.live_only or self.waiting_for is not None or self.closing_within is not None
        statuses = [
            status
            for status in dict.fromkeys(self.statuses or TicketStatus)
            if status in LIVE_STATUSES or not live_only
        ]
        rest = self._beside_status()
        return [and_(SupportTicket.status == status, *rest) for status in statuses]

    def _beside_status(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.priorities:
            found.append(SupportTicket.priority.in_(self.priorities))
        if self.unassigned:
            found.append(SupportTicket.assigned_admin_id.is_(None))
        elif self.assigned_admin_id is not None:
            found.append(SupportTicket.assigned_admin_id == self.assigned_admin_id)
        if self.tag_ids:
            tagged = select(TicketTag.ticket_id).where(TicketTag.tag_id.in_(self.tag_ids))
            found.append(SupportTicket.id.in_(tagged))
        if self.phone_number_id is not None:
            found.append(SupportTicket.phone_number_id == self.phone_number_id)
        if self.waiting_for is WaitingFor.CUSTOMER:
            found.append(SupportTicket.waiting_since.is_(None))
        elif self.waiting_for is WaitingFor.DESK:
            found.append(SupportTicket.waiting_since.is_not(None))
        if self.closing_within is not None:
            oldest = utc_now() - WINDOW
            began = Conversation.last_customer_message_at
            found.append(
                SupportTicket.conversation.has(and_(began > oldest, began <= oldest + self.closing_within))
            )
        if self.opened_on is not None:
            begins, ends = span_of(self.opened_on)
            found += [SupportTicket.created_at >= begins, SupportTicket.created_at < ends]
        return found


@dataclass(frozen=True)
class CappedCount:
    """How many there are; `is_capped` where there are more than were counted."""

    count: int
    is_capped: bool


def count_up_to(db: Session, ticket_filter: TicketFilter, most: int = MOST_COUNTED) -> CappedCount:
    """Count the tickets, `most` of them at most: it costs the same however many there are."""
    count = (_kept_count if ticket_filter.is_lasting else _count)(ticket_filter)
    counted = sum(db.connection().execute(count, {"enough": most + 1}).one())
    return CappedCount(min(counted, most), counted > most)


def _count(ticket_filter: TicketFilter) -> Select[Any]:
    """A count for each branch, none of them further than `enough`."""
    found = [select(SupportTicket.id).where(branch) for branch in ticket_filter.branches()]
    if ticket_filter.is_empty():
        found = [select(SupportTicket.id)]
    enough = bindparam("enough", type_=Integer())
    return select(
        *(
            select(func.count()).select_from(some.limit(enough).subquery()).scalar_subquery()
            for some in found
        ),
        literal(0),  # where nothing can be found
    )


_kept_count = lru_cache(maxsize=64)(_count)
