"""What all orders of the list of tickets share: the page, and cursors of times and ids."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy.orm import joinedload, selectinload

from models.support_ticket import SupportTicket
from services.errors import DeskError
from services.ticket_change_service import LARGEST_ID
from services.ticket_rows import TicketRow

TICKET_PARTS = (
    joinedload(SupportTicket.assigned_admin),
    joinedload(SupportTicket.conversation),
    selectinload(SupportTicket.taggings),
)
"""What a row of the list is shown with."""


class TicketSort(StrEnum):
    """NEWEST: by when they were opened. ACTIVITY: by their last message. Both newest first.

    WAITING: first those whose customer waits for an answer, for the longest time first, then the others,
    newest first. CLOSING: live tickets, first those whose customer can still be written to, by how soon that
    ends, then the others, newest first.
    """

    NEWEST = "newest"
    ACTIVITY = "activity"
    WAITING = "waiting"
    CLOSING = "closing"


class UnknownCursor(DeskError):
    """The text is no cursor that a page gave."""

    code = "unknown_cursor"

    def __init__(self) -> None:
        super().__init__("This cursor is not one that the list gave; start again without it.")


@dataclass(frozen=True)
class TicketPage:
    """`next_cursor` is None on the last page; `total` counts what the filter lets through, up to a limit."""

    tickets: list[TicketRow]
    total: int
    total_is_capped: bool
    next_cursor: str | None


@dataclass(frozen=True)
class Cursor:
    """After this row of this order. An order has one part or two; `key_time` is None where its part has none.

    `began` is when the first page was read: windows close while somebody turns the pages, and no ticket
    changes sides for that.
    """

    sort: TicketSort
    part: int
    key_time: datetime | None
    key_id: int
    began: datetime

    def __str__(self) -> str:
        key = micros(self.key_time) if self.key_time else 0
        return f"{self.sort}-{self.part}-{key}-{self.key_id}-{micros(self.began)}"


def parse_cursor(text: str, sort: TicketSort) -> Cursor:
    """Raises UnknownCursor, also for a cursor of another order."""
    match = re.fullmatch(r"([a-z]+)-([01])-([0-9]{1,17})-([0-9]{1,10})-([0-9]{1,17})", text, re.ASCII)
    if match is None or match[1] != sort or not 0 < int(match[4]) <= LARGEST_ID:
        raise UnknownCursor
    try:
        key, began = int(match[3]), time_of(int(match[5]))
        return Cursor(sort, int(match[2]), time_of(key) if key else None, int(match[4]), began)
    except (ValueError, OverflowError, OSError):
        raise UnknownCursor from None


def micros(at: datetime) -> int:
    """A time as a number of a cursor: microseconds since 1970."""
    return round(at.timestamp() * 1_000_000)


def time_of(number: int) -> datetime:
    """The time of such a number. Raises ValueError, OverflowError or OSError for one that is none."""
    return datetime.fromtimestamp(number // 1_000_000, UTC).replace(microsecond=number % 1_000_000)
