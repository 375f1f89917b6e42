"""The migrations, on the database under test."""

from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from models import Base


def test_the_migrations_make_what_the_models_say(alembic_config: Config) -> None:
    command.check(alembic_config)


def test_down_and_up_again_gives_the_same_schema(alembic_config: Config, engine: sa.Engine) -> None:
    before = _schema(engine)
    try:
        command.downgrade(alembic_config, "base")
        assert not set(sa.inspect(engine).get_table_names()) & set(Base.metadata.tables)
    finally:
        command.upgrade(alembic_config, "head")
    assert _schema(engine) == before


def test_an_upgrade_that_was_killed_before_it_noted_its_steps_runs_again(
    alembic_config: Config, engine: sa.Engine
) -> None:
    before = _schema(engine)
    command.stamp(alembic_config, "base")
    command.upgrade(alembic_config, "head")
    assert _schema(engine) == before


def test_what_points_to_a_row_that_may_be_deleted_is_found_by_an_index(engine: sa.Engine) -> None:
    """SQLite makes none for a foreign key, and would read the whole table for each row deleted elsewhere."""
    inspector = sa.inspect(engine)
    without = []
    for table in inspector.get_table_names():
        found: list[Any] = [*inspector.get_indexes(table), *inspector.get_unique_constraints(table)]
        first = {each["column_names"][0] for each in found}
        first |= set(inspector.get_pk_constraint(table)["constrained_columns"][:1])
        for key in inspector.get_foreign_keys(table):
            if key["referred_table"] != "admins":  # they are shut out, and stay
                without += [f"{table}.{name}" for name in key["constrained_columns"][:1] if name not in first]
    assert without == []


def _schema(engine: sa.Engine) -> dict[str, list[str]]:
    engine.dispose()  # SQLite's PRAGMAs answer from what an open connection last saw of the schema
    inspector = sa.inspect(engine)
    return {
        table: sorted(
            [str(column) for column in inspector.get_columns(table)]
            + [str(index) for index in inspector.get_indexes(table)]
            + [str(key) for key in inspector.get_foreign_keys(table)]
            + [str(unique) for unique in inspector.get_unique_constraints(table)]
        )
        for table in sorted(inspector.get_table_names())
    }
