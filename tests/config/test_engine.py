"""How the desk connects to its database."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from unittest.mock import MagicMock

import pymysql
import pytest
from sqlalchemy import update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from config import database
from config.database import make_engine
from config.database_hosts import Hosts, hosts_of
from config.database_trouble import is_trouble
from config.settings import get_settings
from models.desk_event import EventSequence


@pytest.mark.parametrize(
    ("url", "may_encrypt"),
    [
        ("mysql+pymysql://desk@127.0.0.1/desk", False),
        ("mysql+pymysql://desk@localhost:3307/desk", False),
        ("mysql+pymysql://desk@localhost/desk?ssl_ca=/etc/ca.pem", True),
        ("mysql+pymysql://desk@db.example.org/desk", True),
    ],
)
def test_only_what_leaves_the_machine_is_encrypted(
    url: str, may_encrypt: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def connect(**options: Any) -> None:
        asked.update(options)
        raise pymysql.OperationalError(2003, "nobody is there")

    monkeypatch.setattr(database, "QuickConnection", connect)
    with pytest.raises(Exception, match="nobody is there"):
        make_engine(url).connect()
    assert asked["ssl_disabled"] is not may_encrypt


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such rights")
def test_no_other_user_of_the_machine_can_read_the_embedded_database(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        made = make_engine(f"sqlite:///{tmp_path / 'data' / 'desk.db'}")
        with made.connect() as connection:
            connection.exec_driver_sql("CREATE TABLE words (word TEXT)")
            connection.commit()
            rights = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()}
        made.dispose()
    finally:
        os.umask(before)
    assert rights == dict.fromkeys(["desk.db", "desk.db-wal", "desk.db-shm"], 0o600)


def test_nothing_is_written_into_a_file_that_is_no_longer_the_desks(tmp_path: Path) -> None:
    """Removed or replaced beneath the running desk: what it takes from then on would be gone at its end."""
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    made = make_engine(f"sqlite:///{folder / 'desk.db'}")

    def say(word: str) -> list[str]:
        with made.begin() as connection:
            connection.exec_driver_sql("INSERT INTO words VALUES (?)", (word,))
            return list(connection.exec_driver_sql("SELECT word FROM words").scalars())

    with made.begin() as connection, made.connect() as another:
        connection.exec_driver_sql("CREATE TABLE words (word TEXT)")
        assert another.exec_driver_sql("SELECT 1").scalar() == 1  # so that the pool has two
    assert say("there") == ["there"]
    folder.rename(elsewhere)
    for _ in range(4):
        with pytest.raises(DBAPIError, match="removed or replaced") as caught:
            say("gone")
        assert is_trouble(caught.value)
    assert not folder.exists()
    folder.mkdir()
    (folder / "desk.db").touch()
    with pytest.raises(DBAPIError, match="removed or replaced"):
        say("into another")
    shutil.rmtree(folder)
    elsewhere.rename(folder)
    assert say("back") == ["there", "back"]
    made.dispose()


def test_a_connection_that_takes_no_writes_is_not_used_again(tmp_path: Path) -> None:
    """Opened while the disk could only be read, and still of that mind when the disk is well again."""
    made = make_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE words (word TEXT)")
        connection.exec_driver_sql("PRAGMA query_only=ON")
    with pytest.raises(DBAPIError, match="readonly") as caught, made.begin() as connection:
        connection.exec_driver_sql("INSERT INTO words VALUES ('refused')")
    assert is_trouble(caught.value)
    with made.begin() as connection:
        connection.exec_driver_sql("INSERT INTO words VALUES ('taken')")
    made.dispose()


@pytest.mark.skipif(os.environ.get("TEST_DATABASE") != "mariadb", reason="only MariaDB has the setting")
def test_what_a_line_locked_that_fell_silent_is_soon_free() -> None:
    """The server does not hear of a line that is cut on the way, and the next event needs this lock."""
    lost, other = (make_engine(get_settings().database_url) for _ in range(2))
    take_number = update(EventSequence).values(last_seq=EventSequence.last_seq + 1)
    taken = False
    with lost.connect() as silent:
        silent.execute(take_number)
        for _ in range(4):  # each waits for the lock for some seconds
            with suppress(OperationalError), other.begin() as connection:
                connection.execute(take_number)
                taken = True
                break
        assert taken, "the lock is held for as long as the server waits for anybody"
        with pytest.raises(OperationalError) as caught:
            silent.execute(take_number)
        assert is_trouble(caught.value)
    lost.dispose()
    other.dispose()


CLUSTER = "mysql+pymysql://desk@127.0.0.1:3301/desk?host=localhost:3302&host=[::1]&ssl_verify_cert=false"


def test_the_servers_of_a_cluster_stand_in_one_address() -> None:
    assert hosts_of(make_url(CLUSTER)) == [("127.0.0.1", 3301), ("localhost", 3302), ("::1", 3306)]
    assert hosts_of(make_url("mysql+pymysql://desk@db/desk?host=other")) == [("db", 3306), ("other", 3306)]


class Servers:
    """Those that there are, by port, with what they say of themselves: in their cluster, and read-only."""

    def __init__(self, there: dict[int, tuple[str, str]]) -> None:
        self.there = there
        self.asked: list[int] = []

    def __call__(self, **options: Any) -> MagicMock:
        self.asked.append(options["port"])
        if options["port"] not in self.there:
            raise pymysql.OperationalError(2003, "nobody is there")
        connection = MagicMock()
        answers: list[Any] = [
            [("wsrep_ready", self.there[options["port"]][0])],
            [("wsrep_on", "ON"), ("read_only", self.there[options["port"]][1])],
        ]
        if self.there[options["port"]] == SILENT:
            answers = [pymysql.OperationalError(2013, "Lost connection to server during query")]
        connection.cursor.return_value.__enter__.return_value.fetchall.side_effect = answers
        return connection


WELL, SILENT = ("ON", "OFF"), ("", "")


@pytest.mark.parametrize(
    ("there", "asked_first", "asked_then"),
    [
        ({3301: WELL, 3302: WELL}, [3301], 3301),
        ({3302: WELL, 3306: WELL}, [3301, 3302], 3302),
        ({3301: SILENT, 3302: WELL}, [3301, 3302], 3302),
        ({3301: ("OFF", "OFF"), 3302: ("ON", "ON"), 3306: WELL}, [3301, 3302, 3306], 3306),
    ],
)
def test_a_server_that_is_away_or_takes_no_writes_is_passed_over(
    there: dict[int, tuple[str, str]],
    asked_first: list[int],
    asked_then: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    servers, hosts = Servers(there), Hosts(hosts_of(make_url(CLUSTER)))
    monkeypatch.setattr("config.database_hosts.QuickConnection", servers)
    for asked in (asked_first, [asked_then]):
        servers.asked.clear()
        hosts.connect(cast("Any", None), None, [], {})
        assert servers.asked == asked


def test_where_none_is_any_good_the_first_error_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = Servers({3302: ("OFF", "OFF")})
    monkeypatch.setattr("config.database_hosts.QuickConnection", servers)
    with pytest.raises(pymysql.OperationalError, match="nobody is there"):
        Hosts(hosts_of(make_url(CLUSTER))).connect(cast("Any", None), None, [], {})
    assert servers.asked == [3301, 3302, 3306]
