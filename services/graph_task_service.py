"""What is to be asked of WhatsApp beside sending messages. The worker does it once the act is committed."""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.database import after_commit, database_now, transaction
from config.settings import get_settings
from models.graph_task import GraphTask, GraphTaskKind
from models.support_ticket import SenderType, SupportMessage, SupportTicket
from realtime.bus import GRAPH_TASKS, bus
from services import desk_setting_service
from services.errors import DeskError
from services.ticket_change_service import lock_ticket

LIFETIMES = {
    GraphTaskKind.MARK_READ: timedelta(minutes=10),
    GraphTaskKind.TYPING: timedelta(seconds=20),
    GraphTaskKind.SYNC_TEMPLATES: timedelta(hours=1),
    GraphTaskKind.CHECK_NUMBER: timedelta(minutes=30),
    GraphTaskKind.FOLLOW_BLOCK: timedelta(days=7),
    GraphTaskKind.SELF_TEST: timedelta(minutes=2),
}
"""What is later than that is not done any more: a mark that comes late tells the customer nothing true."""


class NoBusinessAccount(DeskError):
    """Templates belong to a business account, and none is configured."""

    status = 409
    code = "no_business_account"

    def __init__(self) -> None:
        super().__init__(
            "The desk does not know the WhatsApp business account. "
            "An administrator must set WHATSAPP_BUSINESS_ACCOUNT_ID."
        )


def queue(db: Session, kind: GraphTaskKind, phone_number_id: str, payload: dict[str, Any]) -> None:
    """Have this done soon, or not at all."""
    with transaction(db):
        now = database_now(db)
        task = GraphTask(
            kind=kind,
            phone_number_id=phone_number_id,
            payload=payload,
            next_attempt_at=now,
            expires_at=now + LIFETIMES[kind],
            created_at=now,
        )
        db.add(task)
        after_commit(db, lambda: bus.wake(GRAPH_TASKS))


def queue_read_mark(db: Session, ticket: SupportTicket) -> None:
    """Show the customer that their messages are read, where the desk wants that."""
    _queue_for_newest(db, ticket, GraphTaskKind.MARK_READ)


def show_typing(db: Session, ticket_id: int) -> None:
    """Show the customer that somebody writes, where the desk wants that. Raises TicketNotFound."""
    with transaction(db):
        _queue_for_newest(db, lock_ticket(db, ticket_id), GraphTaskKind.TYPING)


def ask_for_templates(db: Session) -> None:
    """Fetch the business account's templates, unless that is about to happen. Raises NoBusinessAccount."""
    if not get_settings().whatsapp_business_account_id:
        raise NoBusinessAccount
    _queue_once(db, GraphTaskKind.SYNC_TEMPLATES, get_settings().whatsapp_phone_number_id)


def ask_for_number_health(db: Session) -> None:
    """Ask WhatsApp how the numbers are doing, unless that is about to happen."""
    for phone_number_id in get_settings().whatsapp_phone_number_ids:
        _queue_once(db, GraphTaskKind.CHECK_NUMBER, phone_number_id)


def ask_for_self_test(db: Session) -> None:
    """Try what the connection to WhatsApp needs, unless that is about to happen."""
    _queue_once(db, GraphTaskKind.SELF_TEST, get_settings().whatsapp_phone_number_id)


def _queue_once(db: Session, kind: GraphTaskKind, phone_number_id: str) -> None:
    with transaction(db):
        waiting = select(GraphTask.id).where(
            GraphTask.kind == kind,
            GraphTask.phone_number_id == phone_number_id,
            GraphTask.expires_at > database_now(db),
        )
        if db.scalar(waiting.limit(1)) is None:
            queue(db, kind, phone_number_id, {})


def _queue_for_newest(db: Session, ticket: SupportTicket, kind: GraphTaskKind) -> None:
    """Both marks name the customer's newest message, and hold for all before it."""
    with transaction(db):
        if not desk_setting_service.load(db).read_marks:
            return
        newest = (
            select(SupportMessage.wamid)
            .where(
                SupportMessage.contact_id == ticket.contact_id,
                SupportMessage.sender_type == SenderType.USER,
                SupportMessage.wamid.is_not(None),
                or_(
                    SupportMessage.phone_number_id.is_(None),
                    SupportMessage.phone_number_id == ticket.phone_number_id,
                ),
            )
            .order_by(SupportMessage.id.desc())
            .limit(1)
        )
        wamid = db.scalar(newest)
        if wamid is not None:
            queue(db, kind, ticket.phone_number_id, {"message_id": wamid})
