"""A backup of the desk while it is written to, and a desk made of it in another place."""

import errno
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.database import SessionLocal, make_engine, transaction
from config.settings import ROOT, get_settings
from models import InboundEvent, MediaFile, OutboundMessage, SupportMessage
from models.media_file import MediaState
from services import admin_service, backup_service, database_copy, restore_service, session_service
from services.inbound_event_service import digest
from services.media_storage import get_media_storage
from services.outbound_message_service import enqueue
from tests.factories import make_message, make_ticket
from tests.mariadb_server import create_database
from tests.ports import free_port
from tests.webhooks import NUMBER, PHONE, deliver, message, messages_body, receive_text

PASSWORD = "tall-green-giraffe"
_databases = count(1)


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store of files of the test's own."""
    monkeypatch.setattr(get_settings(), "data_dir", tmp_path / "here")
    get_media_storage.cache_clear()
    yield tmp_path / "here"
    get_media_storage.cache_clear()


class Elsewhere:
    """An empty place for a desk, beside the one that is backed up."""

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder / f"place-{next(_databases)}"
        url = sa.make_url(get_settings().database_url)
        if url.get_backend_name() == "sqlite":
            self.url = f"sqlite:///{self.data_dir / 'chat-support.db'}"
        else:
            assert url.port is not None
            self.url = create_database(url.port, f"{url.database}_restored_{next(_databases)}")

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "DATA_DIR": str(self.data_dir),
            "SECRET_KEY": get_settings().secret_key.get_secret_value(),
            "PORT": str(free_port()),
        } | settings
        return subprocess.run(
            [sys.executable, "cli.py", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    def restore(self, source: Path, *options: str) -> str:
        done = self.run("restore", str(source), *options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def opened(self) -> Iterator[Session]:
        engine = make_engine(self.url)
        try:
            with Session(engine) as db:
                yield db
        finally:
            engine.dispose()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    return Elsewhere(tmp_path)


@contextmanager
def customers_write() -> Iterator[list[str]]:
    """Two customers write without pause; gives the ids of what was taken, in the order of the answers."""
    taken: list[str] = []
    stop = threading.Event()

    def write(_: int) -> None:
        with SessionLocal() as db:
            while not stop.is_set():
                written = message("While it is copied")
                deliver(db, messages_body(written))
                taken.append(str(written["id"]))

    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write, number) for number in range(2)]
        try:
            while len(taken) < 20:
                time.sleep(0.01)
            yield taken
        finally:
            stop.set()
        for writer in writers:
            writer.result()


def keep_file(db: Session, content: bytes) -> str:
    row = MediaFile(message_id=make_message(db).id, phone_number_id=NUMBER, kind="image")
    with transaction(db):
        db.add(row)
        db.flush()
        row.storage_key = get_media_storage().put(row.id, io.BytesIO(content))
        row.state = MediaState.STORED
    return row.storage_key


def lost(db: Session, promised: list[str]) -> list[str]:
    """Which of these messages a database has not got."""
    keys = {digest(f"message:{NUMBER}:{each}"): each for each in promised}
    found = set(db.scalars(sa.select(InboundEvent.dedupe_key)))
    return [wamid for key, wamid in keys.items() if key not in found]


@pytest.mark.promise("P35")
def test_a_backup_under_load_becomes_a_desk_again(db: Session, tmp_path: Path, cases: Any) -> None:
    admin_service.create(db, "ada@example.com", "Ada", PASSWORD)
    contents = {keep_file(db, name.encode()): name.encode() for name in ("a photo", "a voice note")}
    storage, settings = get_media_storage(), get_settings()
    sources = []
    with customers_write() as taken:
        for number in range(2):
            promised = list(taken)
            source = tmp_path / f"backup-{number}"
            made = backup_service.make(db.get_bind().engine, settings, storage, source)
            assert made.gone == ()
            sources.append((source, promised))
            time.sleep(0.1)
    for source, promised in sources:
        place = Elsewhere(tmp_path)
        assert "1 person can sign in" in place.restore(source)
        with place.opened() as restored:
            assert lost(restored, promised) == []
            assert session_service.sign_in(restored, "ada@example.com", PASSWORD, "127.0.0.1")[1]
        for key, content in contents.items():
            assert (place.data_dir / "media" / key).read_bytes() == content
        checked = place.run("migrate")
        assert checked.returncode == 0, checked.stderr
        cases(len(promised))


@pytest.mark.promise("P35")
def test_copying_the_file_is_no_backup(db: Session, tmp_path: Path) -> None:
    """The check that the rehearsal makes finds what a copied file lacks: what its log holds, if anything."""
    engine = db.get_bind().engine
    if not database_copy.is_sqlite(engine):
        pytest.skip("MariaDB's files are not copied by anybody")
    with customers_write() as taken:
        for copied in (tmp_path / f"copied-{number}.db" for number in range(20)):
            promised = list(taken)
            # not opened here: SQLite's locks are the process's, and closing the file would let go of them all
            subprocess.run(["/bin/cp", str(engine.url.database), copied], check=True)
            try:
                database_copy.check_file(copied)
                with Session(make_engine(f"sqlite:///{copied}")) as restored:
                    if lost(restored, promised):
                        return
            except (database_copy.CopyFailed, sa.exc.DatabaseError):
                return  # cut through the middle of a write
    pytest.fail("twenty copies, and none lacks anything")


def test_what_is_there_is_not_overwritten_unless_one_says_so(
    db: Session, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    source = tmp_path / "backup"
    receive_text(db, "Hello")
    engine = db.get_bind().engine
    backup_service.make(engine, get_settings(), get_media_storage(), source)
    with pytest.raises(backup_service.BackupExists):
        backup_service.make(engine, get_settings(), get_media_storage(), source)
    elsewhere.restore(source)
    again = elsewhere.run("restore", str(source))
    assert again.returncode == 1
    assert "--force" in again.stderr
    log = Path(sa.make_url(elsewhere.url).database or "").with_name("chat-support.db-wal")
    if "sqlite" in elsewhere.url:
        log.write_bytes(b"the log of another database")
    elsewhere.restore(source, "--force")
    with elsewhere.opened() as restored:
        assert restored.scalar(sa.select(sa.func.count()).select_from(InboundEvent)) == 1


def test_a_full_disk_is_told_in_words_and_not_left_full(
    db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_file(db, b"a photo")
    source, storage = tmp_path / "backup", get_media_storage()

    def no_room(key: str, target: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage, "copy", no_room)
    with pytest.raises(database_copy.CopyFailed, match="No space left on device"):
        backup_service.make(db.get_bind().engine, get_settings(), storage, source)
    assert not source.exists()


def test_another_key_is_refused(db: Session, tmp_path: Path, elsewhere: Elsewhere) -> None:
    source = tmp_path / "backup"
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    done = elsewhere.run("restore", str(source), SECRET_KEY="x" * 40)
    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY is not the one")


def test_what_waited_to_be_sent_is_not_sent_again(db: Session, tmp_path: Path, elsewhere: Elsewhere) -> None:
    ticket = make_ticket(db)
    with transaction(db):
        enqueue(db, ticket.contact_id, NUMBER, {"type": "text", "text": {"body": "Once"}})
    source = tmp_path / "backup"
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    assert "1 messages waited" in elsewhere.restore(source)
    assert not any(file.stat().st_mode & 0o077 for file in elsewhere.data_dir.glob("*.db")), "others read it"
    with elsewhere.opened() as restored:
        assert restored.scalars(sa.select(OutboundMessage.state)).all() == ["unknown"]


def erased_since_the_backup(db: Session, folder: Path, elsewhere: Elsewhere) -> Path:
    """A backup that holds a customer whom the desk made of it has erased meanwhile."""
    receive_text(db, "Erase me later")
    source = folder / "backup"
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    elsewhere.restore(source)
    assert elsewhere.run("erase", "--phone", f"+{PHONE}", "--yes").returncode == 0
    return source


@pytest.mark.promise("P36")
def test_who_was_erased_since_the_backup_is_erased_again(
    db: Session, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    source = erased_since_the_backup(db, tmp_path, elsewhere)
    assert "1 erased since" in elsewhere.restore(source, "--force")
    with elsewhere.opened() as restored:
        assert restored.scalars(sa.select(SupportMessage)).all() == []


@pytest.mark.promise("P36")
def test_a_restore_that_was_broken_off_forgets_nobody_and_is_begun_again(
    db: Session, tmp_path: Path, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = erased_since_the_backup(db, tmp_path, elsewhere)
    monkeypatch.setattr(get_settings(), "data_dir", elsewhere.data_dir)
    there = make_engine(elsewhere.url)
    restore_service.put_back(there, get_settings(), get_media_storage(), source, force=True)
    there.dispose()  # and here it dies: the messages of the backup, and whom it holds, are back
    for command in ("serve", "worker"):
        refused = elsewhere.run(command)
        assert refused.returncode == 1
        assert refused.stderr.startswith("A restore was broken off.")

    assert "1 erased since" in elsewhere.restore(source, "--force")
    with elsewhere.opened() as restored:
        assert restored.scalars(sa.select(SupportMessage)).all() == []
    restore_service.check_finished(get_settings())
