"""Whether this desk can do its work, part by part."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import redis
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.database import utc_now
from config.settings import ROOT, Settings
from models.inbound_event import InboundEvent, InboundState
from models.lease import Lease
from realtime.bus import CHANNEL
from services.errors import DeskError

OLDEST_INBOX_EVENT = timedelta(minutes=5)
WORKER_HAS_STOPPED = "The worker is not at work; restart the service and look into its log."
FREE_BYTES = 100 * 1024 * 1024


class NewerRelease(DeskError):
    """These tables are made for a program that this one knows nothing of."""

    code = "newer_release"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is of a newer release of Chat Support than this one. Install that release.")


@dataclass(frozen=True)
class Part:
    """One part of the desk; `reason` is a sentence, without secrets, for whoever runs it."""

    name: str
    ok: bool
    reason: str


def check(db: Session, settings: Settings, worker_alive: Callable[[], bool]) -> list[Part]:
    """Every part, also where one of them is down."""
    parts = [_database(db), _worker(worker_alive), _redis(settings), _disk(settings)]
    if parts[0].ok:
        parts.append(_inbox(db))
    return parts


@cache
def newest_revision() -> str | None:
    """The migration that this version of the program needs."""
    return ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_current_head()


def revision(connection: Connection) -> str | None:
    """The migration up to which the tables are; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def check_known(revision: str | None, what: str) -> None:
    """Raises NewerRelease where the migration is none of this release's."""
    scripts = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    if revision is not None and revision not in {each.revision for each in scripts.walk_revisions()}:
        raise NewerRelease(what)


def _database(db: Session) -> Part:
    try:
        found = revision(db.connection())
        if found != newest_revision():
            check_known(found, "The database")
    except NewerRelease as error:
        return Part("database", False, error.message)
    except SQLAlchemyError:
        db.rollback()
        return Part("database", False, "The database can't be reached; check DATABASE_URL.")
    if found != newest_revision():
        return Part("database", False, "The tables are of another version: run `python cli.py migrate`.")
    if not _takes_writes(db):
        return Part(
            "database",
            False,
            "The database answers, but takes nothing in: it is read-only, its disk is full, or the user of "
            "DATABASE_URL may not write.",
        )
    return Part("database", True, "The database answers and has the newest tables.")


def _takes_writes(db: Session) -> bool:
    """Whether it would, by a statement that finds nothing. In SQLite that would wait for other writers."""
    if db.get_bind().dialect.name == "sqlite":
        return True
    try:
        db.execute(delete(Lease).where(Lease.name == ""))
    except SQLAlchemyError:
        return False
    finally:
        db.rollback()
    return True


def _worker(worker_alive: Callable[[], bool]) -> Part:
    if worker_alive():
        return Part("worker", True, "The worker is at work.")
    return Part("worker", False, WORKER_HAS_STOPPED)


def _redis(settings: Settings) -> Part:
    if not settings.redis_url:
        return Part("redis", True, "Redis is not used.")
    try:
        with redis.Redis.from_url(settings.redis_url, socket_connect_timeout=1, socket_timeout=1) as client:
            client.publish(CHANNEL, "")  # a wake-up of nobody: of what is asked of Redis, the most
    except redis.exceptions.NoPermissionError:
        return Part(
            "redis",
            False,
            f"Redis does not let the user of REDIS_URL wake the other processes: "
            f"`ACL SETUSER … &{CHANNEL} +publish +subscribe`.",
        )
    except (redis.RedisError, ValueError, OSError):
        return Part("redis", False, "Redis does not answer; check REDIS_URL.")
    return Part("redis", True, "Redis answers.")


def _disk(settings: Settings) -> Part:
    try:
        free = shutil.disk_usage(settings.data_dir).free
    except OSError:
        if settings.keeps_data:
            return Part("disk", False, "DATA_DIR can't be read.")
        return Part("disk", True, "Nothing is kept in DATA_DIR.")
    if settings.keeps_data and not os.access(settings.data_dir, os.W_OK):
        return Part(
            "disk",
            False,
            "DATA_DIR can't be written to: its disk has become read-only, or the folder is not ours.",
        )
    megabytes = free // (1024 * 1024)
    return Part("disk", free >= FREE_BYTES, f"DATA_DIR has {megabytes} MB of free space.")


def _inbox(db: Session) -> Part:
    """What customers wrote and the bot has not looked at; what it could not understand."""
    oldest = db.scalar(
        select(func.min(InboundEvent.received_at)).where(InboundEvent.state == InboundState.PENDING)
    )
    quarantined = db.scalar(
        select(func.count()).where(InboundEvent.state == InboundState.QUARANTINED).select_from(InboundEvent)
    )
    age = utc_now() - oldest if oldest else timedelta()
    waiting = f"the oldest has waited for {int(age.total_seconds())} s" if oldest else "nothing is waiting"
    return Part("inbox", age < OLDEST_INBOX_EVENT, f"Inbox: {waiting}; {quarantined} in quarantine.")
