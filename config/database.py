"""The database: engine, sessions, and the one way to write."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    Float,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
    literal,
    select,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import make_url
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransactionOrigin, sessionmaker
from sqlalchemy.sql.functions import FunctionElement

from config.database_hosts import LOOPBACK, Hosts, hosts_of
from config.database_trouble import takes_no_writes
from config.mysql_driver import QuickConnection
from config.settings import get_settings
from config.sqlite_file import SqliteFile

SQLITE_BUSY_SECONDS = 30
"""How long a writer waits for another process's transaction before it fails."""

ANSWER_SECONDS = 10
"""How long a database on the network may be silent before its connection counts as lost."""

SILENCE_SECONDS = 15
"""How long MariaDB keeps the locks of a transaction of which it hears nothing. The desk is never silent for
so long in one, and nearly every act needs the lock on the number of the next event."""

QUICK_ANSWER_SECONDS = 3
"""The same where somebody is told within five seconds, whatever has become of the database."""


class Base(DeclarativeBase):
    """What all models share: constraints have names, so that a migration can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC to the microsecond: aware in Python, DATETIME(6) without a zone in the database."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


def exact_string(length: int) -> String:
    """A string compared byte by byte: MariaDB's default collation takes `wamid.A` for `wamid.a`."""
    return String(length).with_variant(
        mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
    )


GIVEN_ONCE = {"sqlite_autoincrement": True}
"""For a table that loses rows: the number of one that went is not given to the next, which may be another
customer's. MariaDB and MySQL have it so anyway."""


def utc_now() -> datetime:
    """This machine's time; leases and retries use `database_now` instead."""
    return datetime.now(UTC)


class DatabaseClock(FunctionElement[datetime]):
    """The database's clock in UTC, the one clock that all processes share, or so far ahead of it.

    For a query that asks more, and may be older than the process's first session.
    """

    name = "database_clock"
    type = UtcDateTime()
    inherit_cache = True

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        super().__init__(*([literal(ahead.total_seconds(), Float())] if ahead else []))


@compiles(DatabaseClock)
def _clock(clock: DatabaseClock, compiler: Any, **given: Any) -> str:
    ahead = compiler.process(clock.clauses, **given)
    return f"(utc_timestamp(6) + INTERVAL {ahead} SECOND)" if ahead else "utc_timestamp(6)"


@compiles(DatabaseClock, "sqlite")
def _sqlite_clock(clock: DatabaseClock, compiler: Any, **given: Any) -> str:
    ahead = compiler.process(clock.clauses, **given)
    modifier = f", {ahead} || ' seconds'" if ahead else ""
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now'{modifier})"


_NOW = select(DatabaseClock())


def database_now(db: Session) -> datetime:
    """What the database's clock says."""
    return db.connection().scalars(_NOW).one()


def make_engine(url: str, answer_seconds: int | None = ANSWER_SECONDS) -> Engine:
    """An engine whose sessions behave alike on SQLite, MariaDB and MySQL.

    A silence of `answer_seconds` is an error; None waits as long as it takes.
    """
    parsed = make_url(url)
    says_tls = any(name.startswith("ssl") for name in parsed.query)
    if parsed.get_backend_name() == "sqlite":
        made = create_engine(
            url, connect_args={"timeout": SQLITE_BUSY_SECONDS}, pool_size=20, max_overflow=40
        )
        event.listen(made, "connect", _prepare_sqlite)
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            file = SqliteFile(parsed.database)
            event.listen(made, "do_connect", file.before_connect)
            event.listen(made, "connect", file.opened)
            event.listen(made, "checkout", file.check)
            event.listen(made, "engine_disposed", file.forget)
        event.listen(made, "begin", _begin_sqlite)
        event.listen(made, "handle_error", _leave_useless)
        return made
    hosts = hosts_of(parsed)
    made = create_engine(
        parsed.difference_update_query(["host"]).update_query_dict({"charset": "utf8mb4"}),
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_recycle=60,
        pool_size=20,
        max_overflow=40,
        connect_args={
            "connect_timeout": min(answer_seconds or 5, 5),
            "read_timeout": answer_seconds,
            "write_timeout": answer_seconds,
            # or each new connection reads every certificate of the system: 400 KB, and time, for loopback
            "ssl_disabled": {name for name, _ in hosts} <= LOOPBACK and not says_tls,
            # a lost machine's open transaction, or one behind a line that was cut on the way, must not keep
            # its locks for eight hours: on MySQL, which does not read what M! begins, it is two minutes
            "init_command": "SET time_zone='+00:00', wait_timeout=120, innodb_lock_wait_timeout=8, "
            f"/*M!100303 idle_write_transaction_timeout={SILENCE_SECONDS}, */"
            "sql_mode='STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO'",
        },
    )
    if len(hosts) > 1:
        event.listen(made, "do_connect", Hosts(hosts).connect)
        event.listen(made, "handle_error", _leave_useless)
    else:
        event.listen(made, "do_connect", _connect_quickly)
    return made


def _connect_quickly(_dialect: Any, _record: Any, arguments: Any, named: Any) -> QuickConnection:
    return QuickConnection(*arguments, **named)


def _leave_useless(context: ExceptionContext) -> None:
    # as if it were gone: the pool lets go of all its connections, and the next go to another server; SQLite
    # opens for reading alone what it may not write, and would stay with that when the disk is well again
    context.is_disconnect = context.is_disconnect or takes_no_writes(context.original_exception)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would be a deferred one
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that comes to write fails at once ("database is locked"), whatever the timeout.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


engine = make_engine(get_settings().database_url)
SessionLocal = sessionmaker(engine, expire_on_commit=False)

# SQLite is never silent, and one pool is enough for it
quick_engine = (
    engine
    if engine.dialect.name == "sqlite"
    else make_engine(get_settings().database_url, QUICK_ANSWER_SECONDS)
)
QuickSession = sessionmaker(quick_engine, expire_on_commit=False)

_sqlite_writer = threading.Lock()  # SQLite's own wait polls: in one process, writers queue here instead


@dataclass
class _Act:
    before_commit: list[Callable[[], None]] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)


class InsideTransaction(Exception):
    """An act commits, and cannot be a part of what its caller began."""

    def __init__(self) -> None:
        super().__init__(
            "This is an act of its own, on disk when it returns: call it with a plain SessionLocal(), "
            "outside of `with db.begin():` and `with SessionLocal.begin() as db:`."
        )


@contextmanager
def transaction(db: Session) -> Iterator[None]:
    """One act, all or nothing, on disk when the block ends.

    Re-entrant: blocks inside join the outermost, which commits. The act sees what is committed now,
    whatever the session has read before: on SQLite its read transaction ends first, and elsewhere each
    statement sees that anyway. Raises InsideTransaction where the caller holds one of SQLAlchemy's own.
    """
    if "act" in db.info:
        yield
        return
    held = db.get_transaction()
    if db.in_nested_transaction() or (held and held.origin is SessionTransactionOrigin.BEGIN):
        raise InsideTransaction  # before the caller's changes are committed with ours
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    with _sqlite_writer if is_sqlite else nullcontext():
        if is_sqlite and db.in_transaction():
            db.commit()
        act = db.info["act"] = _Act()
        try:
            if db.in_transaction():
                db.connection().execution_options(writes=True)
            else:  # so that SQLite begins with it
                db.connection(execution_options={"writes": True})
            yield
            for step in act.before_commit:
                step()
            db.commit()
            db.info["acts"] = db.info.get("acts", 0) + 1
        except BaseException:
            db.rollback()
            raise
        finally:
            del db.info["act"]
    for step in act.after_commit:
        step()


def before_commit(db: Session, step: Callable[[], None]) -> None:
    """Run as the last thing of the act that is under way, inside its transaction."""
    db.info["act"].before_commit.append(step)


def after_commit(db: Session, step: Callable[[], None]) -> None:
    """Run once the act that is under way is on disk; never if it is rolled back."""
    db.info["act"].after_commit.append(step)
