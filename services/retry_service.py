"""Sending a message again that failed, or of which nobody knows."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import transaction
from models.outbound_message import DeliveryState
from models.support_ticket import SupportMessage
from services.errors import DeskError
from services.outbound_message_service import enqueue, lock, tell_desk
from services.sending_rules import check_open, check_window, find_message
from services.ticket_change_service import lock_ticket


class NothingToRetry(DeskError):
    """The message is on its way or has arrived, or it was never sent from here."""

    status = 409
    code = "nothing_to_retry"

    def __init__(self) -> None:
        super().__init__("Only a message that failed, or that may not have been sent, can be sent again.")


def retry(db: Session, ticket_id: int, message_id: int) -> SupportMessage:
    """Send the message again, as a new attempt; those before stay visible with it.

    Lines that went as one message go as one again. Raises TicketNotFound, MessageNotFound, TicketClosed,
    NothingToRetry or WindowClosed.
    """
    with transaction(db):
        ticket = lock_ticket(db, ticket_id)
        message = find_message(db, ticket, message_id)
        check_open(ticket)
        if message.outbound_id is None:
            raise NothingToRetry
        [attempt] = lock(db, [message.outbound_id])
        if attempt.state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN):
            raise NothingToRetry
        if attempt.payload.get("type") != "template":
            check_window(db, ticket)
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
