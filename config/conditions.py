"""Parts of queries that all databases answer alike, and by the index that is meant."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import Mapped

from config.database import Base, DatabaseClock

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


def is_due(at: Mapped[datetime | None], longest: timedelta) -> ColumnElement[bool]:
    """Whether this time has come by the database's clock, or is none. `longest` is as long as anything waits.

    What lies further ahead was written before the clock was set back, and must not wait for that.
    """
    return or_(at.is_(None), at <= DatabaseClock(), at > DatabaseClock(longest))


def is_waiting(at: Mapped[datetime | None], longest: timedelta) -> ColumnElement[bool]:
    """What is not due, in words of which an index can make something."""
    return and_(at > DatabaseClock(), at <= DatabaseClock(longest))


def is_missing(column: Mapped[int | None]) -> ColumnElement[bool]:
    """Whether it is NULL, in rows that another condition finds.

    By the sum no index can answer. SQLite, which keeps no statistics, takes an index to give a handful of
    rows for any value, and for NULL reads nearly the whole table by it.
    """
    return (column + 0).is_(None)


def by_index(query: Query, table: type[Base], index: str) -> Query:
    """The same query, for which MariaDB and MySQL must read the table by this index.

    For those whose planner goes by a guess of how much there is: a batch of hundreds of values looks dear to
    it beside a whole table that was small a moment ago. SQLite decides by the columns alone.
    """
    for dialect in ("mysql", "mariadb"):
        query = query.with_hint(table, f"FORCE INDEX ({index})", dialect)
    return query
