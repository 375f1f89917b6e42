"""Many rows written by few statements: the unit of work of the ORM looks at each, and sends one for many."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import Column, Dialect, Table, inspect
from sqlalchemy.orm import Mapper, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, set_committed_value

from config.database import Base

AT_ONCE = 100
"""Rows of a statement. An update looks through its list of rows for each of them."""

Changes = dict[str, Any]
Thing = TypeVar("Thing")
Row = TypeVar("Row", bound=Base)


def new_row(kind: type[Row], /, **values: Any) -> Row:
    """A new row for `insert_rows`, as its class would make it, in a third of the time.

    What tells a session of each value is left out; what the class checks is not.
    """
    mapper: Any = inspect(kind)
    row: Row = mapper.class_manager.new_instance()
    given = instance_dict(row)
    given |= values
    for name, (check, _) in mapper.validators.items():
        if name in values:
            given[name] = check(row, name, values[name])
    return row


def insert_rows(db: Session, rows: Sequence[Base]) -> None:
    """Insert these new rows of one class in their order; they get their ids and defaults. Inside an act.

    They stay outside of the session, which does not see what is changed in them later, and what hangs on
    them by a relationship is left to the caller.
    """
    dialect = db.get_bind().dialect
    if not dialect.insert_returning:  # MySQL: it does not tell the ids of many rows
        db.add_all(rows)
        db.flush()
        return
    for part in _parts(rows):
        table = _table(part[0])
        names, filled = _filled(table, dialect, [instance_dict(row) for row in part])
        marks = f"({', '.join([_mark(dialect)] * len(names))})"
        statement = (
            f"INSERT INTO {table.name} ({', '.join(names)}) "  # noqa: S608 - names of ours
            f"VALUES {', '.join([marks] * len(part))} RETURNING id"
        )
        values = tuple(chain.from_iterable(zip(*filled, strict=True)))
        found = db.connection().exec_driver_sql(statement, values).scalars()
        # ids are given in the order of the rows, and may be told in any
        for row, row_id in zip(part, sorted(found), strict=True):
            set_committed_value(row, "id", row_id)


def take_in(db: Session, rows: Iterable[Base]) -> None:
    """Let the session see what is changed from now on in rows of `insert_rows`."""
    outside = [row for row in rows if not inspect(row).persistent]
    for row in outside:
        make_transient_to_detached(row)
    db.add_all(outside)


def insert_row(db: Session, row: Base) -> None:
    """Insert this new row and take it into the session. Inside an act."""
    insert_rows(db, [row])
    take_in(db, [row])


def write_changes(db: Session, rows: Iterable[Base]) -> None:
    """Write the changed columns of these rows of one class, as the next flush would. Inside an act.

    Rows that are new, and what else there is to flush, are left to the flush.
    """
    groups: dict[tuple[str, ...], list[tuple[Base, Changes]]] = defaultdict(list)
    for row in rows:
        changes = _changes(row)
        if changes:
            groups[tuple(sorted(changes))].append((row, changes))
    for names, group in groups.items():
        for part in _parts(group):
            _update(db, names, part)


def _changes(row: Base) -> Changes:
    """The columns that differ from what the database has, with those that every update sets."""
    state = inspect(row)
    if not state.persistent or not state.modified:
        return {}
    mapper: Mapper[Any] = state.mapper
    found = {
        name: state.dict[name]
        for name, before in state.committed_state.items()
        if name in mapper.column_attrs and before != state.dict[name]
    }
    if found:
        for column in mapper.local_table.c:
            if column.onupdate is not None and column.key not in found:
                found[column.key] = column.onupdate.arg(None)
    return found


def _update(db: Session, names: Sequence[str], group: Sequence[tuple[Base, Changes]]) -> None:
    table = _table(group[0][0])
    dialect = db.get_bind().dialect
    mark = _mark(dialect)
    ids = [instance_dict(row)["id"] for row, _ in group]
    values: list[Any] = []
    settings = []
    for name in names:
        given = [changes[name] for _, changes in group]
        bound = _bound(table.c[name], dialect)
        if all(value == given[0] for value in given):
            settings.append(f"{name} = {mark}")
            values.append(bound(given[0]))
        else:
            settings.append(f"{name} = CASE id{f' WHEN {mark} THEN {mark}' * len(group)} END")
            for row_id, value in zip(ids, given, strict=True):
                values += (row_id, bound(value))
    where = ", ".join([mark] * len(ids))
    statement = f"UPDATE {table.name} SET {', '.join(settings)} WHERE id IN ({where})"  # noqa: S608 - names of ours
    db.connection().exec_driver_sql(statement, (*values, *ids))
    for row, changes in group:
        for name, value in changes.items():
            set_committed_value(row, name, value)


def _parts(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    return (things[start : start + AT_ONCE] for start in range(0, len(things), AT_ONCE))


def _table(row: Base) -> Table:
    table = type(row).__table__
    assert isinstance(table, Table)  # and no join: none of our classes inherits from another
    return table


def _mark(dialect: Dialect) -> str:
    return "?" if dialect.paramstyle == "qmark" else "%s"


@cache
def _columns(
    table: Table, dialect: Dialect
) -> list[tuple[str, bool, Callable[[Any], Any], Callable[[], Any]]]:
    """Every column but the id.

    Its name, whether it may be NULL, what the driver wants of a value, and what it is if nobody says.
    """
    return [
        (str(column.key), bool(column.nullable), _bound(column, dialect), _default(column))
        for column in table.c
        if not column.primary_key
    ]


def _filled(
    table: Table, dialect: Dialect, rows: Sequence[dict[str, Any]]
) -> tuple[list[str], list[list[Any]]]:
    """The columns that are not NULL in all of these rows, each with what the driver wants for every row.

    What a row does not say of itself it gets.
    """
    names, filled = [], []
    for name, nullable, bound, default in _columns(table, dialect):
        for row in rows:
            if name not in row:
                row[name] = default()
        values = [bound(row[name]) for row in rows]
        if not nullable or values.count(None) < len(values):
            names.append(name)
            filled.append(values)
    return names, filled


def _bound(column: Any, dialect: Dialect) -> Callable[[Any], Any]:
    return column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _default(column: Column[Any]) -> Callable[[], Any]:
    default: Any = column.default
    if default is None:
        return lambda: None
    return partial(default.arg, None) if default.is_callable else lambda: default.arg
