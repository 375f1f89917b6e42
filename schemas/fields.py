"""Kinds of field that several shapes have."""

from datetime import datetime
from typing import Annotated

from pydantic import PlainSerializer

Utc = Annotated[
    datetime,
    PlainSerializer(lambda at: at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), return_type=str),
]
"""A time as ISO 8601 in UTC, to the millisecond, with a Z."""
