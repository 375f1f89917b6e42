"""The servers of a database cluster, named in one address: `host=` in its query names each but the first."""

import threading
from collections.abc import Sequence
from typing import Any

import pymysql
from sqlalchemy import URL, Dialect

from config.mysql_driver import QuickConnection

Host = tuple[str, int]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PORT = 3306


def hosts_of(url: URL) -> list[Host]:
    """In the order in which they are to be tried, the one in the usual place first."""
    others = url.query.get("host", ())
    return [
        (url.host or "localhost", url.port or PORT),
        *(_host(each) for each in ((others,) if isinstance(others, str) else others)),
    ]


def _host(text: str) -> Host:
    name, _, port = text.rpartition(":")
    return (name.strip("[]"), int(port)) if name and port.isdecimal() else (text.strip("[]"), PORT)


class Hosts:
    """Each new connection goes to the server that took the last one; if that fails, to the next that works.

    All processes have the same order, so they write to one server as long as it is well, and conflicts
    between servers are rare.
    """

    def __init__(self, hosts: Sequence[Host]) -> None:
        self._hosts = list(hosts)
        self._lock = threading.Lock()

    def connect(self, _dialect: Dialect, _record: Any, cargs: Any, cparams: dict[str, Any]) -> Any:
        """For the engine's event `do_connect`. Raises the driver's error where no server is any good."""
        with self._lock:
            hosts = list(self._hosts)
        errors: list[pymysql.Error] = []
        for name, port in hosts:
            try:
                connection = QuickConnection(*cargs, **{**cparams, "host": name, "port": port})
                takes_writes = _takes_writes(connection)
            except pymysql.Error as error:  # it may fall silent at any point; the driver has hung up then
                errors.append(error)
                continue
            if takes_writes:
                self._prefer((name, port))
                return connection
            connection.close()
            errors.append(pymysql.OperationalError(1047, f"{name}:{port} takes no writes"))
        raise errors[0]

    def _prefer(self, host: Host) -> None:
        with self._lock:
            while self._hosts[0] != host:
                self._hosts.append(self._hosts.pop(0))


def _takes_writes(connection: Any) -> bool:
    """Whether it is in its cluster, where it has one, and not read-only. MySQL understands this as well."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW GLOBAL STATUS LIKE 'wsrep_ready'")
        status = dict(cursor.fetchall())
        cursor.execute("SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'read_only')")
        variables = dict(cursor.fetchall())
    # a MariaDB that is in no cluster is never "ready" for one
    is_in = variables.get("wsrep_on", "OFF") == "OFF" or status.get("wsrep_ready") == "ON"
    return is_in and variables.get("read_only", "OFF") == "OFF"
