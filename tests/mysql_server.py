"""A MySQL of the tests' own, for who has one: Compose runs it, and it is not MariaDB in everything."""

import os

from tests.mariadb_server import MariaDBServer


class MySQLServer(MariaDBServer):
    """Like MariaDBServer. `MYSQLD` names its program: where MariaDB is installed, `mysqld` is MariaDB's."""

    own_settings = ("--mysqlx=OFF",)  # a second port, the same for all servers

    def _program(self) -> str:
        return os.environ.get("MYSQLD", "mysqld")

    def _installer(self) -> list[str]:
        return [self._program(), "--no-defaults", "--initialize-insecure"]
