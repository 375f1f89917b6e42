"""What the inbox asks the database, made once: to put a statement together takes longer than to answer it."""

from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Insert, Select, Update, bindparam, exists, select, update
from sqlalchemy.dialects import mysql, sqlite

from config.conditions import by_index, is_due, is_waiting
from config.database import DatabaseClock
from models.inbound_event import DueEvent, InboundEvent, InboundState
from models.lease import Lease


def _some(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


_PENDING = InboundEvent.state == InboundState.PENDING

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
def due_shards(longest_wait: timedelta, shards: int) -> Select[*tuple[Any, ...]]:
    """For each part of the inbox, whether something in it is due; nothing waits longer than that.

    One question for each, so that it ends at the first that is found, however much waits behind it.
    """
    has_come = is_due(InboundEvent.next_attempt_at, longest_wait)
    each = [exists().where(_PENDING, InboundEvent.shard == shard, has_come) for shard in range(shards)]
    return select(*each)


@cache
def due_events(longest_wait: timedelta) -> Select[Any]:
    """Of some shards, up to a limit; without those that would overtake one of their lane that waits."""
    has_come = is_due(InboundEvent.next_attempt_at, longest_wait)
    waiting = select(InboundEvent.lane).where(
        _PENDING, is_waiting(InboundEvent.next_attempt_at, longest_wait)
    )
    query = (
        select(*(getattr(InboundEvent, name) for name in DueEvent._fields))
        .where(_PENDING, InboundEvent.shard.in_(_some("shards")), has_come, InboundEvent.lane.not_in(waiting))
        .order_by(InboundEvent.id)
        .limit(bindparam("limit"))
    )
    # left to themselves they read all that ever came, or sort all that waits, for each batch
    return by_index(query, InboundEvent, "ix_inbound_events_pending")


@cache
def change(names: tuple[str, ...]) -> Update:
    """These columns of some events; the new value of each is given as `new_` and its name."""
    values: dict[str, BindParameter[Any]] = {name: bindparam(f"new_{name}") for name in names}
    return update(InboundEvent).where(InboundEvent.id.in_(_some("ids"))).values(values)


@cache
def keep_once(dialect: str) -> Insert:
    """Of rows of the inbox, those that it does not have yet."""
    # no INSERT IGNORE: on MariaDB it would also cut and drop values without a word
    if dialect == "sqlite":
        return sqlite.insert(InboundEvent).on_conflict_do_nothing(index_elements=["dedupe_key"])
    once = mysql.insert(InboundEvent)
    return once.on_duplicate_key_update(dedupe_key=once.inserted.dedupe_key)
