"""Steps that may run again: MySQL and MariaDB commit each by itself, so a killed upgrade resumes anywhere."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import OperationalError, ProgrammingError


def create_table(name: str, *items: Any) -> None:
    """The table, unless it is there."""
    if not sa.inspect(op.get_bind()).has_table(name):
        op.create_table(name, *items)


def create_index(table: str, columns: list[str], name: str | None = None) -> None:
    """An index named after its first column, unless it is there."""
    name = name or f"ix_{table}_{columns[0]}"
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}:
        op.create_index(name, table, columns)


def drop_index(table: str, columns: list[str]) -> None:
    """The index that is named after its first column, if it is there."""
    drop_named_index(table, f"ix_{table}_{columns[0]}")


def drop_named_index(table: str, name: str) -> None:
    """The index, if it is there."""
    if name in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}:
        op.drop_index(name, table)


def missing_columns(table: str, *columns: sa.Column[Any]) -> list[sa.Column[Any]]:
    """Those of the columns that the table has not got yet."""
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}
    return [column for column in columns if column.name not in there]


def constraint_names(table: str) -> set[str]:
    """The names of the table's unique constraints, indexes and foreign keys."""
    inspector = sa.inspect(op.get_bind())
    found = [
        *inspector.get_unique_constraints(table),
        *inspector.get_indexes(table),
        *inspector.get_foreign_keys(table),
    ]
    return {str(each["name"]) for each in found}


def seed(table: sa.TableClause, key: str, rows: list[dict[str, Any]]) -> None:
    """The rows whose key is not there yet."""
    bind = op.get_bind()
    there = set(bind.scalars(sa.select(table.c[key])))
    if missing := [row for row in rows if row[key] not in there]:
        bind.execute(sa.insert(table), missing)


NO_RIGHT_TO_TRIGGERS = {1142, 1227, 1419}
"""MySQL's and MariaDB's errors for a user who may not make triggers, or not while there is a binary log."""


def only_grows(bind: sa.Connection, table: str) -> None:
    """Have the database itself refuse to change or delete the table's rows.

    Where the desk's database user may not make triggers, the table stays as it is: the desk still only adds
    to it, and `python cli.py doctor` says that the database does not insist.
    """
    there = triggers(bind, table)
    refuse = "BEGIN SELECT RAISE(ABORT, 'This table only grows.'); END"
    if bind.dialect.name != "sqlite":
        refuse = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'This table only grows.'"
    for act in ("UPDATE", "DELETE"):
        name = f"{table}_no_{act.lower()}"
        if name in there:
            continue
        try:
            bind.execute(sa.text(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {refuse}"))
        except (OperationalError, ProgrammingError) as error:
            if getattr(error.orig, "args", (0,))[0] not in NO_RIGHT_TO_TRIGGERS:
                raise


def triggers(bind: sa.Connection, table: str) -> set[str]:
    """The names of the table's triggers."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
    if bind.dialect.name != "sqlite":
        query = (
            "SELECT trigger_name FROM information_schema.triggers "
            "WHERE event_object_schema = DATABASE() AND event_object_table = :table"
        )
    return set(bind.scalars(sa.text(query), {"table": table}))
