"""The words of rows that are gone: InnoDB's full-text index keeps them until it is put in order."""

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from config.database import make_engine
from services.errors import DeskError
from services.search_index import CONTACTS, MESSAGES, TICKETS

NO_RIGHT = {1044, 1142, 1227}
DELETED = "SELECT COUNT(*) FROM information_schema.innodb_ft_deleted"


class MayNotTidy(DeskError):
    """The desk's database user may not set what is needed."""

    status = 403
    code = "may_not_tidy"

    def __init__(self) -> None:
        super().__init__(
            "The database user may not do this. It needs PROCESS, and SUPER on MariaDB or "
            "SYSTEM_VARIABLES_ADMIN on MySQL; name such a user in DATABASE_URL for this one command."
        )


def tidy(engine: Engine) -> int:
    """Take the words of deleted and emptied rows out of the index; in how many steps. Raises MayNotTidy.

    Each step locks a table for as long as it takes to go through some thousand words. SQLite's index needs
    none: an erasure puts it in order.
    """
    if engine.dialect.name == "sqlite":
        return 0
    patient = make_engine(engine.url.render_as_string(hide_password=False), answer_seconds=None)
    try:
        with patient.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return _tidy(connection)
    except DBAPIError as error:
        if error.orig is not None and error.orig.args[0] in NO_RIGHT:
            raise MayNotTidy from None
        raise
    finally:
        patient.dispose()


def _tidy(connection: Connection) -> int:
    steps = 0
    before = connection.scalar(text("SELECT @@GLOBAL.innodb_optimize_fulltext_only"))
    connection.execute(text("SET GLOBAL innodb_optimize_fulltext_only = 1"))  # or the whole table is copied
    try:
        database = connection.scalar(text("SELECT DATABASE()"))
        for source in (MESSAGES, TICKETS, CONTACTS):
            name = {"name": f"{database}/{source.table}"}
            connection.execute(text("SET GLOBAL innodb_ft_aux_table = :name"), name)
            while connection.scalar(text(DELETED)):
                # local: the other servers of a cluster have not been told to leave the table itself alone
                connection.execute(text(f"OPTIMIZE LOCAL TABLE {source.table}")).all()
                steps += 1
    finally:
        connection.execute(text("SET GLOBAL innodb_optimize_fulltext_only = :before"), {"before": before})
        connection.execute(text("SET GLOBAL innodb_ft_aux_table = DEFAULT"))
    return steps
