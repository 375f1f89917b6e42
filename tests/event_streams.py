"""Reading the live stream of a running desk."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import DeskEvent

EVENTS = "/api/events"


@dataclass(frozen=True)
class Event:
    kind: str
    id: int
    data: Any


@contextmanager
def stream(client: httpx2.Client, query: str = "", **headers: str) -> Iterator[Iterator[Event]]:
    """The numbered events; who is at the desk is told between them, whenever somebody comes or leaves."""
    with client.stream("GET", f"{EVENTS}{query}", headers=headers, timeout=20) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        yield _parse(response.iter_lines())


def _parse(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
        else:
            if "id" in fields:
                yield Event(fields["event"], int(fields["id"]), json.loads(fields["data"]))
            fields = {}


def take(events: Iterator[Event], until: int) -> list[Event]:
    """The events up to and with the one of this number."""
    found = []
    for event in events:
        found.append(event)
        if event.id >= until:
            break
    return found


def last_seq(db: Session) -> int:
    db.rollback()
    return max(db.scalars(select(DeskEvent.seq)), default=0)
