"""API tokens: what lets a program act for an admin."""

# ruff: noqa: PLC0415 - our modules read the settings when they are imported, and --help must work without them

from typing import TYPE_CHECKING, Annotated

import typer

from commands.shown_once import show

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.admin import Admin

app = typer.Typer()

Email = Annotated[str, typer.Option(help="The admin's e-mail address; not needed where there is only one.")]


@app.command()
def create_token(name: str, email: Email = "") -> None:
    """Make an API token that acts for an admin; NAME says what it is for."""
    from config.database import SessionLocal
    from services import api_token_service

    with SessionLocal() as db:
        admin = find_admin(db, email)
        token, text = api_token_service.create(db, admin.email, name)
        try:
            typer.echo(f"Token {token.id} acts for {admin.email}. It is shown only now:", err=True)
            show(text)
        except OSError as error:
            api_token_service.revoke(db, token.id)  # it would work for good, and nobody would know it
            typer.echo(f"The token could not be shown, and is revoked: {error.strerror}.", err=True)
            raise typer.Exit(1) from None


@app.command()
def revoke_token(token_id: int) -> None:
    """Make an API token useless."""
    from config.database import SessionLocal
    from services import api_token_service

    with SessionLocal() as db:
        api_token_service.revoke(db, token_id)
    typer.echo(f"Token {token_id} no longer works.")


def find_admin(db: "Session", email: str) -> "Admin":
    """The active admin of this address, or the only one; ends the command where there is none or several."""
    from services import admin_service

    if email:
        return admin_service.get_active(db, email)
    admins = admin_service.list_active(db)
    if len(admins) == 1:
        return admins[0]
    typer.echo(
        "Say which admin with --email: " + ", ".join(admin.email for admin in admins)
        if admins
        else "There is no admin yet; `python cli.py create-admin` makes one.",
        err=True,
    )
    raise typer.Exit(1)
