"""A backup of the running desk in one folder: the database, its files, and their checksums."""

import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.database import utc_now
from config.settings import Settings
from models.media_file import MediaFile
from services import database_copy, readiness_service
from services.errors import DeskError
from services.media_storage import FileMissing, MediaStorage

MANIFEST = "manifest.json"
DATABASE = "database"
KEY = "secret-key"
MEDIA = "media"


class BackupExists(DeskError):
    """A backup never goes where something is."""

    code = "backup_exists"

    def __init__(self, target: Path) -> None:
        super().__init__(f"{target} is there already; name a folder that is not.")


@dataclass(frozen=True)
class Backup:
    """What a backup holds. `gone`: files that the database names and the store has not got."""

    made_at: datetime
    files: int
    gone: tuple[str, ...]


def make(engine: Engine, settings: Settings, storage: MediaStorage, target: Path) -> Backup:
    """Make a backup while the desk runs. Raises BackupExists or CopyFailed.

    It holds everything that was committed when it began.
    """
    if target.exists():
        raise BackupExists(target)
    with database_copy.told_in_words("The backup could not be made"):
        target.mkdir(mode=0o700, parents=True)
        try:
            return _fill(engine, settings, storage, target)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)  # the disk that it filled may be the desk's own
            raise


def _fill(engine: Engine, settings: Settings, storage: MediaStorage, target: Path) -> Backup:
    """The manifest is written last: a folder without one is no backup."""
    made_at = utc_now()
    checksums: dict[str, str] = {}
    gone: set[str] = set()
    # before and after: what is deleted while the database is copied is in the copy, and so its file must be
    before = _keys(engine)
    _copy_files(storage, before, target, checksums, gone)
    copied = target / DATABASE
    database_copy.copy(engine, copied)
    _copy_files(storage, _keys(engine) - before, target, checksums, gone)
    checksums[DATABASE] = checksum(copied)
    with engine.connect() as connection:
        revision = readiness_service.revision(connection)
    key = settings.data_dir / KEY
    if key.is_file() and key.read_text().strip() == settings.secret_key.get_secret_value():
        copy = target / KEY
        copy.touch(mode=0o600)
        copy.write_text(settings.secret_key.get_secret_value())
        checksums[KEY] = checksum(copy)
    manifest = {
        "made_at": made_at.isoformat(),
        "database": engine.dialect.name,
        "revision": revision,
        "key": key_mark(settings.secret_key.get_secret_value()),
        "sha256": checksums,
    }
    written = target / MANIFEST
    written.write_text(json.dumps(manifest, indent=1, sort_keys=True))
    with written.open("rb") as file:
        os.fsync(file.fileno())
    return Backup(made_at, len(checksums), tuple(sorted(gone)))


def read_manifest(source: Path) -> dict[str, Any]:
    """What the backup says of itself. Raises CopyFailed where it is none."""
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text())
        words = manifest["database"], manifest["key"], manifest["sha256"][DATABASE]
        words += (manifest.get("revision") or "", *manifest["sha256"].values())
        if all(isinstance(each, str) for each in words):
            return manifest
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        pass
    raise database_copy.CopyFailed(f"{source} is no backup: it has no {MANIFEST} that can be read.")


def check(source: Path, manifest: dict[str, Any]) -> None:
    """Raises CopyFailed where a file of the backup is missing, was changed, or is not in its folder."""
    top = source.resolve()
    for name, wanted in manifest["sha256"].items():
        path = top / name
        if not path.is_file() or checksum(path) != wanted:
            raise database_copy.CopyFailed(f"The backup is damaged: {name} is missing or was changed.")
        if path.resolve() != path:  # no backup is made so: what is there may be anything of this machine's
            raise database_copy.CopyFailed(f"The backup is damaged: {name} leads to another place.")
    # another key would open none of its secrets, and with one that is none no command would start again
    key = source / KEY
    if key.is_file() and key_mark(key.read_bytes().decode(errors="replace").strip()) != manifest["key"]:
        raise database_copy.CopyFailed(f"The backup is damaged: {KEY} is not the key of its desk.")


def checksum(path: Path) -> str:
    """SHA-256, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def key_mark(secret_key: str) -> str:
    """By this a key is known again, and cannot be guessed from it."""
    return hmac.new(secret_key.encode(), b"backup", hashlib.sha256).hexdigest()


def named_files(db: Session) -> set[str]:
    """The keys of all files that the database names."""
    rows = db.execute(select(MediaFile.storage_key, MediaFile.thumbnail_key, MediaFile.playable_key))
    return {key for row in rows for key in row if key}


def _keys(engine: Engine) -> set[str]:
    with Session(engine) as db:
        return named_files(db)


def _copy_files(
    storage: MediaStorage, keys: Iterable[str], target: Path, checksums: dict[str, str], gone: set[str]
) -> None:
    for key in sorted(keys):
        path = target / MEDIA / key
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("w+b") as file:
                storage.copy(key, file)
                file.flush()
                os.fsync(file.fileno())
        except FileMissing:
            path.unlink()
            gone.add(key)
        else:
            checksums[f"{MEDIA}/{key}"] = checksum(path)
