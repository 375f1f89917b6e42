"""PyMySQL with fewer round trips, and with readers and writers of values that take a third of the time.

What PyMySQL does for each cell of a row takes four calls in Python, and for each column of a result, whatever
its rows, twelve. Here a cell takes one call in C, and what describes a column is read once for all results
that have it. A time in a statement takes it eight, and here two (docs/decisions/018-reading-rows.md).
"""

import select
import struct
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from types import NoneType
from typing import Any

from pymysql.connections import MAX_PACKET_LEN, TEXT_TYPES, Connection, MySQLResult
from pymysql.constants.CR import CR_SERVER_HANDSHAKE_ERR, CR_SERVER_LOST
from pymysql.constants.SERVER_STATUS import SERVER_STATUS_IN_TRANS
from pymysql.converters import convert_datetime, decoders, through
from pymysql.err import InternalError, OperationalError
from pymysql.protocol import FieldDescriptorPacket, MysqlPacket

NULL = 251
WIDTHS = {252: 2, 253: 3, 254: 8}
"""How many bytes tell a length that does not fit into one."""

END = 254
SHORTEST_ROW = 9
"""A shorter packet that begins so ends the rows, a longer one is a row that begins with a huge value. What
begins with a higher number is an error."""

BINARY = 63
MOST_COLUMNS = 4096

FRESH_SECONDS = 5.0
"""For so long after its last command a connection counts as working, unless its socket says otherwise."""

Convert = Callable[[bytes], Any]


class QuickConnection(Connection):
    """A connection whose results are read by `QuickResult`, and that asks nothing it knows already."""

    _used_at = float("-inf")

    def connect(self, sock: Any = None) -> None:
        """Connect. Where something else than a database greets us, the database is as if it were away."""
        try:
            super().connect(sock)
        except (InternalError, struct.error, LookupError, UnicodeError) as error:
            raise OperationalError(CR_SERVER_HANDSHAKE_ERR, "No database answers there") from error

    def ping(self, reconnect: Any = False) -> None:
        """Ask the server whether it is there, unless it was a moment ago and has not hung up since."""
        if time.monotonic() - self._used_at > FRESH_SECONDS or self._has_heard():
            super().ping(reconnect)

    def rollback(self) -> None:
        """Nothing, where the server said that no transaction is open: the pool rolls back after each use."""
        if self.server_status & SERVER_STATUS_IN_TRANS:
            super().rollback()

    def _has_heard(self) -> bool:
        """Whether there is something to read, between two commands: the end, or the server's farewell."""
        connection: Any = self
        if connection._sock is None:  # noqa: SLF001 - a part of the driver, by inheritance
            return True
        poll = select.poll()
        poll.register(connection._sock, select.POLLIN)  # noqa: SLF001
        return bool(poll.poll(0))

    def escape(self, obj: Any, mapping: Any = None) -> str:
        """The value as it stands in a statement, the same as PyMySQL's own."""
        quote = QUOTES.get(type(obj))
        return quote(obj) if quote else super().escape(obj, mapping)

    def _execute_command(self, command: int, sql: str | bytes) -> None:
        self._used_at = time.monotonic()
        # until an answer says otherwise: neither an error nor rows tell whether a transaction is open
        self.server_status |= SERVER_STATUS_IN_TRANS
        super()._execute_command(command, sql)  # type: ignore[misc]

    def _read_query_result(self, unbuffered: bool = False) -> int:
        if unbuffered:
            return super()._read_query_result(unbuffered)  # type: ignore[misc, no-any-return]
        self._result = None
        result = QuickResult(self)
        result.read()
        self._result = result
        if result.server_status is not None:
            self.server_status = result.server_status
        return result.affected_rows  # type: ignore[return-value]


class QuickResult(MySQLResult):
    """The same rows and descriptions as PyMySQL's own."""

    def _get_descriptions(self) -> None:
        connection: Any = self.connection
        read = connection._read_packet  # noqa: SLF001 - a part of the driver, by inheritance
        columns = [_column(read().get_all_data(), connection.encoding) for _ in range(self.field_count)]
        assert read().is_eof_packet()
        self.description = tuple(description for description, _ in columns)
        self.converters = [convert for _, convert in columns]

    def _read_rowdata_packet(self) -> None:
        connection: Any = self.connection
        result: Any = self
        rows = []
        for data in _packets(connection):
            if data[0] >= END and (data[0] > END or len(data) < SHORTEST_ROW):
                packet: Any = MysqlPacket(data, connection.encoding)
                packet.check_error()
                if result._check_packet_is_eof(packet):  # noqa: SLF001 - a part of the driver, by inheritance
                    break
            rows.append(self._read_row(data))
        self.connection = None  # as PyMySQL has it: no ring is left behind
        self.affected_rows = len(rows)
        self.rows = tuple(rows)

    def _read_row_from_packet(self, packet: Any) -> tuple[Any, ...]:
        return self._read_row(packet.get_all_data())

    def _read_row(self, data: bytes) -> tuple[Any, ...]:
        at = 0
        row: list[Any] = []
        add = row.append
        for convert in self.converters:
            size = data[at]
            at += 1
            if size == NULL:
                add(None)
                continue
            if size > NULL:
                width = WIDTHS[size]
                size = int.from_bytes(data[at : at + width], "little")
                at += width
            end = at + size
            add(convert(data[at:end]))
            at = end
        return tuple(row)


def _packets(connection: Any) -> Iterator[bytes]:
    """What the server sends next, packet by packet. Those of the longest length go on in the next one."""
    read = connection._read_bytes  # noqa: SLF001 - a part of the driver, as all of this
    number = connection._next_seq_id  # noqa: SLF001
    while True:
        data = b""
        size = MAX_PACKET_LEN
        while size == MAX_PACKET_LEN:
            header = read(4)
            if header[3] != number:
                connection._force_close()  # noqa: SLF001
                raise OperationalError(CR_SERVER_LOST, "Lost connection to MySQL server during query")
            connection._next_seq_id = number = (number + 1) % 256  # noqa: SLF001
            size = int.from_bytes(header[:3], "little")
            data += read(size)
        yield data


@lru_cache(MOST_COLUMNS)
def _column(packet: bytes, encoding: str) -> tuple[tuple[Any, ...], Convert]:
    """What DB-API says of the column, and how its values are read."""
    field: Any = FieldDescriptorPacket(packet, encoding)
    return field.description(), _convert(field, encoding)


def _convert(field: Any, encoding: str) -> Convert:
    kind = field.type_code
    convert = decoders.get(kind)
    if convert in {int, float}:
        return convert  # these read bytes as well as text
    if convert is convert_datetime:
        return _datetime
    if kind in TEXT_TYPES and field.charsetnr == BINARY:
        return _bytes if convert in {None, through} else convert
    if convert not in {None, through}:
        return lambda data: convert(data.decode("ascii"))
    # a JSON's character set is told as binary; one that is neither text nor JSON is plain ASCII
    return bytes.decode if encoding == "utf8" else lambda data: data.decode(encoding)


def _datetime(data: bytes) -> Any:
    text = data.decode("ascii")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return convert_datetime(text)


def _bytes(data: bytes) -> bytes:
    return data


def _quoted_time(at: datetime) -> str:
    return f"'{at.replace(tzinfo=None).isoformat(' ')}'"


QUOTES: dict[type, Callable[[Any], str]] = {
    int: str,
    NoneType: lambda _: "NULL",
    datetime: _quoted_time,
}
"""How values stand in a statement. A text depends on the connection, and the rest is rare: PyMySQL's own."""
