"""One migrator at a time: what the second is told, and the lock where the database is a server."""

from contextlib import suppress

import typer
from sqlalchemy import Connection, text

from services.errors import DeskError

SECONDS = 60


class OthersMigrate(DeskError):
    """Somebody else has been changing the tables for longer than one waits."""

    code = "others_migrate"

    def __init__(self) -> None:
        super().__init__("Another process is still changing the tables; try again in a minute.")


_LOCK = text("SELECT GET_LOCK('chat-support-migrations', :seconds)")


def hold_off(connection: Connection) -> None:
    """Wait for a migrator who is at it, and hold off the next. Raises OthersMigrate."""
    locked = connection.scalar(_LOCK, {"seconds": 0})
    if not locked:
        say_waiting()
        locked = connection.scalar(_LOCK, {"seconds": SECONDS})
    connection.commit()
    if not locked:
        raise OthersMigrate


def say_waiting() -> None:
    """A large table takes minutes, in which whoever waits would take the command for dead."""
    with suppress(OSError):  # where it cannot be heard, it can still be done
        typer.echo("Another process is changing the tables; waiting for it to end.", err=True)
