"""Ids that a browser gives its messages, so that one sent twice is one message."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.support_ticket import SupportMessage
from services.errors import DeskError


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
    return db.scalar(select(SupportMessage).where(SupportMessage.client_id == client_id))


def flush_new(db: Session, message: SupportMessage) -> None:
    """Write the row. Raises ClientIdReused where another ticket took the id at the same moment."""
    try:
        db.flush()
    except IntegrityError as error:
        if message.client_id is not None and "client_id" in str(error.orig):
            raise ClientIdReused from error
        raise
