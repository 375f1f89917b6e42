"""Leases: which process may do a piece of work now. Time is the database's, which all processes share."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.conditions import is_due
from config.database import DatabaseClock, database_now, transaction
from models.lease import Lease

LONGEST = timedelta(minutes=5)
"""No lease is taken for longer."""

_HELD = select(Lease.owner, Lease.expires_at, DatabaseClock().label("now")).where(
    Lease.name == bindparam("name")
)
_LOCKED = _HELD.with_for_update()
_PROLONG = update(Lease).where(Lease.name == bindparam("held")).values(expires_at=bindparam("expires_at"))


class LeaseLost(Exception):
    """The lease ran out or another process holds it: what was to be done under it must not be done."""


def acquire(db: Session, name: str, owner: str, seconds: float) -> bool:
    """Take the lease if it is free, has run out or is ours already; False while another holds it.

    One that ends later than any could was taken before the database's clock was set back, and counts as
    run out: whoever has it may be dead.
    """
    held = db.execute(_HELD, {"name": name}).one_or_none()
    if held and held.owner not in ("", owner) and held.now < held.expires_at <= held.now + LONGEST:
        return False  # seen without a lock: those who wait for a lease must not disturb who holds it
    with transaction(db):
        now = database_now(db)
        taken = db.connection().execute(
            update(Lease)
            .where(Lease.name == name, or_(Lease.owner == owner, is_due(Lease.expires_at, LONGEST)))
            .values(owner=owner, expires_at=now + timedelta(seconds=seconds))
        )
        return taken.rowcount > 0 or _create(db, name, owner, seconds)


def _create(db: Session, name: str, owner: str, seconds: float) -> bool:
    if db.get(Lease, name) is not None:
        return False
    try:
        with db.begin_nested():
            db.add(Lease(name=name, owner=owner, expires_at=database_now(db) + timedelta(seconds=seconds)))
    except IntegrityError:
        return False
    return True


def renew(db: Session, name: str, owner: str, seconds: float) -> bool:
    """Prolong our lease; False if another has had it since.

    One that ran out and that nobody else took goes on: nothing was done under it in between.
    """
    with transaction(db):
        kept = db.connection().execute(
            update(Lease)
            .where(Lease.name == name, Lease.owner == owner)
            .values(expires_at=database_now(db) + timedelta(seconds=seconds))
        )
        return kept.rowcount > 0


def release(db: Session, name: str, owner: str) -> None:
    """Give our lease back, so that another process need not wait for its end."""
    with transaction(db):
        db.execute(
            update(Lease)
            .where(Lease.name == name, Lease.owner == owner)
            .values(owner="", expires_at=database_now(db))
        )


def hold(db: Session, name: str, owner: str) -> datetime:
    """Make sure, to the end of the act that is under way, that the lease is ours; the database's time.

    Raises LeaseLost.

    The lock on its row keeps others from taking it before the act is committed.
    """
    connection = db.connection()
    lease = connection.execute(_LOCKED, {"name": name}).one_or_none()
    if lease is None or lease.owner != owner or lease.expires_at <= lease.now:
        raise LeaseLost(name)
    now: datetime = lease.now  # from before a wait for the lock; who took the lease meanwhile is its owner
    # written, not only locked: the servers of a cluster know of each other's locks by what was written
    later = lease.expires_at + timedelta(microseconds=1)
    connection.execute(_PROLONG, {"held": name, "expires_at": later})
    return now
