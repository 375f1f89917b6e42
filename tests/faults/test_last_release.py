"""While the tables are upgraded, processes of the last release still run, and must go on to work."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DatabaseError

from config.database import make_engine
from tests.faults.test_migration_kills import Upgrader

VALUES: dict[type, Any] = {
    bool: False,
    bytes: b"x",
    date: date(2026, 1, 1),
    datetime: datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    dict: {},
}
STOPS_THE_DESK = "003"
"""The last migration before which every process must be stopped: it gives tickets and messages a customer."""

APPEND_ONLY = {"audit_entries"}


def known(engine: sa.Engine) -> list[sa.Table]:
    """The tables as the code of this moment knows them, those that others refer to first."""
    metadata = sa.MetaData()
    metadata.reflect(engine, only=lambda name, _: name != "alembic_version" and not name.startswith("search"))
    return metadata.sorted_tables


def row(table: sa.Table, number: int) -> dict[str, Any]:
    """A value for each column the code knows: the same in all rows, or `number` where that cannot be."""
    keys = [list(each.columns) for each in table.constraints if isinstance(each, sa.UniqueConstraint)]
    keys += [list(each.columns) for each in table.indexes if each.unique]
    unique = {column.name for columns in (list(table.primary_key), *keys) for column in columns}

    def value(column: sa.Column[Any]) -> Any:
        if isinstance(column.type, sa.Enum):
            return column.type.enums[0]
        kind = column.type.python_type
        which = number if column.foreign_keys or column.name in unique else 1
        return VALUES.get(kind, kind(which) if kind is int else str(which))

    return {column.name: value(column) for column in table.columns}


def problems(engine: sa.Engine, tables: list[sa.Table], number: int) -> Iterator[str]:
    """What the code that knows these tables cannot do with the database as it is now."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for table in tables:
            values = row(table, number)
            own = [key == values[key.name] for key in table.primary_key]
            acts: list[sa.Executable] = [table.insert().values(values), table.select().where(*own)]
            if table.name not in APPEND_ONLY:
                acts.append(table.update().values(values).where(*own))
            for act in acts:
                try:
                    with connection.begin_nested():
                        connection.execute(act)
                except DatabaseError as error:
                    yield f"{table.name}: {error.orig}"


@pytest.fixture
def upgrader(tmp_path: Path) -> Iterator[Upgrader]:
    with closing(Upgrader(tmp_path)) as upgrader:
        yield upgrader


@pytest.mark.promise("P34")
def test_each_migration_leaves_the_code_before_it_working(
    upgrader: Upgrader, alembic_config: Config, cases: Callable[[int], None]
) -> None:
    revisions = [each.revision for each in ScriptDirectory.from_config(alembic_config).walk_revisions()][::-1]
    revisions = revisions[revisions.index(STOPS_THE_DESK) :]
    assert upgrader.upgrade(revisions[0]) == 0
    engine = make_engine(upgrader.url)
    for number, revision in enumerate(revisions[1:]):
        tables = known(engine)
        assert list(problems(engine, tables, 2 * number + 10)) == []
        assert upgrader.upgrade(revision) == 0
        engine.dispose()
        assert list(problems(engine, tables, 2 * number + 11)) == [], revision
    engine.dispose()
    cases(len(revisions) - 1)


BREAKING = {
    "admins": "CREATE UNIQUE INDEX uq_admins_name ON admins (name)",
    "canned_replies": "ALTER TABLE canned_replies RENAME COLUMN title TO name",
    "inbound_events": "ALTER TABLE inbound_events DROP COLUMN error",
    "media_files": "ALTER TABLE media_files ADD COLUMN colour VARCHAR(9) CHECK (colour IS NOT NULL)",
}


@pytest.mark.promise("P34")
def test_migrations_that_break_running_code_are_found_out(upgrader: Upgrader) -> None:
    assert upgrader.upgrade("head") == 0
    engine = make_engine(upgrader.url)
    tables = known(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for change in BREAKING.values():
            connection.execute(sa.text(change))
    engine.dispose()
    found = [*problems(engine, tables, 10), *problems(engine, tables, 11)]
    assert BREAKING.keys() <= {each.split(":")[0] for each in found}
    engine.dispose()
