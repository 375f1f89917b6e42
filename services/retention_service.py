"""What is kept for a time and then goes: each class in small acts, oldest first (docs/privacy.md)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from config.database import Base, database_now, transaction
from config.settings import Settings
from models.account_event import AccountEvent
from models.admin import AdminSession, LoginAttempt
from models.contact import Contact
from models.desk_event import DeskEvent
from models.desk_setting import DeskSetting
from models.erasure import Erasure
from models.graph_task import GraphTask
from models.inbound_event import InboundEvent, InboundState
from models.media_file import MediaFile, MediaState
from models.support_ticket import SupportMessage, SupportTicket
from services import erasure_service, identity_service
from services.media_storage import get_media_storage
from services.message_removal_service import BATCH, blank_events, remove
from services.session_service import IDLE_LIMIT

QUARANTINE = timedelta(days=90)
ACCOUNT_NEWS = timedelta(days=365)
LEFTOVERS = timedelta(days=1)
TAKEN_UP_AFTER = timedelta(minutes=10)
"""An erasure that nobody has ended by then is nobody's: its process died."""

CURSOR = "retention_cursor"

Step = Callable[[Session, Settings, datetime], int]


def webhooks(db: Session, settings: Settings, now: datetime) -> int:
    """Bodies of webhooks that were worked off. Their keys stay for good: what comes again is recognised.

    The place is remembered: what is done is not read again.
    """
    cutoff = now - timedelta(days=settings.keep_webhooks_days)
    row = db.get(DeskSetting, CURSOR, populate_existing=True)
    after: int = row.value if row else 0
    query = select(InboundEvent.id, InboundEvent.received_at).where(InboundEvent.id > after)
    found = db.execute(query.order_by(InboundEvent.id).limit(BATCH)).all()
    old = [each.id for each in takewhile(lambda each: each.received_at < cutoff, found)]
    if not old:
        return 0
    with transaction(db):
        blank_events(db, and_(InboundEvent.id.in_(old), InboundEvent.state == InboundState.DONE))
        db.merge(DeskSetting(name=CURSOR, value=old[-1], updated_at=now))
    return len(old)


def quarantine(db: Session, _settings: Settings, now: datetime) -> int:
    """What could not be understood, and nobody has tried again."""
    old = select(InboundEvent.id).where(
        InboundEvent.state == InboundState.QUARANTINED, InboundEvent.received_at < now - QUARANTINE
    )
    ids = db.scalars(old.limit(BATCH)).all()
    if ids:
        with transaction(db):
            blank_events(db, InboundEvent.id.in_(ids))
    return len(ids)


def events(db: Session, settings: Settings, now: datetime) -> int:
    """What the dashboards were told; one that was away for longer fetches afresh."""
    return _delete(db, DeskEvent, DeskEvent.created_at < now - timedelta(days=settings.keep_events_days))


def small_things(db: Session, _settings: Settings, now: datetime) -> int:
    """Failed sign-ins, sessions that ended, calls that came too late, old news.

    The news that two customers share a number stays as long as both: by it, erasing one of them finds the
    sentence in the other's thread.
    """
    old = now - LEFTOVERS
    ended = or_(AdminSession.expires_at <= now, AdminSession.last_seen_at < now - IDLE_LIMIT)
    news = now - ACCOUNT_NEWS
    seen_to = and_(AccountEvent.created_at < news, AccountEvent.dismissed_at < news)
    return sum(
        (
            _delete(db, LoginAttempt, LoginAttempt.created_at < old),
            _delete(db, AdminSession, ended),
            _delete(db, GraphTask, GraphTask.expires_at < old),
            _delete(db, AccountEvent, and_(seen_to, AccountEvent.field != identity_service.CONFLICT)),
        )
    )


def files(db: Session, settings: Settings, now: datetime) -> int:
    """Files of ended tickets; their messages stay and say that there was one."""
    if not settings.keep_media_days:
        return 0
    old = (
        select(MediaFile.id)
        .join(SupportMessage, SupportMessage.id == MediaFile.message_id)
        .outerjoin(SupportTicket, SupportTicket.id == SupportMessage.ticket_id)
        .where(
            MediaFile.state == MediaState.STORED,
            MediaFile.stored_at < now - timedelta(days=settings.keep_media_days),
            SupportTicket.live_contact_id.is_(None),
        )
    )
    ids = db.scalars(old.order_by(MediaFile.id).limit(BATCH)).all()
    db.rollback()
    for media_id in ids:
        get_media_storage().delete(media_id)
    with transaction(db):
        rows = db.scalars(select(MediaFile).where(MediaFile.id.in_(ids)))
        for row in rows:
            row.state, row.filename, row.provider_media_id = MediaState.FAILED, None, None
            row.storage_key = row.thumbnail_key = row.playable_key = None
            row.error = f"The desk keeps files for {settings.keep_media_days} days, and this one is older."
    return len(ids)


def conversations(db: Session, settings: Settings, now: datetime) -> int:
    """What was said, outside of live tickets, and then the customers of whom nothing is left."""
    if not settings.keep_conversations_days:
        return 0
    cutoff = now - timedelta(days=settings.keep_conversations_days)
    old = _old_messages(db, cutoff)
    removed = remove(db, SupportMessage.id.in_(old)) if old else 0
    return removed + _empty_tickets(db, cutoff) + _erase_strangers(db, cutoff)


def _old_messages(db: Session, cutoff: datetime) -> list[int]:
    """Ids grow with time: the first window in which everything is newer is the end."""
    last = 0
    while True:
        query = (
            select(SupportMessage.id, SupportMessage.created_at, SupportTicket.live_contact_id)
            .outerjoin(SupportTicket, SupportTicket.id == SupportMessage.ticket_id)
            .where(SupportMessage.id > last)
        )
        window = db.execute(query.order_by(SupportMessage.id).limit(1000)).all()
        older = [each for each in window if each.created_at < cutoff]
        ended = [each.id for each in older if each.live_contact_id is None]
        if ended or not older:
            return ended[:BATCH]
        last = window[-1].id


def _empty_tickets(db: Session, cutoff: datetime) -> int:
    query = select(SupportTicket.id).where(
        SupportTicket.resolved_at < cutoff,
        or_(SupportTicket.issue_description != "", SupportTicket.last_message_preview != ""),
    )
    ids = db.scalars(query.limit(BATCH)).all()
    if ids:
        emptied = update(SupportTicket).where(SupportTicket.id.in_(ids), SupportTicket.resolved_at < cutoff)
        with transaction(db):
            db.execute(
                emptied.values(
                    issue_description="", last_message_preview="", updated_at=SupportTicket.updated_at
                ).execution_options(synchronize_session=False)
            )
    return len(ids)


def _erase_strangers(db: Session, cutoff: datetime) -> int:
    message, ticket = aliased(SupportMessage), aliased(SupportTicket)
    is_stranger = and_(
        Contact.updated_at < cutoff,
        ~exists().where(Erasure.contact_id == Contact.id),
        ~exists().where(message.contact_id == Contact.id),
        ~exists().where(
            ticket.contact_id == Contact.id,
            or_(ticket.resolved_at.is_(None), ticket.resolved_at >= cutoff),
        ),
    )
    ids = db.scalars(select(Contact.id).where(is_stranger).order_by(Contact.id).limit(20)).all()
    for contact_id in ids:
        erasure_service.erase_unused(db, contact_id, is_stranger)
    return len(ids)


def erasures(db: Session, _settings: Settings, now: datetime) -> int:
    """Take up what a process that died left of an erasure."""
    left = [each for each in erasure_service.unfinished(db) if each.requested_at < now - TAKEN_UP_AFTER]
    for erasure in left:
        erasure_service.resume(db, erasure)
    return 0


def _delete(db: Session, table: type[Base], where: Any) -> int:
    [key] = table.__mapper__.primary_key
    ids = db.scalars(select(key).where(where).limit(BATCH)).all()
    if ids:
        with transaction(db):
            db.execute(delete(table).where(key.in_(ids)).execution_options(synchronize_session=False))
    return len(ids)


STEPS: tuple[Step, ...] = (erasures, webhooks, quarantine, events, small_things, files, conversations)


def step(db: Session, settings: Settings, which: Step) -> bool:
    """One small act of a class; whether there may be more to do."""
    return which(db, settings, database_now(db)) > 0
