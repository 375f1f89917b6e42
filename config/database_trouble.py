"""Errors of the database itself: the same may go through later. Others are the fault of what it was given.

SQLAlchemy's OperationalError does not tell them apart: a lost connection is one, and so is a value that a
constraint refuses.
"""

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)

DEADLOCKS = frozenset({1205, 1213, 1305})
"""A lock that was waited for too long, and a deadlock; https://mariadb.com/kb/en/mariadb-error-code-reference.

1305: a deadlock within a savepoint takes the savepoint with it, and to go back to it is the error we get.
"""

NO_WRITES = frozenset({1036, 1047, 1290, 1792, 1836})
"""The server has lost its cluster, is read-only, or was started to rescue what is left (1036). Another one
may take what this one refuses."""

NO_RIGHTS = frozenset({1044, 1045, 1142, 1143, 1227})
"""What the desk may do was taken from it, as some who host databases do while a quota is exceeded. It needs
all of its rights for everything it does: no single message is at fault, and they come back."""

NO_TABLES = frozenset({1049, 1054, 1146, 1412, 1932})
"""The database, a table or a column is not there: somebody reads a dump into it beneath the running desk, or
another release has changed it. No single message is at fault here either."""

MARIADB = (
    DEADLOCKS
    | NO_WRITES
    | NO_RIGHTS
    | NO_TABLES
    | {
        *(1, 3, 1878),  # no room for the server's temporary files
        *(1021, 1026, 1030, 1037, 1114, 1180),  # disk full, an error in writing, no memory, table full
        *(1015, 1016, 1023, 1024, 1034),  # a file of the server's own: too many are open, no room for it
        *(1028, 1038, 1197),  # no room to sort in, or for the binary log of a transaction
        *(1040, 1041, 1129, 1130, 1135, 1203, 1226, 1637),  # too many connections, threads, or errors in them
        *(1053, 1077, 1317, 1927, 1969, 3024, 4031),  # going down, killed
        *(1158, 1159, 1160, 1161, 3032, 3100, 3101),  # its network, put offline, or left by its group
        1206,  # too many locks
    }
)

CLIENT_ERRORS = range(2000, 3000)
"""Codes of the client library: it has lost the server, or never found it."""


def is_trouble(error: BaseException) -> bool:
    """Whether the database is at fault, as far as its error tells."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = _mariadb_code(error.orig)
    extended = getattr(error.orig, "sqlite_errorcode", None)
    return (
        error.connection_invalidated
        or code in MARIADB
        or code in CLIENT_ERRORS
        or (extended is not None and extended & 0xFF in SQLITE)
    )


def is_conflict(error: BaseException) -> bool:
    """Whether nothing of the act is on disk, and the same may go through at once."""
    if not isinstance(error, DBAPIError):
        return False
    code = _mariadb_code(error.orig)
    # without a statement it was the commit, of which a server that has lost its cluster knows no end
    return code in DEADLOCKS or (code in NO_WRITES and error.statement is not None)


def takes_no_writes(error: BaseException | None) -> bool:
    """Whether the driver's error says that this server or connection is no use to us now."""
    extended = getattr(error, "sqlite_errorcode", None) or 0
    return _mariadb_code(error) in NO_WRITES or extended & 0xFF == sqlite3.SQLITE_READONLY


def _mariadb_code(error: BaseException | None) -> int:
    arguments: tuple[object, ...] = getattr(error, "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else 0
