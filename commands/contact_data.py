"""What an operator does with one customer's data."""

# ruff: noqa: PLC0415 - our modules read the settings when they are imported, and --help must work without them

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands import stopping
from commands.backup import check_restored

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

app = typer.Typer()

Phone = Annotated[str, typer.Option(help="The customer's phone number, in any spelling.")]
ContactId = Annotated[int, typer.Option("--contact", help="The customer's number at the desk.")]


@app.command()
def export_contact(target: Path, phone: Phone = "", contact_id: ContactId = 0) -> None:
    """Write all that is kept of a customer, files included, into the new ZIP file TARGET."""
    from config.database import SessionLocal
    from schemas.contact_export import ContactExport, in_parts
    from services import contact_export_service
    from services.database_copy import CopyFailed, told_in_words
    from services.thread_rows import ThreadRow

    if target.exists():
        raise typer.BadParameter(f"{target} is there already.")
    check_restored()  # the customer would get a part of what is theirs, as the whole of it
    with SessionLocal() as db:
        data = contact_export_service.collect(db, _contact_id(db, phone, contact_id))
        customer = ContactExport.of(data)
    found: list[Any] = []

    def messages() -> Iterator[list[ThreadRow]]:
        for part in contact_export_service.read_messages(data.message_ids):
            found.extend(row.media for row in part if row.media)
            yield part

    try:
        with stopping.tidied(), told_in_words(f"{target} could not be made"):
            files, gone = contact_export_service.write(target, in_parts(customer, messages()), found)
    except CopyFailed as failure:
        if isinstance(failure.__cause__, OSError):  # it is the place that was given
            raise typer.BadParameter(failure.message) from None
        raise
    typer.echo(f"{len(data.message_ids)} messages and {files} files are in {target}.")
    for name in gone:
        typer.echo(f"{name} is not in it: the store of files has not got it.", err=True)


@app.command()
def erase(
    phone: Phone = "",
    contact_id: ContactId = 0,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a customer for good: who they are, what they wrote, their files."""
    from config.database import SessionLocal
    from services import contact_change_service, contact_service, erasure_service
    from services.database_copy import told_in_words

    with SessionLocal() as db:
        contact_id = _contact_id(db, phone, contact_id)
        begun = erasure_service.begun(db, contact_id)  # whoever broke it off was asked then
        if begun is None and not yes:
            name = contact_service.display_name(contact_change_service.find_contact(db, contact_id))
            typer.confirm(f"Erase customer {contact_id}, {name}? Nothing brings them back.", abort=True)
        with told_in_words("The customer is not wholly erased; erase them again, or the worker will"):
            if begun is None:
                erasure_service.erase(db, contact_id)
            else:
                erasure_service.resume(db, begun)
    typer.echo(f"Customer {contact_id} is erased. Backups made before still hold them: see docs/privacy.md.")


@app.command()
def tidy_search() -> None:
    """Take erased words out of MariaDB's or MySQL's search index; needs a database user who may set that."""
    from config.database import engine
    from services.search_tidying import tidy

    steps = tidy(engine)
    typer.echo(f"The search index holds no words of rows that are gone ({steps} steps).")


def _contact_id(db: "Session", phone: str, contact_id: int) -> int:
    from models.contact import IdentityKind
    from services import contact_service, erasure_service, phone_numbers

    if bool(phone) == bool(contact_id):
        raise typer.BadParameter("Say who it is with either --phone or --contact.")
    if contact_id:
        return contact_id
    number = phone_numbers.normalise(phone)
    name = (IdentityKind.PHONE, number)
    if held := contact_service.find_identities(db, [name]):
        return next(iter(held.values())).contact_id
    if begun := erasure_service.begun_under(db, name):  # their names go before the work is done
        return begun.contact_id
    raise typer.BadParameter(f"No customer has the number +{number}.")
