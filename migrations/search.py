"""The full-text indexes: InnoDB's own on MySQL and MariaDB, FTS5 beside the tables on SQLite.

SQLite's follow by triggers, in the transaction of whatever changes a row. Changing a table there copies it
and drops its triggers with the old one, so that every migration ends with `keep_up`.
"""

import sqlalchemy as sa
from alembic import op

COLUMNS = {
    "support_messages": ("message",),
    "support_tickets": ("sender_name", "issue_description"),
    "contacts": ("name", "username"),
}
INDEXED = {"support_messages": "{row}.kind <> 'activity' AND {row}.revoked_at IS NULL"}
"""Which rows SQLite's index holds; the others' are read past by whoever searches."""


def is_search_name(name: str | None) -> bool:
    """Whether Alembic should take no notice of a table or an index of this name."""
    return name is not None and name.startswith(("search_", "ft_"))


def create() -> None:
    """All indexes that are not there yet, with what the tables hold."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        for table, columns in COLUMNS.items():
            _create_fts5(bind, table, columns)
        keep_up(bind)
        return
    for table, columns in COLUMNS.items():
        if f"ft_{table}" not in {index["name"] for index in sa.inspect(bind).get_indexes(table)}:
            op.execute(f"ALTER TABLE {table} ADD FULLTEXT INDEX ft_{table} ({', '.join(columns)})")


def drop() -> None:
    """All of them."""
    bind = op.get_bind()
    for table in COLUMNS:
        if bind.dialect.name == "sqlite":
            for act in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER IF EXISTS search_{table}_{act}")
            op.execute(f"DROP TABLE IF EXISTS search_{table}")
        elif f"ft_{table}" in {index["name"] for index in sa.inspect(bind).get_indexes(table)}:
            op.execute(f"ALTER TABLE {table} DROP INDEX ft_{table}")


def keep_up(bind: sa.Connection) -> None:
    """SQLite's triggers, where the index is there and they are not."""
    for table, columns in COLUMNS.items():
        if sa.inspect(bind).has_table(f"search_{table}"):
            for statement in _triggers(table, columns):
                bind.exec_driver_sql(statement)


def _create_fts5(bind: sa.Connection, table: str, columns: tuple[str, ...]) -> None:
    if sa.inspect(bind).has_table(f"search_{table}"):
        return
    names = ", ".join(columns)
    op.execute(
        f"CREATE VIRTUAL TABLE search_{table} USING fts5({names}, content='{table}', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2', prefix='3')"
    )
    where = INDEXED.get(table, "1").format(row=table)
    filled = f"SELECT id, {names} FROM {table} WHERE {where}"  # noqa: S608 - of our own names alone
    op.execute(f"INSERT INTO search_{table}(rowid, {names}) {filled}")


def _triggers(table: str, columns: tuple[str, ...]) -> list[str]:
    names = ", ".join(columns)
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    is_new, is_old = (INDEXED.get(table, "1").format(row=row) for row in ("NEW", "OLD"))
    put = f"INSERT INTO search_{table}(rowid, {names}) SELECT NEW.id, {new} WHERE {is_new};"
    take = (
        f"INSERT INTO search_{table}(search_{table}, rowid, {names}) "
        f"SELECT 'delete', OLD.id, {old} WHERE {is_old};"
    )
    watched = [*columns, *(["kind", "revoked_at"] if table in INDEXED else [])]
    acts = {"insert": put, "delete": take, "update": take + put}
    return [
        f"CREATE TRIGGER IF NOT EXISTS search_{table}_{act} AFTER "
        f"{act.upper()}{f' OF {chr(44).join(watched)}' if act == 'update' else ''} ON {table} "
        f"BEGIN {statements} END"
        for act, statements in acts.items()
    ]
