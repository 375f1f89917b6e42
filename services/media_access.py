"""Who may see a file: those who may see the ticket that it belongs to."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.media_file import MediaFile
from models.support_ticket import SupportMessage
from services.errors import DeskError
from services.ticket_change_service import LARGEST_ID


class NoSuchFile(DeskError):
    """There is none of that id, or not for this admin, or not in this form."""

    status = 404
    code = "media_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such file.")


class FileOutOfReach(DeskError):
    """The disk or the bucket that has it does not give it; another time it may."""

    status = 503
    code = "file_out_of_reach"

    def __init__(self) -> None:
        super().__init__(
            "The desk cannot get at the file just now; try again in a minute. "
            "Whoever runs the desk finds the reason in its log."
        )


def find_visible(db: Session, media_id: int, admin_id: int) -> MediaFile:
    """The file, through the ticket of its message, or through who uploaded it until it is sent.

    What a customer deleted is not shown. Raises NoSuchFile.
    """
    found = None
    if 0 < media_id <= LARGEST_ID:
        in_a_thread = and_(SupportMessage.ticket_id.is_not(None), SupportMessage.revoked_at.is_(None))
        not_yet_sent = and_(MediaFile.message_id.is_(None), MediaFile.uploaded_by == admin_id)
        found = db.scalar(
            select(MediaFile)
            .outerjoin(SupportMessage, SupportMessage.id == MediaFile.message_id)
            .where(MediaFile.id == media_id, or_(in_a_thread, not_yet_sent))
        )
    if found is None:
        raise NoSuchFile
    return found
