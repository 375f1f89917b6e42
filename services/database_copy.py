"""A consistent copy of the running database in one file, and a database made of it again."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from obstore.exceptions import BaseError
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from services.errors import DeskError

TLS_FILES = ("ssl_ca", "ssl_capath", "ssl_cert", "ssl_key")
"""What the driver takes from the address to know the server, and to be known by it."""

DUMPED = b"-- Dump completed"
"""How a dump ends that was not cut off."""


class CopyFailed(DeskError):
    """The copy could not be made, or is none; the message says why."""

    code = "copy_failed"


@contextmanager
def told_in_words(what: str) -> Iterator[None]:
    """A full disk, a store that is away, a folder that is not ours: CopyFailed, and no traceback."""
    try:
        yield
    except (OSError, sqlite3.Error, BaseError) as error:
        reason = str(error).partition("\n")[0]  # a bucket's client lets pages follow that are for its makers
        raise CopyFailed(f"{what}: {reason}.") from error


def is_sqlite(engine: Engine) -> bool:
    """Whether the database is a file that we copy ourselves."""
    return engine.dialect.name == "sqlite"


def copy(engine: Engine, target: Path) -> None:
    """Write the database as it is at one moment into the file; those who write meanwhile go on writing."""
    if is_sqlite(engine):
        # never the file itself: what was committed last is in its log
        with closing(sqlite3.connect(_file(engine))) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        check_file(target)
    else:
        _dump(_server(engine), target)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def check_file(path: Path) -> None:
    """Raises CopyFailed where SQLite finds the file broken."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise CopyFailed(f"The copy of the database is broken: {error}.") from None
    if found != "ok":
        raise CopyFailed(f"The copy of the database is broken: {found}.")


def is_empty(engine: Engine) -> bool:
    """Whether nothing is there that a restored database would replace."""
    if is_sqlite(engine) and not _file(engine).exists():
        return True
    try:
        return not inspect(engine).get_table_names()
    except DatabaseError as error:
        if is_broken(error):
            return False
        raise


def is_broken(error: DatabaseError) -> bool:
    """Whether SQLite says that its file is damaged, or is none of its own."""
    code = getattr(error.orig, "sqlite_errorcode", None) or 0
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_used(engine: Engine) -> bool:
    """Whether somebody else is connected to it.

    Of SQLite's file nobody knows, but whoever has it open notices that it was replaced, and sends nothing.
    """
    if is_sqlite(engine):
        return False
    engine.dispose()  # those of our own
    others = text(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()"
    )
    with engine.connect() as connection:
        return bool(connection.scalar(others))


def prepare(engine: Engine, source: Path) -> None:
    """What can go wrong before anything is replaced, such as a full disk, goes wrong here."""
    if not is_sqlite(engine):
        return
    new = _beside(engine)
    new.parent.mkdir(parents=True, exist_ok=True)
    new.unlink(missing_ok=True)
    try:
        new.touch(mode=0o600)  # a copy would be made readable by every user of the machine
        shutil.copyfile(source, new)
        check_file(new)
        with new.open("rb") as file:
            os.fsync(file.fileno())
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def replace(engine: Engine, source: Path) -> None:
    """Put the copy that is prepared in the place of the database. Nobody else may use that meanwhile."""
    engine.dispose()
    if not is_sqlite(engine):
        _drop_all(engine)
        _load(_server(engine), source)
        return
    place = _file(engine)
    for old in (f"{place.name}-wal", f"{place.name}-shm"):
        place.with_name(old).unlink(missing_ok=True)  # the log of another database would be played into this
    _beside(engine).replace(place)
    sync_folder(place.parent)


def sync_folder(folder: Path) -> None:
    """See to it that what was put in its place there stays, also when the power goes."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def put_words(place: Path, words: str) -> None:
    """Let the file hold these words, for its owner alone; a full disk or a kill leaves what was there.

    With half a key no command would start, not even the one that restores.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_suffix(".new")
    new.touch(mode=0o600)
    with new.open("w") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
    new.replace(place)
    sync_folder(place.parent)


def _file(engine: Engine) -> Path:
    return Path(engine.url.database or "")


def _beside(engine: Engine) -> Path:
    place = _file(engine)
    return place.with_name(f"{place.name}.restoring")


def _server(engine: Engine) -> URL:
    """The address of the one server of a cluster that the desk uses now; the programs know of no other."""
    with engine.connect() as connection:
        used: Any = connection.connection.dbapi_connection
        return engine.url.set(host=used.host, port=used.port)


def _drop_all(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        for name in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE `{name}`"))
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 1"))


def _dump(url: URL, target: Path) -> None:
    # without triggers, which name who made them: `migrate` makes them anew
    program = _program("mariadb-dump", "mysqldump")
    options = (
        "--single-transaction",
        "--quick",
        "--hex-blob",
        "--no-tablespaces",
        "--skip-lock-tables",
        "--skip-triggers",
    )
    with _access(url) as access, target.open("wb") as file:
        _run([program, access, *options, f"--result-file={target}", url.database or ""], None)
        file.seek(0, 2)
    with target.open("rb") as file:
        file.seek(max(0, target.stat().st_size - 200))
        if DUMPED not in file.read():
            raise CopyFailed("The dump of the database was cut off; is the disk full?")


def _load(url: URL, source: Path) -> None:
    with _access(url) as access:
        _run([_program("mariadb", "mysql"), access, url.database or ""], source)


def _program(*names: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    raise CopyFailed(
        f"{names[0]} is missing, which copies this database: sudo apt-get install mariadb-client "
        "(for MySQL: default-mysql-client)."
    )


@contextmanager
def _access(url: URL) -> Iterator[str]:
    """Where and who, in a file that only we can read: a command line can be read by everybody."""
    given: dict[str, object] = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
    }
    socket = str(url.query.get("unix_socket", ""))
    # as the driver does; of "localhost" these programs make the usual socket, where another server may be
    given |= {"protocol": "socket", "socket": socket} if socket else {"protocol": "tcp"}
    given |= {name.replace("_", "-"): url.query.get(name) for name in TLS_FILES}
    if {"ssl_ca", "ssl_capath"} & url.query.keys() and url.query.get("ssl_check_hostname") != "false":
        # the one is MariaDB's, the other MySQL's, and each leaves what it does not know alone
        given |= {"loose-ssl-verify-server-cert": "1", "loose-ssl-mode": "VERIFY_IDENTITY"}
    with tempfile.NamedTemporaryFile("w", suffix=".cnf") as file:
        file.write("[client]\ndefault-character-set=utf8mb4\n")
        file.writelines(f'{name}="{_quoted(value)}"\n' for name, value in given.items() if value)
        file.flush()
        yield f"--defaults-extra-file={file.name}"


def _quoted(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace('"', '\\"')


def _run(command: list[str], source: Path | None) -> None:
    opened = source.open("rb") if source else None
    try:
        done = subprocess.run(  # noqa: S603 - a program of the database, with our own arguments
            command, stdin=opened or subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    finally:
        if opened:
            opened.close()
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it does not say why"]
        raise CopyFailed(f"{Path(command[0]).name} failed: {said[-1]}")
