"""The bot's answers: into the outbox and the timeline, once the tickets that they name have numbers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from config.bulk_rows import new_row
from config.settings import get_settings
from models.support_ticket import MessageKind, SenderType, SupportMessage, SupportTicket
from services.bot_menu import interactive_menu
from services.bot_texts import text
from services.conversation_service import Say, ShowMenu
from services.customer_batch import Customer
from services.outbound_message_service import enqueue_all
from services.ticket_timeline import moment


def add_answers(db: Session, customers: Iterable[Customer], now: datetime) -> list[SupportMessage]:
    """Say what the bot decided to say to these customers, in order; the rows are still to be inserted."""
    rows, messages = [], []
    for customer in customers:
        for action, ticket in customer.answers:
            row, payload = _answer(customer, action, ticket, now)
            rows.append(row)
            messages.append((customer.contact.id, customer.conversation.phone_number_id, payload))
        customer.answers.clear()
    for row, outbound in zip(rows, enqueue_all(db, messages), strict=True):
        row.outbound_id = outbound.id
    return rows


def _answer(
    customer: Customer, action: Say | ShowMenu, ticket: SupportTicket | None, now: datetime
) -> tuple[SupportMessage, dict[str, Any]]:
    """The row, and what goes to WhatsApp."""
    business = get_settings().business_name
    body = text(action.key, business=business, ticket=ticket.id if ticket else "")
    at_menu = isinstance(action, ShowMenu)
    interactive = interactive_menu(body, action.reopenable) if isinstance(action, ShowMenu) else None
    row = new_row(
        SupportMessage,
        contact_id=customer.contact.id,
        ticket_id=ticket.id if ticket and not at_menu else None,
        sender_type=SenderType.BOT,
        sender_name=business,
        kind=MessageKind.INTERACTIVE if interactive else MessageKind.TEXT,
        message=body,
        payload={"interactive": interactive} if interactive else None,
        phone_number_id=customer.conversation.phone_number_id,
        created_at=now,
        occurred_at=moment(now, customer.conversation.last_customer_message_at),
    )
    if interactive:
        return row, {"type": "interactive", "interactive": interactive}
    return row, {"type": "text", "text": {"body": body}}
