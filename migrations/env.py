"""Alembic's entry: the schema of the database that the settings name."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import context
from sqlalchemy import Connection, Engine, text

import models
from config.database import make_engine
from config.settings import get_settings
from migrations.lock import hold_off, say_waiting
from migrations.search import is_search_name, keep_up


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Hold off a second migrator where SQLite would not: it lets go of its lock after each migration.

    The folder is locked, since whoever closes the file ends all locks that their process has on it.
    """
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    folder = Path(file or "").parent
    if not file or not folder.is_dir():
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say_waiting()
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def migrate(connection: Connection) -> None:
    """Run what was asked for. A second migrator waits for the first."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # SQLite changes a table by copying it; with foreign keys on, dropping the old one deletes its
        # children
        connection.connection.execute("PRAGMA foreign_keys=OFF")
    else:
        hold_off(connection)
    context.configure(
        connection=connection,
        target_metadata=models.Base.metadata,
        compare_type=True,
        render_as_batch=True,
        include_name=lambda name, kind, _parents: kind not in {"table", "index"} or not is_search_name(name),
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
            if sqlite:
                keep_up(connection)
                connection.commit()
    finally:
        if sqlite:
            connection.connection.execute("PRAGMA foreign_keys=ON")
        else:
            connection.execute(text("SELECT RELEASE_LOCK('chat-support-migrations')"))
            connection.commit()


# a large table takes its time, and so does the migrator that we wait for
engine = make_engine(get_settings().database_url, answer_seconds=None)
with alone(engine), engine.connect().execution_options(writes=True) as opened:
    migrate(opened)
engine.dispose()
