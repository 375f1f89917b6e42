"""Values are read and written as PyMySQL itself does it, only quicker."""

import select
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pymysql
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from config.database import engine
from config.mysql_driver import QuickConnection
from models.inbound_event import InboundState

VALUES = [
    "NULL",
    "''",
    "'Ẹ káàbọ̀ 🎉'",
    "REPEAT('a', 250)",
    "REPEAT('b', 251)",
    "REPEAT('c', 65535)",
    "REPEAT('d', 65536)",
    "REPEAT('é', 9000000)",  # more than a packet holds
    "X'00FF'",
    "-9223372036854775808",
    "18446744073709551615",
    "CAST(1.50 AS DECIMAL(10, 2))",
    "CAST(2.5e0 AS DOUBLE)",
    "TIMESTAMP'2026-02-28 23:59:59'",
    "TIMESTAMP'2026-02-28 23:59:59.000001'",
    "CAST('2026-02-28' AS DATE)",
    "CAST('-12:34:56' AS TIME)",
    "b'101'",
    "JSON_OBJECT('name', 'Zoë')",
    "CAST('bytes' AS BINARY)",
    "1 = 1",
]

WRITTEN = [
    None,
    True,
    0,
    -9223372036854775808,
    2.5,
    Decimal("1.50"),
    "Ẹ káàbọ̀ 🎉",
    "'; \\ \" \n \r \x1a \0 %s",
    InboundState.DONE,
    b"\x00'",
    date(2026, 2, 28),
    datetime.fromisoformat("2026-02-28 23:59:59"),
    datetime.fromisoformat("2026-02-28 23:59:59.000001"),
    datetime.fromisoformat("0001-01-01 00:00:00"),
    datetime(2026, 2, 28, 23, 59, 59, tzinfo=timezone(timedelta(hours=1))),
    timedelta(hours=-12, microseconds=1),
    (1, None, "a"),
]


SUBQUERY_RETURNS_MORE_THAN_ONE_ROW = 1242
HEADER = 4
BEFORE_THE_ROWS = 3
"""Packets of a result with one column: how many columns, what it is, and the end of these."""


@pytest.fixture
def connections(db: Session) -> Iterator[list[Any]]:
    """PyMySQL's own, and ours."""
    if db.get_bind().dialect.name == "sqlite":
        pytest.skip("This is about MariaDB and MySQL.")
    url = make_url(str(engine.url))
    where: dict[str, Any] = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "database": url.database,
    }
    made = [kind(**where, charset="utf8mb4") for kind in (pymysql.connections.Connection, QuickConnection)]
    yield made
    for connection in made:
        connection.close()


def _read(connection: Any, statement: str) -> tuple[Any, Any, int]:
    with connection.cursor() as cursor:
        affected = cursor.execute(statement)
        return cursor.fetchall(), cursor.description, affected


@pytest.mark.parametrize("value", VALUES)
def test_each_kind_of_value_is_the_same(connections: list[Any], value: str) -> None:
    statement = f"SELECT {value} AS found, 7 AS behind UNION ALL SELECT NULL, 8"
    theirs, ours = (_read(connection, statement) for connection in connections)
    assert ours == theirs
    assert type(ours[0][0][0]) is type(theirs[0][0][0])


def test_rows_of_tables_are_the_same(connections: list[Any]) -> None:
    for table in ("information_schema.collations", "leases", "alembic_version"):
        everything = f"SELECT * FROM {table} ORDER BY 1"  # noqa: S608 - names of ours
        theirs, ours = (_read(connection, everything) for connection in connections)
        assert ours == theirs
        assert ours[0]


@pytest.mark.parametrize("value", WRITTEN, ids=repr)
def test_each_kind_of_value_is_written_the_same(connections: list[Any], value: Any) -> None:
    theirs, ours = (connection.escape(value) for connection in connections)
    assert ours == theirs


def test_an_error_leaves_the_connection_usable(connections: list[Any]) -> None:
    _, ours = connections
    with pytest.raises(pymysql.ProgrammingError):
        _read(ours, "SELECT nothing FROM nowhere")
    assert _read(ours, "SELECT 1")[0] == ((1,),)


FAILS_AT_THE_THIRD = (
    "SELECT n, IF(n = 3, (SELECT name FROM leases WHERE n > 0), '') "
    "FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) AS few"
)


def test_an_error_among_the_rows_is_the_same(connections: list[Any]) -> None:
    said = []
    for connection in connections:
        with pytest.raises(pymysql.err.OperationalError) as error:
            _read(connection, FAILS_AT_THE_THIRD)
        said.append(error.value.args)
        assert _read(connection, "SELECT 1")[0] == ((1,),)
    assert said[0] == said[1]
    assert said[0][0] == SUBQUERY_RETURNS_MORE_THAN_ONE_ROW


def test_a_packet_out_of_turn_ends_the_connection(
    connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ours = connections
    read = ours._read_bytes
    headers = []

    def spoil_the_last_row(size: int) -> bytes:
        data: bytes = read(size)
        if size == HEADER:
            headers.append(data)
            if len(headers) == BEFORE_THE_ROWS + 2:
                return data[:3] + b"\x63"
        return data

    monkeypatch.setattr(ours, "_read_bytes", spoil_the_last_row)
    with pytest.raises(pymysql.err.OperationalError):
        _read(ours, "SELECT 1 UNION ALL SELECT 2")
    assert not ours.open


def test_the_desk_uses_it(connections: list[Any]) -> None:
    assert connections
    with engine.connect() as connection:
        assert isinstance(connection.connection.dbapi_connection, QuickConnection)


def test_a_round_trip_is_saved_only_where_the_server_said_that_nothing_is_open(
    connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ours = connections
    sent: list[bytes] = []
    write = ours._write_bytes

    def note(data: bytes) -> None:
        sent.append(data[5:])
        write(data)

    monkeypatch.setattr(ours, "_write_bytes", note)

    def commands(*steps: Any) -> list[bytes]:
        sent.clear()
        for step in steps:
            step()
        return sent

    def tell(statement: str) -> Any:
        return lambda: _read(ours, statement)

    def fail() -> None:
        with pytest.raises(pymysql.err.IntegrityError):
            _read(ours, "INSERT INTO event_sequence (id, last_seq) VALUES (1, 0)")

    rollback = b"ROLLBACK"
    assert commands(ours.rollback, ours.ping)[1:] == []
    assert commands(tell("SELECT COUNT(*) FROM admins"), ours.rollback, ours.rollback)[1:] == [rollback]
    assert commands(tell("UPDATE admins SET name = ''"), ours.commit, ours.rollback)[1:] == [b"COMMIT"]
    assert commands(fail, ours.rollback, ours.rollback)[1:] == [rollback]


def test_who_was_hung_up_on_is_found_out_before_anything_is_asked(connections: list[Any]) -> None:
    other, ours = connections
    ours.ping()
    _read(other, f"KILL {ours.thread_id()}")
    select.select([ours._sock], [], [], 10)
    with pytest.raises(pymysql.err.OperationalError):
        ours.ping()
    ours._used_at = float("-inf")
    with pytest.raises(pymysql.err.Error):
        ours.ping()
