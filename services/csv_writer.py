"""The one writer of CSV: a spreadsheet that opens the file runs nothing of what is in it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With these a cell begins a formula, or ends what comes before it; the last four are full-width twins."""

UNSEEN = " \u00a0\u200b\u2060\ufeff"
"""What some programs pass over before they look for a formula."""


def rows_as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of the file, for Excel as well: UTF-8 with a mark at its beginning."""
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line([_safe(cell) for cell in row])


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerow(cells)
    return buffer.getvalue()


def _safe(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(UNSEEN).startswith(DANGEROUS) else text
