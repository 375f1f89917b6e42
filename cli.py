"""Everything an operator does: `python cli.py --help`."""

# ruff: noqa: PLC0415 - our modules read the settings when they are imported, and --help must work without them

import errno
import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import backup, contact_data, tokens
from commands.migration import migrate as bring_up_to_date
from commands.shown_once import show
from commands.tokens import Email, find_admin

if TYPE_CHECKING:
    import socket

SETTINGS_ARE_WRONG = 2
NO_TEXT = "surrogates not allowed"
"""What Python says of an argument's bytes that are not UTF-8, when they are to be stored or shown."""

# what an import makes stays: to look for rings among it hundreds of times took a twelfth of every start
gc.set_threshold(50_000, 20, 20)

app = typer.Typer(
    help="Chat Support: a WhatsApp support desk.", no_args_is_help=True, pretty_exceptions_enable=False
)
app.add_typer(contact_data.app)
app.add_typer(backup.app)
app.add_typer(tokens.app)

Parent = Annotated[int, typer.Option(hidden=True)]


@app.command()
def serve(
    workers: Annotated[
        int, typer.Option(min=0, help="So many web processes, and one that works off the queues.")
    ] = 0,
    *,
    without_workers: Annotated[
        bool, typer.Option("--without-workers", help="Only serve; `python cli.py worker` does the rest.")
    ] = False,
    inherited: Annotated[int, typer.Option("--socket", hidden=True)] = -1,
    parent: Parent = -1,
) -> None:
    """Bring the tables up to date, make the first admin, and serve everything until Ctrl-C."""
    from api import processes, server
    from config import observability
    from config.settings import get_settings

    settings = get_settings()
    observability.configure()
    if inherited >= 0:  # one of several: their parent has prepared everything
        processes.end_with_parent(parent)
        with server.inherit(inherited) as listener:
            _serve(listener, "", works=False)
        return
    backup.check_restored()
    if workers:
        processes.check(settings)
    with server.listen(settings) as listener:
        bring_up_to_date()
        greeting = server.greeting(settings)
        if workers:
            server.greet(greeting)
            processes.Processes(listener, workers).run()
        else:
            _serve(listener, greeting, works=not without_workers)


def _serve(listener: "socket.socket", greeting: str, *, works: bool) -> None:
    from api import server
    from main import app as desk

    desk.state.works = works
    server.run(desk, listener, greeting)


@app.command()
def migrate() -> None:
    """Bring the tables of the database up to date."""
    bring_up_to_date()
    typer.echo("The tables are up to date.")


@app.command()
def worker(parent: Parent = -1) -> None:
    """Work off inbox and outbox beside the server, until Ctrl-C."""
    from api import processes
    from config import observability
    from worker.run import run_forever

    observability.configure()
    if parent >= 0:
        processes.end_with_parent(parent)
    backup.check_restored()
    if not run_forever():
        raise typer.Exit(1)


@app.command()
def create_admin(
    email: str,
    name: str = "",
    role: Annotated[str, typer.Option(help="owner, admin or agent")] = "agent",
) -> None:
    """Let somebody in. Asks for the password; without one it makes one up and prints it."""
    from config.database import SessionLocal
    from models.admin import Role
    from services import admin_service

    if role not in list(Role):
        raise typer.BadParameter(f"There is no role {role!r}; use one of {', '.join(Role)}.")
    password, made_up = _ask_password()
    with SessionLocal() as db:
        admin = admin_service.create(db, email, name, password, Role(role))
    _tell_password(admin.email, f"{admin.email} can sign in now.", made_up)


@app.command()
def reset_password(email: Email = "") -> None:
    """Give an admin a new password and end all their sessions."""
    from config.database import SessionLocal
    from services import admin_service

    with SessionLocal() as db:
        admin = find_admin(db, email)
        password, made_up = _ask_password()
        admin_service.change_password(db, admin.email, password)
    _tell_password(admin.email, f"{admin.email} has a new password and is signed out everywhere.", made_up)


@app.command()
def disable_admin(email: str) -> None:
    """Shut an admin out, with all their sessions and API tokens."""
    from config.database import SessionLocal
    from services import admin_service, people_service
    from services.actor import COMMAND_LINE

    with SessionLocal() as db:
        admin = people_service.disable(db, COMMAND_LINE, admin_service.get_active(db, email).id)
    typer.echo(f"{admin.email} is shut out.")


@app.command()
def reset_second_factor(email: Email = "") -> None:
    """Take a lost second factor away: the admin signs in with the password alone."""
    from config.database import SessionLocal
    from services import second_factor_service
    from services.actor import COMMAND_LINE

    with SessionLocal() as db:
        admin = find_admin(db, email)
        second_factor_service.reset(db, admin, COMMAND_LINE)
    typer.echo(f"{admin.email} signs in with the password alone.")


@app.command()
def rotate_secret() -> None:
    """Encrypt the database's secrets under the present SECRET_KEY; reads the old one from standard input."""
    from config.database import SessionLocal
    from services import second_factor_service

    old_key = typer.prompt("The old SECRET_KEY", hide_input=True) if sys.stdin.isatty() else sys.stdin.read()
    with SessionLocal() as db:
        count = second_factor_service.reseal_all(db, old_key.strip())
    typer.echo(
        f"{count} secret{'' if count == 1 else 's'} encrypted anew; the old key is needed no more, "
        "except to restore a backup that was made under it."
    )


@app.command()
def replay() -> None:
    """Try the quarantined webhook events again."""
    from config.database import SessionLocal
    from services import quarantine_service

    with SessionLocal() as db:
        count = quarantine_service.replay(db)
    typer.echo(f"{count} event{'' if count == 1 else 's'} back in the inbox.")


@app.command()
def doctor() -> None:
    """Say in words what is right and what is wrong; exits with 1 where something is."""
    from api import doctor as checks
    from config.database import SessionLocal
    from config.settings import get_settings

    with SessionLocal() as db:
        parts = checks.check(db, get_settings())
    for part in parts:
        typer.echo(f"{'right' if part.ok else 'WRONG'}  {part.name:<10} {part.reason}")
    if not all(part.ok for part in parts):
        raise typer.Exit(1)


@app.command()
def openapi() -> None:
    """Write the OpenAPI document to standard output."""
    from main import app as desk

    typer.echo(json.dumps(desk.openapi(), indent=2))


def _ask_password() -> tuple[str, str]:
    """The password, and what is to be shown of it where it was made up."""
    from services import password_service

    if sys.stdin.isatty():
        given = typer.prompt("Password (Enter makes one up)", default="", show_default=False, hide_input=True)
    else:
        given = sys.stdin.readline().rstrip("\n")
    if given:
        return given, ""
    password = password_service.new_password()
    return password, f" Password, shown only now: {password}"


def _tell_password(email: str, words: str, made_up: str) -> None:
    if not made_up:
        typer.echo(words)
        return
    try:
        show(words + made_up)
    except OSError as error:  # the account is there, and whoever makes it once more is refused
        again = f"`python cli.py reset-password --email {email}` makes another."
        typer.echo(f"The password of {email} could not be shown: {error.strerror}. {again}", err=True)
        raise typer.Exit(1) from None


def main() -> None:
    """Run a command; what is wrong is said in a sentence, not in a traceback."""
    from config.settings import SettingsError

    if sys.stdin is None:  # closed by whoever started us: there is nothing to read, as with /dev/null
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115 - for as long as the process lives
    try:
        app()
    except SettingsError as error:
        typer.echo(f"The settings are not right. {error}", err=True)
        sys.exit(SETTINGS_ARE_WRONG)
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        typer.echo(sentence, err=True)
        sys.exit(1)


def _sentence(error: Exception) -> str | None:
    from sqlalchemy.exc import DBAPIError

    from services.errors import DeskError

    if isinstance(error, DeskError):
        return error.message
    if isinstance(error, UnicodeEncodeError) and error.reason == NO_TEXT:
        return (
            "What was typed holds signs that are not in UTF-8. Set the terminal to UTF-8, and type it anew."
        )
    if isinstance(error, DBAPIError):
        earlier = error.__context__
        while earlier:  # a full disk, say, after which the clearing up failed as well
            error = earlier if isinstance(earlier, DBAPIError) else error
            earlier = earlier.__context__
        return f"The database does not do it: {error.orig} `python cli.py doctor` looks closer."
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
        # where it was to be told, most likely
        return f"{error.strerror}. The command may have done its work all the same."
    return None


if __name__ == "__main__":
    main()
