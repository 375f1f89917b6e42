"""Finding rows by their words: SQLite's FTS5, InnoDB's full-text index, both bounded in time.

FTS5 gives the newest rows that match at once. InnoDB reads every row that has a word before it gives the
first, which takes seconds for a frequent one, and knows no short words. So rows from all
parts of the table are looked at first: a word that is frequent there is looked for among the newest alone,
and only the others in the index.
Accents that are characters of their own, which InnoDB takes for the end of a word, hide a word from it.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.dialects.mysql import match
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.contact import Contact
from models.support_ticket import MessageKind, SupportMessage, SupportTicket
from services.search_text import SearchTerms, spellings

Column = InstrumentedAttribute[Any]

MOST_CANDIDATES = 300
SECONDS = 0.25
"""So long one question may take; what has not answered by then is left out."""

SAMPLE = 1_500
PARTS = 15
"""The sample is from so many parts of a table: what is rare today may have been in every message once."""

MOST_INDEXED = 50_000
"""In more rows than that, a word is frequent: too many for InnoDB's index, which heeds no time limit."""

NEWEST = 15_000
"""So many rows are looked through for frequent and for short words."""

STOPWORDS = frozenset(
    "a about an are as at be by com de en for from how i in is it la of on or that the this to was what when "
    "where who will with und www".split()
)
"""InnoDB's own, which its index leaves out."""


@dataclass(frozen=True)
class Source:
    """A table with a full-text index over some of its columns."""

    table: str
    id: Column
    columns: tuple[Column, ...]
    among: ColumnElement[bool] | None = None


MESSAGES = Source(
    "support_messages",
    SupportMessage.id,
    (SupportMessage.message,),
    and_(
        SupportMessage.ticket_id.is_not(None),
        SupportMessage.kind != MessageKind.ACTIVITY,
        SupportMessage.revoked_at.is_(None),
    ),
)
TICKETS = Source(
    "support_tickets", SupportTicket.id, (SupportTicket.sender_name, SupportTicket.issue_description)
)
CONTACTS = Source("contacts", Contact.id, (Contact.name, Contact.username))


@dataclass(frozen=True)
class Found:
    """Rows as the query gave them; `is_complete` unless there may be more."""

    rows: list[Any]
    is_complete: bool


def find(db: Session, source: Source, terms: SearchTerms, query: Select[Any]) -> Found:
    """The rows of the query whose words match, at most MOST_CANDIDATES. It must name its columns' labels."""
    if source.among is not None:
        query = query.where(source.among)
    if db.get_bind().dialect.name == "sqlite":
        return _with_fts5(db, source, terms, query)
    return _with_innodb(db, source, terms, query)


def ask(db: Session, query: Select[Any]) -> Found:
    """What this query gives within the time and the number of rows that a search may take."""
    try:
        with _time_limit(db):
            rows = list(db.execute(query.limit(MOST_CANDIDATES + 1)))
    except DBAPIError as error:
        if not _is_timeout(error):
            raise
        return Found([], is_complete=False)
    return Found(rows[:MOST_CANDIDATES], len(rows) <= MOST_CANDIDATES)


def _with_fts5(db: Session, source: Source, terms: SearchTerms, query: Select[Any]) -> Found:
    if not terms.has_letters:
        return _among_newest(db, source, terms.words, query)
    name = f"search_{source.table}"
    index: ColumnElement[str] = literal_column(name)
    rowid: ColumnElement[int] = literal_column(f"{name}.rowid")
    words = " AND ".join(
        "(" + " OR ".join(f'"{each}"*' for each in spellings(word)) + ")" for word in terms.words
    )
    query = query.join(table(name), rowid == source.id).where(index.op("MATCH")(words))
    return ask(db, query.order_by(rowid.desc()))


def _with_innodb(db: Session, source: Source, terms: SearchTerms, query: Select[Any]) -> Found:
    shortest = db.scalar(text("SELECT @@innodb_ft_min_token_size")) or 3
    known = [word for word in terms.words if len(word) >= shortest and word not in STOPWORDS]
    rare = [word for word in known if word not in _frequent(db, source, known)]
    if not terms.has_letters or not rare:
        return _among_newest(db, source, terms.words, query)
    against = " ".join("+(" + " ".join(f"{each}*" for each in spellings(word)) + ")" for word in rare)
    columns: list[Any] = list(source.columns)
    indexed = match(*columns, against=against).in_boolean_mode()
    others = [_holds(source, word) for word in terms.words if word not in rare]
    found = ask(db, query.where(indexed, *others))
    if found.is_complete:
        return found
    newest = _among_newest(db, source, terms.words, query)  # the index gives them in no order of ours
    rows = {row.id: row for row in (*newest.rows, *found.rows)}
    return Found(list(rows.values())[:MOST_CANDIDATES], is_complete=False)


def _frequent(db: Session, source: Source, words: Sequence[str]) -> set[str]:
    if not words:
        return set()
    first, last = db.execute(select(func.min(source.id), func.max(source.id))).one()
    if first is None:
        return set()
    ids = last - first + 1
    ends = [first - 1 + ids * part // PARTS for part in range(PARTS + 1)]
    sample = union_all(
        *(
            select(*source.columns)
            .where(source.id > begin, source.id <= end)
            .order_by(source.id.desc())
            .limit(SAMPLE // PARTS)
            for begin, end in pairwise(ends)
        )
    ).subquery()
    counts = [func.sum(case((_contain(sample.c, word), 1), else_=0)) for word in words]
    row = db.execute(select(*counts)).one()
    rows_for_each = max(ids / SAMPLE, 1)
    return {
        word for word, hits in zip(words, row, strict=True) if int(hits or 0) * rows_for_each > MOST_INDEXED
    }


def _among_newest(db: Session, source: Source, words: Sequence[str], query: Select[Any]) -> Found:
    oldest = select(source.id).order_by(source.id.desc()).offset(NEWEST).limit(1)
    since = db.scalar(oldest)
    if since is not None:
        query = query.where(source.id > since)
    found = ask(db, query.where(*(_holds(source, word) for word in words)).order_by(source.id.desc()))
    return Found(found.rows, found.is_complete and since is None)


def _holds(source: Source, word: str) -> ColumnElement[bool]:
    return _contain(source.columns, word)


def _contain(columns: Iterable[ColumnElement[Any] | Column], word: str) -> ColumnElement[bool]:
    return or_(*(column.contains(each, autoescape=True) for column in columns for each in spellings(word)))


@contextmanager
def _time_limit(db: Session) -> Iterator[None]:
    connection = db.connection()
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None  # the session has it checked out
        ends = time.monotonic() + SECONDS
        driver.set_progress_handler(lambda: time.monotonic() > ends, 20_000)
        try:
            yield
        finally:
            driver.set_progress_handler(None, 0)
        return
    is_mariadb = getattr(connection.dialect, "is_mariadb", False)
    name, limit = ("max_statement_time", SECONDS) if is_mariadb else ("max_execution_time", SECONDS * 1_000)
    connection.exec_driver_sql(f"SET SESSION {name} = {limit:g}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"SET SESSION {name} = DEFAULT")


TIMEOUT_CODES = {1969, 3024, 188}
"""MariaDB's and MySQL's words for it, and the full-text index's own when it is interrupted."""


def _is_timeout(error: DBAPIError) -> bool:
    code = error.orig.args[0] if error.orig and error.orig.args else None
    return code in TIMEOUT_CODES or code == "interrupted"
