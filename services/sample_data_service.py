"""Sample customers for the first day: made with one act, gone with another, and never written to."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from config.settings import get_settings
from models.admin import Admin
from models.audit_entry import AuditAction
from models.contact import Contact
from models.conversation import Conversation
from models.desk_setting import DeskSetting
from models.erasure import Erasure
from models.outbound_message import DeliveryState, OutboundMessage
from models.support_ticket import LIVE_STATUSES, SenderType, SupportMessage, SupportTicket
from realtime import ticket_counts
from realtime.events import EventKind, record
from services import audit_service, contact_service
from services.actor import Caller
from services.conversation_service import ConversationState
from services.message_removal_service import delete_dependants, remove
from services.sample_stories import CUSTOMER, STORIES, Line, Story
from services.ticket_timeline import preview

SAMPLES = "sample_data"
"""The setting whose row says that samples are in the desk: looking for them would read every customer."""


def are_there(db: Session) -> bool:
    """Whether sample customers are in the desk."""
    return db.scalar(select(DeskSetting.name).where(DeskSetting.name == SAMPLES)) is not None


def add(db: Session, asker: Caller) -> None:
    """Put the sample customers with their tickets into the desk; where they are, nothing changes."""
    now = utc_now()
    try:
        with transaction(db):
            audit_service.record(db, asker, AuditAction.SAMPLES_ADD)
            if are_there(db):
                return
            db.add(DeskSetting(name=SAMPLES, value={}, updated_at=now))
            db.flush()
            for story in reversed(STORIES):  # the oldest first, as they would have come
                _tell(db, story, asker.admin, now)
            record(db, EventKind.ACCOUNT_UPDATED)
    except IntegrityError:  # a second click at the same moment came first
        if not are_there(db):
            raise


def clear(db: Session, asker: Caller) -> None:
    """Take away the sample customers and all that hangs on them, and nothing else.

    A process that dies in between leaves the rest to the next call.
    """
    samples = select(Contact.id).where(Contact.is_sample)
    is_gone = False
    while not is_gone:
        while remove(db, SupportMessage.contact_id.in_(samples)):
            pass
        is_gone = _clear_empty(db, asker)


def _clear_empty(db: Session, asker: Caller) -> bool:
    """Clear samples without messages; False where somebody at the desk wrote to one meanwhile."""
    with transaction(db):
        ids = list(db.scalars(select(Contact.id).where(Contact.is_sample)))
        contact_service.lock(db, ids)
        if db.scalar(select(SupportMessage.id).where(SupportMessage.contact_id.in_(ids)).limit(1)):
            return False
        tickets = db.scalars(select(SupportTicket).where(SupportTicket.contact_id.in_(ids))).all()
        for ticket in tickets:
            ticket_counts.watch(db, ticket)
        delete_dependants(db, SupportTicket.__table__, [ticket.id for ticket in tickets])
        for ticket in tickets:
            db.delete(ticket)
        db.flush()
        theirs = OutboundMessage.contact_id.in_(ids)
        delete_dependants(db, OutboundMessage.__table__, _outbound(db, ids))
        # MariaDB and MySQL look at each row for itself, and would keep one that was tried again
        db.execute(update(OutboundMessage).where(theirs).values(retry_of_id=None))
        db.execute(delete(OutboundMessage).where(theirs))
        delete_dependants(db, Contact.__table__, ids)
        db.execute(delete(Erasure).where(Erasure.contact_id.in_(ids)))  # somebody may have tried that too
        db.execute(delete(Contact).where(Contact.id.in_(ids)))
        db.execute(delete(DeskSetting).where(DeskSetting.name == SAMPLES))
        audit_service.record(db, asker, AuditAction.SAMPLES_CLEAR)
        record(db, EventKind.ACCOUNT_UPDATED)
    return True


def _outbound(db: Session, contact_ids: list[int]) -> list[int]:
    theirs = select(OutboundMessage.id).where(OutboundMessage.contact_id.in_(contact_ids))
    return list(db.scalars(theirs))


def _tell(db: Session, story: Story, asker: Admin, now: datetime) -> None:
    opened = now - timedelta(hours=story.hours_ago)
    number_id = get_settings().whatsapp_phone_number_id
    contact = Contact(
        name=story.name,
        profile_name=story.name,
        phone_number=story.phone_number,
        language=story.language,
        note=story.note or None,
        timezone="Africa/Lagos",
        is_sample=True,
        created_at=opened,
    )
    db.add(contact)
    db.flush()
    last = story.lines[-1]
    spoken = [line for line in story.lines if line.who == CUSTOMER]
    is_live = story.status in LIVE_STATUSES
    waits = is_live and last.who == CUSTOMER
    ended = None if story.ended_after is None else opened + timedelta(minutes=story.ended_after)
    ticket = SupportTicket(
        contact_id=contact.id,
        live_contact_id=contact.id if is_live else None,
        phone_number_id=number_id,
        phone_number=story.phone_number,
        sender_name=story.name,
        issue_description=story.issue,
        status=story.status,
        priority=story.priority,
        assigned_admin_id=asker.id if story.mine else None,
        created_at=opened,
        updated_at=ended or now,
        resolved_at=ended,
        waiting_since=opened + timedelta(minutes=last.minutes) if waits else None,
        unread_count=1 if waits else 0,
    )
    talk = Conversation(
        contact_id=contact.id,
        phone_number_id=number_id,
        state=ConversationState.CHAT_SUPPORT if is_live else ConversationState.NEW,
        last_customer_message_at=opened + timedelta(minutes=spoken[-1].minutes),
    )
    ticket_counts.watch(db, ticket)
    db.add_all([ticket, talk])
    rows = [_row(ticket, line, story, asker, opened) for line in story.lines]
    db.add_all(rows)
    ticket.last_message_at, ticket.last_message_preview = rows[-1].occurred_at, preview(rows[-1])
    db.flush()
    record(db, EventKind.TICKET_CREATED, ticket.id)


def _row(ticket: SupportTicket, line: Line, story: Story, asker: Admin, opened: datetime) -> SupportMessage:
    at = opened + timedelta(minutes=line.minutes)
    by_customer = line.who == CUSTOMER
    row = SupportMessage(
        ticket=ticket,
        contact_id=ticket.contact_id,
        phone_number_id=ticket.phone_number_id,
        sender_type=SenderType.USER if by_customer else SenderType.ADMIN,
        sender_name=story.name if by_customer else asker.name,
        admin_id=None if by_customer else asker.id,
        message=line.text,
        created_at=at,
        occurred_at=at,
    )
    if not by_customer:  # read long ago, so that nothing of it is ever in the way of the sender
        row.outbound = OutboundMessage(
            contact_id=ticket.contact_id,
            phone_number_id=ticket.phone_number_id,
            callback_id=str(uuid.uuid4()),
            payload={},
            state=DeliveryState.READ,
            created_at=at,
            sent_at=at,
            delivered_at=at,
            read_at=at + timedelta(minutes=1),
        )
    return row
