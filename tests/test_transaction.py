"""The one way to write: an act is all or nothing, and on disk when its block ends."""

# ruff: noqa: PT012 - what has to fail here is a whole block

import os
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, SessionTransaction

from api import doctor
from config.database import (
    InsideTransaction,
    SessionLocal,
    after_commit,
    before_commit,
    database_now,
    make_engine,
    transaction,
    utc_now,
)
from models import Admin
from tests.factories import make_admin
from tests.mariadb_server import MariaDBServer, create_database
from tests.together import together


class Failure(Exception):
    pass


def admin(name: str) -> Admin:
    return Admin(email=f"{name}@example.com", name=name, password_hash="!")


def names() -> list[str]:
    """What another connection sees."""
    with SessionLocal() as other:
        return sorted(other.scalars(select(Admin.name)))


def test_what_an_act_did_is_there_when_it_ends_and_not_before(db: Session) -> None:
    with transaction(db):
        db.add(admin("Ada"))
        db.flush()
        assert names() == []
    assert names() == ["Ada"]
    assert not db.in_transaction()


def test_what_fails_leaves_nothing(db: Session) -> None:
    with pytest.raises(Failure), transaction(db):
        db.add(admin("Ada"))
        db.flush()
        raise Failure
    assert names() == []
    with transaction(db):
        db.add(admin("Bola"))
    assert names() == ["Bola"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_also_an_interrupt_leaves_nothing(db: Session, error: type[BaseException]) -> None:
    with pytest.raises(error), transaction(db):
        db.add(admin("Ada"))
        db.flush()
        raise error
    assert names() == []
    with transaction(db):
        db.add(admin("Bola"))
    assert names() == ["Bola"]


@pytest.mark.parametrize("begin", [Session.begin, Session.begin_nested])
def test_what_a_caller_began_is_not_committed_for_them(
    db: Session, begin: Callable[[Session], SessionTransaction]
) -> None:
    with pytest.raises(InsideTransaction, match="outside of"), begin(db):
        db.add(admin("Ada"))
        db.flush()
        with transaction(db):
            db.add(admin("Bola"))
    db.rollback()
    assert names() == []
    with transaction(db):
        db.add(admin("Chidi"))
    assert names() == ["Chidi"]


def test_blocks_inside_join_the_outermost(db: Session) -> None:
    with transaction(db):
        with transaction(db):
            db.add(admin("Ada"))
        assert names() == []
        with transaction(db), transaction(db):
            db.add(admin("Bola"))
        assert names() == []
    assert names() == ["Ada", "Bola"]


def test_when_the_outermost_fails_what_blocks_inside_did_is_gone(db: Session) -> None:
    with pytest.raises(Failure), transaction(db):
        with transaction(db):
            db.add(admin("Ada"))
        raise Failure
    assert names() == []


def test_when_a_block_inside_fails_the_whole_act_does(db: Session) -> None:
    with pytest.raises(Failure), transaction(db):
        db.add(admin("Ada"))
        with transaction(db):
            db.add(admin("Bola"))
            raise Failure
    assert names() == []


def test_hooks_run_in_their_order_around_the_commit(db: Session) -> None:
    seen: list[tuple[str, list[str]]] = []

    def note(step: str) -> None:
        seen.append((step, names()))

    with transaction(db):
        after_commit(db, lambda: note("after 1"))
        with transaction(db):
            before_commit(db, lambda: note("before 1"))
            after_commit(db, lambda: note("after 2"))
        before_commit(db, lambda: note("before 2"))
        db.add(admin("Ada"))
        db.flush()
        assert seen == []
    assert seen == [("before 1", []), ("before 2", []), ("after 1", ["Ada"]), ("after 2", ["Ada"])]
    with transaction(db):
        pass
    assert len(seen) == 4


def test_what_a_hook_does_before_the_commit_belongs_to_the_act(db: Session) -> None:
    with transaction(db):
        before_commit(db, lambda: db.add(admin("Ada")))
    assert names() == ["Ada"]


def test_a_hook_that_fails_before_the_commit_undoes_the_act_and_nothing_follows(db: Session) -> None:
    followed: list[int] = []

    def fail() -> None:
        raise Failure

    with pytest.raises(Failure), transaction(db):
        db.add(admin("Ada"))
        after_commit(db, lambda: followed.append(1))
        before_commit(db, fail)
    assert (names(), followed) == ([], [])


def test_nothing_follows_an_act_that_fails(db: Session) -> None:
    followed: list[int] = []
    with pytest.raises(Failure), transaction(db):
        before_commit(db, lambda: followed.append(1))
        after_commit(db, lambda: followed.append(2))
        raise Failure
    with transaction(db):
        pass
    assert followed == []


def test_what_follows_the_commit_may_begin_an_act_of_its_own(db: Session) -> None:
    def again() -> None:
        with transaction(db):
            db.add(admin("Bola"))

    with transaction(db):
        db.add(admin("Ada"))
        after_commit(db, again)
    assert names() == ["Ada", "Bola"]


@pytest.mark.parametrize("hook", [before_commit, after_commit])
def test_a_hook_outside_of_an_act_is_a_mistake(db: Session, hook: object) -> None:
    assert callable(hook)
    with pytest.raises(KeyError):
        hook(db, lambda: None)


def test_a_read_that_the_session_had_open_ends_first(db: Session) -> None:
    """On SQLite a snapshot that was read from can no longer be written to when another has written."""
    ada = make_admin(db)
    assert db.scalar(select(Admin.name)) == ada.name
    assert db.in_transaction()
    with SessionLocal() as other, transaction(other):
        other.execute(update(Admin).values(name="Changed meanwhile"))
    with transaction(db):
        assert db.scalar(select(Admin.name)) == "Changed meanwhile"
        db.execute(update(Admin).values(name=Admin.name + "!"))
    assert names() == ["Changed meanwhile!"]


def test_rows_keep_their_values_after_the_commit(db: Session) -> None:
    ada = make_admin(db, name="Ada")
    db.close()
    assert ada.name == "Ada"


def test_nobody_writes_between_a_read_and_a_write_of_an_act_that_holds_the_row(db: Session) -> None:
    admin_id = make_admin(db, name="0").id

    def count_up(session: Session, _: int) -> None:
        for _ in range(5):
            with transaction(session):
                row = session.get_one(Admin, admin_id, populate_existing=True, with_for_update=True)
                row.name = str(int(row.name) + 1)

    assert together(8, count_up) == [None] * 8
    assert names() == ["40"]


def test_a_writer_holds_no_reader_up(db: Session) -> None:
    make_admin(db, name="Ada")
    with transaction(db):
        db.execute(update(Admin).values(name="Bola"))
        assert together(4, lambda session, _: session.scalar(select(Admin.name))) == ["Ada"] * 4


def test_a_writer_that_has_failed_holds_no_writer_up(db: Session) -> None:
    with pytest.raises(Failure), transaction(db):
        db.add(admin("Ada"))
        db.flush()
        raise Failure

    def write(session: Session, number: int) -> None:
        with transaction(session):
            session.add(admin(f"Admin {number}"))

    assert together(4, write) == [None] * 4
    assert len(names()) == 4


def test_an_act_of_each_thread_is_its_own(db: Session) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with SessionLocal() as session, transaction(session):
            entered.set()
            go_on.wait(timeout=30)

    thread = threading.Thread(target=write)
    thread.start()
    assert entered.wait(timeout=30)
    with pytest.raises(KeyError):
        after_commit(db, lambda: None)
    go_on.set()
    thread.join()


def test_the_databases_clock_is_utc_and_runs(db: Session) -> None:
    earlier = database_now(db)
    assert abs((earlier - utc_now()).total_seconds()) < 60
    assert earlier.utcoffset() is not None
    db.rollback()
    assert database_now(db) >= earlier


def test_the_database_keeps_what_it_has_acknowledged(db: Session) -> None:
    """Synced at each commit, and with foreign keys: the defaults of both databases and drivers differ."""
    if db.get_bind().dialect.name == "sqlite":
        settings = {
            name: db.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    else:
        assert db.scalar(text("SELECT @@innodb_flush_log_at_trx_commit")) == 1
        assert db.connection().get_isolation_level() == "READ COMMITTED"
        assert "STRICT_ALL_TABLES" in str(db.scalar(text("SELECT @@sql_mode")))
        assert db.scalar(text("SELECT @@time_zone")) == "+00:00"


@pytest.mark.skipif(os.environ.get("TEST_DATABASE") != "mariadb", reason="starts a MariaDB of its own")
def test_the_doctor_names_a_server_that_forgets_when_the_power_goes(db: Session) -> None:
    """As many are set up, to be quicker: what Meta was told is stored would be gone, and come no more."""
    server = MariaDBServer(settings=["--innodb-flush-log-at-trx-commit=2"])
    quick = make_engine(create_database(server.port, "quick"))
    try:
        with Session(quick) as forgetful:
            found = doctor._durability(forgetful)
        assert (found.ok, doctor._durability(db).ok) == (False, True)
        assert "innodb_flush_log_at_trx_commit=1" in found.reason
    finally:
        quick.dispose()
        server.stop()
