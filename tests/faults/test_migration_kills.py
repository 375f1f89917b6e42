"""An upgrade that is killed at any statement is run again, and ends as if it had never been killed."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.database import make_engine
from config.settings import ROOT, get_settings
from tests.mariadb_server import create_database

QUICK_STEP = 31
_databases = count(1)

HARNESS = """
import json, os, signal, sys
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, event
import config.database
from config.settings import ROOT

def upgrade(revision, kill_at):
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    seen = 0
    def around(connection, cursor, statement, *_):
        nonlocal seen
        seen += statement.split()[0].upper() not in ("SELECT", "PRAGMA", "SHOW")  # these change nothing
        if 0 < kill_at == seen:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(Engine, "before_cursor_execute", around)
    event.listen(Engine, "after_cursor_execute", around)
    status = 1
    try:
        command.upgrade(Config(ROOT / "alembic.ini"), revision)
        status = 0
    finally:
        os._exit(status)

for line in sys.stdin:
    revision, kill_at = line.split()
    print(json.dumps(upgrade(revision, int(kill_at))), flush=True)
"""


NO_ROOM = """
import resource
from cli import main

resource.setrlimit(resource.RLIMIT_FSIZE, (7_000_000, 7_000_000))
main()
"""
"""The commands, where no file may be longer."""


IN_TURNS = """
import time
from sqlalchemy import Engine, event
from cli import main

event.listen(Engine, "begin", lambda _connection: time.sleep(0.1))
main()
"""
"""The commands, where who ended a transaction is slow to begin the next."""


class Upgrader:
    """Upgrades a database of its own in child processes, and kills them at the statement that it is told."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"upgrade-{next(_databases)}.db"
        self.url = self.empty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", HARNESS],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": self.url, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def empty(self) -> str:
        """Make the database anew; its address."""
        url = sa.make_url(get_settings().database_url)
        if url.get_backend_name() == "sqlite":
            for each in self.file.parent.glob(f"{self.file.name}*"):
                each.unlink()
            return f"sqlite:///{self.file}"
        assert url.port is not None
        return create_database(url.port, f"{url.database}_{self.file.stem.replace('-', '_')}")

    def upgrade(self, revision: str, kill_at: int = 0) -> int:
        """The exit status; -9 when it was killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{revision} {kill_at}\n")
        self._process.stdin.flush()
        status: int = json.loads(self._process.stdout.readline())
        return status

    def fill(self) -> None:
        """Two tickets of one customer with their messages, as revision 002 kept them."""
        engine = make_engine(self.url)
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            for number in (1, 2):
                connection.execute(
                    sa.text(
                        "INSERT INTO support_tickets (id, phone_number, sender_name, issue_description, "
                        "status, priority, created_at, updated_at) VALUES (:id, '2348031112222', 'Ada', "
                        "'No charger', 'OPEN', 'MEDIUM', '2026-01-01 10:00:00', '2026-01-01 10:00:00')"
                    ),
                    {"id": number},
                )
                connection.execute(
                    sa.text(
                        "INSERT INTO support_messages (id, ticket_id, sender_type, sender_name, message, "
                        "created_at) VALUES (:id, :id, 'user', 'Ada', 'Hello', '2026-01-01 10:00:00')"
                    ),
                    {"id": number},
                )
        engine.dispose()

    def schema_and_data(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Every table's parts, and its rows but for times and ids that depend on the run."""
        engine = make_engine(self.url)
        inspector = sa.inspect(engine)
        schema = {
            table: sorted(
                str(part)
                for get in (
                    inspector.get_columns,
                    inspector.get_indexes,
                    inspector.get_foreign_keys,
                    inspector.get_unique_constraints,
                )
                for part in get(table)
            )
            for table in sorted(inspector.get_table_names())
        }
        queries = {
            "tickets": "SELECT t.id, t.status, t.phone_number, t.issue_description, c.phone_number, c.name "
            "FROM support_tickets t JOIN contacts c ON c.id = t.contact_id ORDER BY t.id",
            "messages": "SELECT m.id, m.message, m.kind, m.ticket_id, m.contact_id = t.contact_id "
            "FROM support_messages m JOIN support_tickets t ON t.id = m.ticket_id ORDER BY m.id",
            "counts": "SELECT (SELECT COUNT(*) FROM contacts), (SELECT COUNT(*) FROM contact_identities), "
            "(SELECT COUNT(*) FROM leases), (SELECT COUNT(*) FROM event_sequence)",
        }
        with engine.connect() as connection:
            data = {
                name: [str(tuple(row)) for row in connection.execute(sa.text(query))]
                for name, query in queries.items()
            }
        engine.dispose()
        return schema, data

    def close(self) -> None:
        with self._process as process:
            process.communicate(timeout=60)


@pytest.fixture
def upgrader(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], Upgrader]:
    def make() -> Upgrader:
        made = Upgrader(tmp_path)
        request.addfinalizer(made.close)
        return made

    return make


@pytest.mark.promise("P33")
@pytest.mark.timeout(1800)
def test_an_upgrade_killed_anywhere_runs_again(
    upgrader: Callable[[], Upgrader], request: pytest.FixtureRequest, cases: Callable[[int], None]
) -> None:
    """With data, from the first tickets on: after a kill, the next run ends as one that was not killed."""
    exhaustive = request.config.getoption("--exhaustive")
    if not exhaustive and not get_settings().database_url.startswith("sqlite"):
        pytest.skip("takes minutes on MariaDB, which syncs the disk at each statement: --exhaustive")
    whole = upgrader()
    assert whole.upgrade("002") == 0
    whole.fill()
    assert whole.upgrade("head") == 0
    expected = whole.schema_and_data()
    assert len(expected[1]["tickets"]) == 2
    step = 1 if exhaustive else QUICK_STEP
    kill_at, kills = 1, 0
    killed = upgrader()
    while True:
        killed.empty()
        assert killed.upgrade("002") == 0
        killed.fill()
        status = killed.upgrade("head", kill_at)
        if status == 0:
            break
        assert status == -9
        assert killed.upgrade("head") == 0, f"killed at {kill_at}, the next run fails"
        assert killed.schema_and_data() == expected, f"killed at {kill_at}"
        kills += 1
        kill_at += step
    assert kills * step > 40
    cases(kills)


@pytest.mark.promise("P33")
def test_a_second_upgrade_waits_for_the_first(upgrader: Callable[[], Upgrader], tmp_path: Path) -> None:
    first = upgrader()
    environment = os.environ | {"DATABASE_URL": first.url}
    several = [
        subprocess.Popen(
            [sys.executable, "-c", IN_TURNS, "migrate"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    for each in several:
        said, _ = each.communicate(timeout=100)
        assert each.returncode == 0, said
    assert first.upgrade("head") == 0


def test_an_upgrade_without_room_says_so_and_changes_nothing(upgrader: Callable[[], Upgrader]) -> None:
    """SQLite takes all back by itself, so that the clearing up fails as well: no words about that."""
    if not get_settings().database_url.startswith("sqlite"):
        pytest.skip("the database's own server writes the files")
    full = upgrader()
    assert full.upgrade("013") == 0
    with closing(sqlite3.connect(full.file)) as connection, connection:
        connection.executemany(
            "INSERT INTO account_events (field, subject, severity, summary, payload, occurred_at, "
            "created_at) VALUES ('', '', '', ?, '{}', '2026-01-01 10:00', '2026-01-01 10:00')",
            [("x" * 10_000,)] * 600,
        )
    before = full.schema_and_data()
    done = subprocess.run(
        [sys.executable, "-c", NO_ROOM, "migrate"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": full.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert re.search("disk (is full|I/O error)", done.stderr), done.stderr
    assert "no such table" not in done.stderr
    assert full.schema_and_data() == before
    assert full.upgrade("head") == 0
