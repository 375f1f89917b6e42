"""The file of the embedded database: nobody else's to read, and still the one that the desk opened."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any


class SqliteFile:
    """Keeps watch for one engine, at each connection that is opened or taken from the pool.

    A file that is removed or moved goes on to take writes from whoever has it open, and they are gone with
    the process; so no connection is given out until it is back in its place.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._opened: tuple[int, int] | None = None

    def before_connect(self, *_given: Any) -> None:
        """SQLite would make a file that all users of the machine can read; its log is made like the file."""
        self.check()
        # it is there, as it nearly always is; of anything else SQLite complains itself
        with suppress(OSError):
            self._path.touch(mode=0o600, exist_ok=False)

    def opened(self, *_given: Any) -> None:
        """This file is the one, from the first connection on."""
        self._opened = self._opened or self._found()

    def forget(self, *_given: Any) -> None:
        """Nobody has it open any more: a restored one may come into its place."""
        self._opened = None

    def check(self, *_given: Any) -> None:
        """Raises sqlite3.OperationalError, as SQLite itself does of a file that it cannot open."""
        if self._opened is None or self._found() == self._opened:
            return
        error = sqlite3.OperationalError(f"{self._path} was removed or replaced while it was in use")
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise error

    def _found(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
