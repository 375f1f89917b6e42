"""Where files are kept: a folder, or a bucket that speaks Amazon's S3. The same few verbs for both."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

from config.settings import Settings, get_settings

if TYPE_CHECKING:
    from obstore.store import RetryConfig

CHUNK_BYTES = 256 * 1024
PART_BYTES = 8 * 1024 * 1024
PARTS_AT_ONCE = 2
RETRIES: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}


class FileMissing(Exception):
    """There is no such object in the store."""


class StoreBroken(Exception):
    """The store failed in itself, and not for the sake of a file."""


STORE_ERRORS = (OSError, BaseError, StoreBroken)
"""What a disk or a bucket that does not do its part raises, other than for a file that is not there."""


@contextlib.contextmanager
def _without_panics() -> Iterator[None]:
    """Where obstore finds no thread or no memory it panics, which comes here as no Exception.

    It would end, for good, each thread that asked for a file, and nobody would tidy up after it.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # it has no place to be imported from
            raise StoreBroken(str(error)) from None
        raise


@_without_panics()
def prepare() -> None:
    """Have obstore make its threads now, in the process that will need them.

    It makes them when it is first used, and where there is no room at that moment it never works again.
    """
    obstore.put(MemoryStore(), "first", b"")


class MediaStorage:
    """Objects under keys that are made here: the number of the media row, and what nobody can guess.

    An object appears whole or not at all, and never changes.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store, self._folder = store, folder

    @classmethod
    def from_settings(cls, settings: Settings) -> "MediaStorage":
        """The bucket of MEDIA_URL, or else the folder `media` of DATA_DIR."""
        if settings.media_url:
            return cls(S3Store.from_url(settings.media_url, retry_config=RETRIES))
        folder = settings.data_dir / "media"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(LocalStore(folder), folder)

    @_without_panics()
    def put(self, media_id: int, file: IO[bytes]) -> str:
        """Keep the file, from its beginning, and give its key. It is on disk when this returns."""
        key = f"{media_id}/{secrets.token_hex(16)}"
        file.seek(0)
        obstore.put(self._store, key, file, chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE)
        if self._folder is not None:
            _sync(self._folder / key, self._folder)
        return key

    @_without_panics()
    def put_back(self, key: str, file: IO[bytes]) -> None:
        """Keep the file under a key that a backup tells. It is on disk when this returns."""
        obstore.put(self._store, key, file, chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE)
        if self._folder is not None:
            _sync(self._folder / key, self._folder)

    @_without_panics()
    def size(self, key: str) -> int:
        """In bytes. Raises FileMissing."""
        try:
            return obstore.head(self._store, key)["size"]
        except FileNotFoundError:
            raise FileMissing(key) from None

    @_without_panics()
    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to and without `end`, piece by piece. Raises FileMissing at once."""
        if start == end:
            return iter(())
        try:
            found = obstore.get(self._store, key, options={"range": (start, end)})
        except FileNotFoundError:
            raise FileMissing(key) from None
        return _pieces(found.stream(min_chunk_size=CHUNK_BYTES))

    def copy(self, key: str, target: IO[bytes]) -> None:
        """Write the whole object into `target`, and go back to its beginning. Raises FileMissing."""
        target.writelines(self.read(key, 0, self.size(key)))
        target.seek(0)

    @_without_panics()
    def delete(self, media_id: int, keep: Collection[str] = ()) -> None:
        """Delete what is stored for a media row, also by a process that died before it could say so."""
        found = [each["path"] for page in obstore.list(self._store, f"{media_id}/") for each in page]
        self.remove(set(found) - set(keep))
        if self._folder is not None and not keep:
            shutil.rmtree(self._folder / str(media_id), ignore_errors=True)

    @_without_panics()
    def remove(self, keys: Collection[str]) -> None:
        """Delete these objects, where they are there."""
        for key in keys:
            with contextlib.suppress(FileNotFoundError):
                obstore.delete(self._store, key)


@lru_cache
def get_media_storage() -> MediaStorage:
    """The store of this process."""
    return MediaStorage.from_settings(get_settings())


def _pieces(stream: Iterable[Any]) -> Iterator[bytes]:
    with _without_panics():
        for piece in stream:
            yield bytes(piece)


def _sync(path: Path, top: Path) -> None:
    """A power cut must not take away what the database is about to call stored."""
    if os.name != "posix":
        return
    for each in (path, path.parent, top):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
