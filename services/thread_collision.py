"""Two answers at once: what was written while somebody wrote."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.support_ticket import MessageKind, SenderType, SupportMessage, SupportTicket
from services.errors import DeskError
from services.ticket_timeline import preview

MOST_TOLD = 20


class ThreadHasMoved(DeskError):
    """The writer has not seen everything that should be known before answering.

    `details` names each message by its id, with its writer and words.
    """

    status = 409
    code = "thread_has_moved"

    def __init__(self, news: list[SupportMessage]) -> None:
        names = dict.fromkeys(message.sender_name for message in news)
        who = " and ".join(list(names)[:2]) + (" and others" if len(names) > 2 else "")
        super().__init__(
            f"{who} wrote meanwhile. Read it first, then decide whether your answer still fits.",
            details=[
                (f"messages.{message.id}", f"{message.sender_name}: {preview(message)}") for message in news
            ],
        )


def check_not_moved(db: Session, ticket: SupportTicket, last_seen_id: int, writer_id: int | None) -> None:
    """Raises ThreadHasMoved if the customer or a colleague wrote after the message that was seen last.

    The caller holds the lock on the ticket's contact, under which rows of its thread get ids that grow. The
    writer's own words, the bot's and activities are no news.
    """
    by_somebody_else = or_(
        SupportMessage.sender_type == SenderType.USER,
        (SupportMessage.sender_type == SenderType.ADMIN)
        & (SupportMessage.admin_id.is_(None) | (SupportMessage.admin_id != writer_id)),
    )
    news = db.scalars(
        select(SupportMessage)
        .where(
            SupportMessage.ticket_id == ticket.id,
            SupportMessage.id > last_seen_id,
            SupportMessage.kind != MessageKind.ACTIVITY,
            by_somebody_else,
        )
        .order_by(SupportMessage.id)
        .limit(MOST_TOLD)
    ).all()
    if news:
        raise ThreadHasMoved(list(news))
