"""What every test stands on: settings of the tests' own, and a database made by the migrations.

`TEST_DATABASE=mariadb` runs the same tests on a MariaDB that is started for the run, `mysql` on a MySQL; with
pytest-xdist the controller starts it and each worker has a database on it.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy.orm import Session

from config.settings import ROOT, Settings
from tests.mariadb_server import MariaDBServer, create_database
from tests.mysql_server import MySQLServer

pytest_plugins = ["tests.promise_report"]

WITHOUT_TABLES = ("simulator", "whatsapp")
"""Folders of tests of what may not import the tables; no database makes a difference to them."""
SERVERS = {"mariadb": MariaDBServer, "mysql": MySQLServer}
PORT_VARIABLE = "CHAT_SUPPORT_TEST_DATABASE_PORT"  # how the controller tells its workers

_folder = Path(tempfile.mkdtemp(prefix="chat-support-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)


def _database_url() -> str:
    kind = os.environ.get("TEST_DATABASE", "sqlite")
    if kind == "sqlite":
        return f"sqlite:///{_folder / 'test.db'}"
    if kind not in SERVERS:
        raise pytest.UsageError(f"TEST_DATABASE is {kind!r}; it must be sqlite, mariadb or mysql.")
    if PORT_VARIABLE not in os.environ:
        server = SERVERS[kind]()
        atexit.register(server.stop)
        os.environ[PORT_VARIABLE] = str(server.port)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    return create_database(int(os.environ[PORT_VARIABLE]), f"test_{worker}")


# config.database makes its engine when it is imported, so the settings must stand before that.
Settings.model_config["env_file"] = None
for _name in Settings.model_fields:
    os.environ.pop(_name.upper(), None)
os.environ.update(
    DATABASE_URL=_database_url(),
    DATA_DIR=str(_folder),
    SECRET_KEY="a-fixed-secret-key-for-the-tests-only",
    WHATSAPP_PROVIDER="simulator",
)

# structlog's own way draws every error with all that its frames hold: seconds for each that a test provokes
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

from config import database  # noqa: E402 - see above
from models import AuditEntry, Base  # noqa: E402 - see above
from realtime import ticket_counts  # noqa: E402 - see above
from tests.audit_log import empty_audit_log  # noqa: E402 - see above

_FULL_TABLES = sa.union_all(
    *(
        sa.select(sa.literal(table.name)).where(sa.exists(sa.select(sa.literal(1)).select_from(table)))
        for table in Base.metadata.sorted_tables
    )
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--exhaustive` kills at every event of the database, not at some."""
    parser.addoption("--exhaustive", action="store_true", help="kill the desk at every database event")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The limits of time are for the quick form; a sweep takes as long as it takes (see bin/suites.py)."""
    if config.getoption("--exhaustive"):
        for item in items:
            item.add_marker(pytest.mark.timeout(0), append=False)


@pytest.fixture(scope="session")
def alembic_config() -> Config:
    """Alembic as the product runs it."""
    return Config(ROOT / "alembic.ini")


@pytest.fixture(scope="session")
def _seeds(alembic_config: Config) -> dict[sa.Table, list[dict[str, object]]]:
    """The schema, made once by the migrations; gives the rows that they put in."""
    command.upgrade(alembic_config, "head")
    with database.engine.connect() as connection:
        rows = {
            table: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in Base.metadata.sorted_tables
        }
    return {table: seeds for table, seeds in rows.items() if seeds}


@pytest.fixture(autouse=True)
def _clean_database(
    request: pytest.FixtureRequest, _seeds: dict[sa.Table, list[dict[str, object]]]
) -> Iterator[None]:
    """Every test finds the database as the migrations left it."""
    yield
    if request.path.parent.name in WITHOUT_TABLES:
        return
    with database.SessionLocal() as session:
        kept, counted = ticket_counts.compare(session)
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        full = set(connection.scalars(_FULL_TABLES))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in full:
                continue
            for key in table.foreign_keys:
                if key.column.table is table:  # MariaDB checks row by row, also within one DELETE
                    connection.execute(table.update().values({key.parent: None}))
            if table.name == AuditEntry.__tablename__:
                empty_audit_log(connection)
            else:
                connection.execute(table.delete())
        for table, rows in _seeds.items():
            connection.execute(table.insert(), rows)
    assert kept in (counted, None), "the kept numbers of live tickets are not those of the tickets"


@pytest.fixture
def engine() -> sa.Engine:
    """The engine of the product's own sessions."""
    return database.engine


@pytest.fixture
def db() -> Iterator[Session]:
    """A session as the product opens it; what a test commits is gone after the test."""
    with database.SessionLocal() as session:
        yield session
