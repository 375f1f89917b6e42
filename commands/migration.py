"""The tables of the database, brought up to date."""

# ruff: noqa: PLC0415 - our modules read the settings when they are imported, and --help must work without them


def migrate() -> None:
    """Run what is missing of the migrations. Raises NewerRelease where the tables are ahead of it."""
    from alembic import command
    from alembic.config import Config

    from config.database import engine
    from config.settings import ROOT
    from migrations.ddl import only_grows
    from services import readiness_service

    with engine.connect() as connection:
        readiness_service.check_known(readiness_service.revision(connection), "The database")
    command.upgrade(Config(ROOT / "alembic.ini"), "head")
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        only_grows(connection, "audit_entries")  # the user may have got the right to only now
