"""The dashboard's numbers: who waits and for how long, and the last seven days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from config.database import utc_now
from models.support_ticket import SupportTicket
from services.business_day import day_of, span_of

DAYS = 7


@dataclass(frozen=True)
class Waiting:
    """The live tickets whose customer waits for an answer. Without any, all but the count is None."""

    count: int
    longest_since: datetime | None
    longest_ticket_id: int | None
    median_seconds: int | None


@dataclass(frozen=True)
class Day:
    """A day of the business's calendar. `resolved` counts what ended, and was not opened again since."""

    day: date
    opened: int
    resolved: int


@dataclass(frozen=True)
class Overview:
    """What the dashboard shows beside the counts."""

    waiting: Waiting
    days: list[Day]


def load(db: Session) -> Overview:
    """How things stand. Every part is read from an index alone."""
    now = utc_now()
    return Overview(_waiting(db, now), _days(db, now))


def _waiting(db: Session, now: datetime) -> Waiting:
    since = SupportTicket.waiting_since
    count = db.scalar(select(func.count(since)).where(since.is_not(None))) or 0
    if count == 0:
        return Waiting(0, None, None, None)
    waits = select(since, SupportTicket.id).where(since.is_not(None)).order_by(since)
    longest = db.execute(waits.limit(1)).one_or_none()
    middle = waits.with_only_columns(since).offset((count - 1) // 2).limit(2 - count % 2)
    times = [at for at in db.scalars(middle) if at is not None]
    if longest is None or not times:  # answered between the queries
        return Waiting(0, None, None, None)
    median = sum((now - at).total_seconds() for at in times) / len(times)
    return Waiting(count, longest[0], longest[1], max(0, round(median)))


def _days(db: Session, now: datetime) -> list[Day]:
    today = day_of(now)
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    times: tuple[InstrumentedAttribute[Any], ...] = (SupportTicket.created_at, SupportTicket.resolved_at)
    counts = [
        select(func.count(at)).where(at >= begin, at < end).scalar_subquery()
        for begin, end in map(span_of, days)
        for at in times
    ]
    found = db.execute(select(*counts)).one()
    return [Day(day, found[2 * index], found[2 * index + 1]) for index, day in enumerate(days)]
