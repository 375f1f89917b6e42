"""PyMySQL with another reader of results, which takes a third of the time for the same values.

What PyMySQL does for each cell of a row takes four calls in Python, and for each column of a result, whatever
its rows, twelve. Here a cell takes one call in C, and what describes a column is read once for all results
that have it (docs/decisions/018-reading-rows.md).
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from pymysql.connections import TEXT_TYPES, Connection, MySQLResult
from pymysql.converters import convert_datetime, decoders, through
from pymysql.protocol import FieldDescriptorPacket

NULL = 251
WIDTHS = {252: 2, 253: 3, 254: 8}
"""How many bytes tell a length that does not fit into one."""

BINARY = 63
MOST_COLUMNS = 4096

Convert = Callable[[bytes], Any]


class QuickConnection(Connection):
    """A connection whose results are read by `QuickResult`."""

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

    def _read_row_from_packet(self, packet: Any) -> tuple[Any, ...]:
        data: bytes = packet.get_all_data()
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
