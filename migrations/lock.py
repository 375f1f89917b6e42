"""One migrator at a time, where the database is a server."""

from sqlalchemy import Connection, text

from services.errors import DeskError

SECONDS = 60


class OthersMigrate(DeskError):
    """Somebody else has been changing the tables for longer than one waits."""

    code = "others_migrate"

    def __init__(self) -> None:
        super().__init__("Another process is still changing the tables; try again in a minute.")


def hold_off(connection: Connection) -> None:
    """Wait for a migrator who is at it, and hold off the next. Raises OthersMigrate."""
    wait = {"seconds": SECONDS}
    locked = connection.scalar(text("SELECT GET_LOCK('chat-support-migrations', :seconds)"), wait)
    connection.commit()
    if not locked:
        raise OthersMigrate
