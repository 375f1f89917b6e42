"""Who is in charge of a talk changed: the desk, or another program of the business."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import utc_now
from models.contact import IdentityKind
from models.support_ticket import SupportTicket
from realtime.events import EventKind, record
from services import contact_service
from services.ticket_lifecycle import touch
from services.ticket_timeline import activity
from whatsapp.account_news import news_of
from whatsapp.payloads import Json, as_object
from whatsapp.values import meta_time, phone_digits, short_text

LONGEST_REASON = 1000


def show_handover(db: Session, payload: Json, received_at: datetime) -> None:
    """Say it in the live ticket of the customer, if WhatsApp names one whom we know. Inside an act."""
    value = as_object(payload.get("value"))
    number = phone_digits(as_object(value.get("sender")).get("phone_number"))
    if number is None:
        return
    held = contact_service.find_identities(db, [(IdentityKind.PHONE, number)])
    for identity in held.values():
        contact_service.lock(db, [identity.contact_id])
        live = select(SupportTicket).where(SupportTicket.live_contact_id == identity.contact_id)
        ticket = db.scalar(live.execution_options(populate_existing=True))
        if ticket is not None:
            _add(db, ticket, payload, value, received_at)


def _add(db: Session, ticket: SupportTicket, payload: Json, value: Json, received_at: datetime) -> None:
    now = utc_now()
    roles = as_object(value.get(short_text(value.get("type"), 60)))
    context = as_object(roles.get("conversation_context"))
    told = [
        news_of(payload, received_at).summary,
        short_text(roles.get("metadata"), LONGEST_REASON),
        short_text(as_object(context.get("summary")).get("text"), LONGEST_REASON),
    ]
    details = {"activity": "handover", "to": short_text(roles.get("new_owner_role"), 60)}
    row = activity(ticket, "WhatsApp", " ".join(filter(None, told)), details, now)
    row.occurred_at = meta_time(value.get("timestamp"), received_at)
    db.add(row)
    touch(ticket, now)
    db.flush()
    record(db, EventKind.MESSAGE_CREATED, ticket.id, row.id)
    record(db, EventKind.TICKET_UPDATED, ticket.id)
