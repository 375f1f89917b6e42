"""What people decide about a message that failed, or of which nobody knows: to send it again, or not to."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import database_now, transaction
from models.outbound_message import DeliveryState, OutboundMessage
from models.support_ticket import SupportMessage, SupportTicket
from services.errors import DeskError
from services.outbound_message_service import enqueue, lock, tell_desk
from services.sending_rules import check_open, check_window, find_message, standing
from services.ticket_change_service import lock_ticket


class NothingToRetry(DeskError):
    """The message is on its way or has arrived, it was never sent from here, or somebody decided already."""

    status = 409
    code = "nothing_to_retry"

    def __init__(self) -> None:
        super().__init__(
            "Only a message that failed, or that may not have been sent, can be sent again, "
            "and not once somebody decided against it."
        )


class NothingToDismiss(DeskError):
    """What became of the message is known, it is sent again already, or it was never sent from here."""

    status = 409
    code = "nothing_to_dismiss"

    def __init__(self) -> None:
        super().__init__("There is nothing to decide about this message any more.")


def retry(db: Session, ticket_id: int, message_id: int) -> SupportMessage:
    """Send the message again, as a new attempt; those before stay visible with it.

    Lines that went as one message go as one again. Raises TicketNotFound, MessageNotFound, TicketClosed,
    NothingToRetry or WindowClosed.
    """
    with transaction(db):
        ticket, message, attempt = _locked(db, ticket_id, message_id)
        check_open(ticket)
        if attempt is None or attempt.state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
            raise NothingToRetry
        if attempt.state == DeliveryState.UNKNOWN and attempt.dismissed_at:
            raise NothingToRetry
        if attempt.payload.get("type") != "template":
            check_window(standing(db, ticket))
        again = enqueue(db, attempt.contact_id, attempt.phone_number_id, dict(attempt.payload))
        again.retry_of_id = attempt.id
        db.flush()
        db.execute(
            update(SupportMessage)
            .where(SupportMessage.outbound_id == attempt.id)
            .values(outbound_id=again.id, wamid=None)
            .execution_options(synchronize_session=False)
        )
        tell_desk(db, [again.id])
        fresh = select(SupportMessage).where(SupportMessage.id == message.id)
        return db.scalars(fresh.execution_options(populate_existing=True)).one()


def dismiss(db: Session, ticket_id: int, message_id: int) -> SupportMessage:
    """Decide that the message, of which nobody knows, is not sent again; once more changes nothing.

    It stays unknown until evidence comes. Raises TicketNotFound, MessageNotFound or NothingToDismiss.
    """
    with transaction(db):
        _, message, attempt = _locked(db, ticket_id, message_id)
        if attempt is None or attempt.state != DeliveryState.UNKNOWN:
            raise NothingToDismiss
        if attempt.dismissed_at is None:
            attempt.dismissed_at = database_now(db)
            tell_desk(db, [attempt.id])
        return message


def _locked(
    db: Session, ticket_id: int, message_id: int
) -> tuple[SupportTicket, SupportMessage, OutboundMessage | None]:
    """The ticket and its message, with the newest attempt to send that; None for what never was one."""
    ticket = lock_ticket(db, ticket_id)
    message = find_message(db, ticket, message_id)
    attempt = lock(db, [message.outbound_id])[0] if message.outbound_id is not None else None
    return ticket, message, attempt
