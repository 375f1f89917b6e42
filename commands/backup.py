"""Backups of the desk, and a desk made of one."""

# ruff: noqa: PLC0415 - our modules read the settings when they are imported, and --help must work without them

from pathlib import Path
from typing import Annotated

import typer

from commands import stopping
from commands.migration import migrate

app = typer.Typer()


@app.command()
def backup(target: Path) -> None:
    """Back up database and files into the new folder TARGET, while the desk runs."""
    from config.database import engine
    from config.settings import get_settings
    from services import backup_service
    from services.media_storage import get_media_storage

    check_restored()  # the half of a desk would be kept as the whole of one
    with stopping.tidied():
        made = backup_service.make(engine, get_settings(), get_media_storage(), target)
    typer.echo(f"{target} holds the desk as of {made.made_at:%Y-%m-%d %H:%M:%S} UTC, in {made.files} files.")
    for key in made.gone:
        typer.echo(f"The store of files has not got {key}, which the database names.", err=True)
    if not (target / backup_service.KEY).exists():
        typer.echo("SECRET_KEY is not in it: keep that in another safe place.")


@app.command()
def restore(
    source: Path,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the database that is there.")] = False,
) -> None:
    """Make the desk as the backup in the folder SOURCE has it. The desk must not run."""
    from api import doctor
    from config.database import engine
    from config.settings import get_settings
    from services import database_copy, restore_service

    if doctor.is_running(get_settings()):
        typer.echo("The desk is running; stop it first, and its workers.", err=True)
        raise typer.Exit(1)
    if database_copy.is_used(engine):  # it would send what waited when the backup was made, before we hold it
        typer.echo(
            "Somebody else is connected to the database: a worker, or a desk on another machine or port. "
            "Stop it first.",
            err=True,
        )
        raise typer.Exit(1)
    with restore_service.alone(get_settings()):
        _restore(source, force=force)


def _restore(source: Path, *, force: bool) -> None:
    from config.database import SessionLocal, engine
    from config.settings import get_settings
    from services import restore_service
    from services.media_storage import get_media_storage

    before = restore_service.put_back(engine, get_settings(), get_media_storage(), source, force=force)
    if before.was_broken:
        typer.echo(
            "The database that was here is broken and does not say who was erased since the backup was made, "
            "who was shut out and which API tokens were revoked: do it again, if there were any. The files "
            "that came since stay in the store.",
            err=True,
        )
    get_settings.cache_clear()  # the key is the backup's now
    migrate()
    with SessionLocal() as db:
        restore_service.cut_off_cursors(db)
        restore_service.leave_out_numbers(db, before)
        again = restore_service.erase_again(db, before)
        held_back = restore_service.hold_back(db)
        shut_out = restore_service.close_doors(db, before)
        people = restore_service.people(db)
        forgotten = restore_service.forget_files(db, get_media_storage(), before)
    restore_service.finish(get_settings())
    typer.echo(f"The desk is restored; {people} {'person' if people == 1 else 'people'} can sign in.")
    typer.echo(
        "Everybody signs in anew, with the password, the second factor and the role that they had when the "
        "backup was made; open invitations no longer hold."
    )
    if shut_out:
        typer.echo(f"{shut_out} shut out since the backup was made, and shut out again.")
    if not force:
        typer.echo("Shut out again whom you shut out since, and revoke again the API tokens of then.")
    if held_back:
        typer.echo(
            f"{held_back} messages waited to be sent; they are shown as perhaps sent, for you to decide."
        )
    if again:
        typer.echo(f"{again} erased since the backup was made, and erased again.")
    if forgotten:
        typer.echo(f"Files deleted of the erased, or that came since the backup was made: {forgotten}.")


def check_restored() -> None:
    """Raises NotFinished where a restore was begun and not ended."""
    from config.settings import get_settings
    from services import restore_service

    restore_service.check_finished(get_settings())
