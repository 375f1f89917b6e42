"""What the inbox asks the database, made once: to put a statement together takes longer than to answer it."""

from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Insert, Select, bindparam, select, update
from sqlalchemy.dialects import mysql, sqlite

from config.database import DatabaseClock, is_due
from models.inbound_event import DueEvent, InboundEvent, InboundState
from models.lease import Lease


def _some(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


OFFERED = (
    select(Lease.name, Lease.owner, Lease.expires_at, DatabaseClock().label("now"))
    .where(Lease.name.in_(_some("names")))
    .order_by(Lease.expires_at)
)
FREE = select(Lease.name).where(Lease.name.in_(_some("names"))).with_for_update(skip_locked=True)
TAKE = (
    update(Lease)
    .where(Lease.name.in_(_some("names")))
    .values(owner=bindparam("owner"), expires_at=bindparam("expires_at"))
)


@cache
def due_shards(longest_wait: timedelta) -> Select[int]:
    """The parts of the inbox in which something is due; nothing waits longer than that."""
    has_come = is_due(InboundEvent.next_attempt_at, longest_wait)
    return select(InboundEvent.shard).where(InboundEvent.state == InboundState.PENDING, has_come).distinct()


@cache
def due_events(longest_wait: timedelta) -> Select[Any]:
    """Of some shards, up to a limit; without those that would overtake one of their lane that waits."""
    has_come = is_due(InboundEvent.next_attempt_at, longest_wait)
    pending = (InboundEvent.state == InboundState.PENDING, InboundEvent.shard.in_(_some("shards")))
    waiting = select(InboundEvent.lane).where(*pending, ~has_come)
    return (
        select(*(getattr(InboundEvent, name) for name in DueEvent._fields))
        .where(*pending, has_come, InboundEvent.lane.not_in(waiting))
        .order_by(InboundEvent.id)
        .limit(bindparam("limit"))
    )


@cache
def keep_once(dialect: str) -> Insert:
    """Of rows of the inbox, those that it does not have yet."""
    # no INSERT IGNORE: on MariaDB it would also cut and drop values without a word
    if dialect == "sqlite":
        return sqlite.insert(InboundEvent).on_conflict_do_nothing(index_elements=["dedupe_key"])
    once = mysql.insert(InboundEvent)
    return once.on_duplicate_key_update(dedupe_key=once.inserted.dedupe_key)
