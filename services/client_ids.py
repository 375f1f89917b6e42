"""Ids that a browser gives its messages, so that one sent twice is one message."""

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.bulk_rows import insert_row
from models.support_ticket import SupportMessage
from services.errors import DeskError

_KNOWN = select(SupportMessage.id).where(SupportMessage.client_id == bindparam("client_id"))


class ClientIdReused(DeskError):
    """A `client_id` names one message for ever."""

    status = 409
    code = "client_id_reused"

    def __init__(self) -> None:
        super().__init__("This client_id belongs to another message; make a new one for every message.")


def earlier(db: Session, client_id: str | None) -> SupportMessage | None:
    """The message that has the id already. The caller has locked the ticket."""
    if client_id is None:
        return None
    known = db.connection().scalar(_KNOWN, {"client_id": client_id})
    return None if known is None else db.get_one(SupportMessage, known)


def insert_new(db: Session, message: SupportMessage) -> None:
    """Write the row. Raises ClientIdReused where another ticket took the id at the same moment."""
    try:
        insert_row(db, message)
    except IntegrityError as error:
        if message.client_id is not None and "client_id" in str(error.orig):
            raise ClientIdReused from error
        raise
