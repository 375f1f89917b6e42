"""The desk's own reactions to what customers wrote."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models.message_reaction import MessageReaction
from models.outbound_message import DeliveryState
from models.support_ticket import SenderType, SupportMessage
from realtime.events import EventKind, record
from services.errors import DeskError
from services.message_removal_service import blank_outbound
from services.outbound_message_service import enqueue
from services.sending_rules import check_open, check_window, find_message, standing
from services.ticket_change_service import lock_ticket
from whatsapp import outgoing
from whatsapp.values import clean_text


class CannotReact(DeskError):
    """WhatsApp takes reactions to a customer's messages only."""

    status = 409
    code = "cannot_react"

    def __init__(self) -> None:
        super().__init__("Only what the customer sent over WhatsApp, and has not deleted, takes a reaction.")


def react(db: Session, ticket_id: int, message_id: int, emoji: str, admin_name: str) -> SupportMessage:
    """Put an emoji on a customer's message, in the place of the desk's earlier one; "" takes it back.

    An earlier one that has not left yet does not leave any more. Raises TicketNotFound, MessageNotFound,
    TicketClosed, CannotReact, WindowClosed or Unsendable.
    """
    with transaction(db):
        ticket = lock_ticket(db, ticket_id)
        message = find_message(db, ticket, message_id)
        check_open(ticket)
        if message.sender_type != SenderType.USER or message.wamid is None or message.revoked_at is not None:
            raise CannotReact
        body = outgoing.reaction(message.wamid, clean_text(emoji).strip())
        given = body["reaction"]["emoji"]
        own = db.scalar(
            select(MessageReaction).where(
                MessageReaction.message_id == message.id, MessageReaction.sender_type == SenderType.ADMIN
            )
        )
        if given == (own.emoji if own else "") and not (own and _is_lost(own)):
            return message
        # the customer may have gone on to another number of ours, whose talk has not got this message
        number = message.phone_number_id or ticket.phone_number_id
        check_window(standing(db, ticket, number))
        if own is None:
            own = MessageReaction(message_id=message.id, sender_type=SenderType.ADMIN)
            message.reactions.append(own)
        if own.outbound_id is not None:  # the new one stands for it, whatever becomes of it
            blank_outbound(db, [own.outbound_id])
        own.emoji, own.sender_name, own.occurred_at = given, admin_name, utc_now()
        own.outbound = enqueue(db, ticket.contact_id, number, body)
        record(db, EventKind.MESSAGE_UPDATED, ticket.id, message.id)
    return message


def _is_lost(reaction: MessageReaction) -> bool:
    """Whether it did not get to the customer, as far as anybody knows; the same again is then sent."""
    return reaction.outbound is not None and reaction.outbound.state in (
        DeliveryState.FAILED,
        DeliveryState.UNKNOWN,
    )
