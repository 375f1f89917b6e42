"""News of the account, its numbers and its templates: kept, told to the desk, and shown until seen to."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models.account_event import AccountEvent, Severity
from models.message_template import MessageTemplate
from realtime.events import EventKind, record
from services.errors import DeskError
from services.ticket_change_service import LARGEST_ID
from whatsapp.account_news import news_of
from whatsapp.payloads import Json, as_object
from whatsapp.values import identifier, short_text, storable

STANDBY = "standby"
STANDBY_AGAIN = timedelta(days=1)
"""Every message on standby says the same; the desk hears it once in this time."""

MOST_SHOWN = 100


class AccountEventNotFound(DeskError):
    """There is no event of the account of that id."""

    status = 404
    code = "account_event_not_found"

    def __init__(self, event_id: int) -> None:
        super().__init__(f"There is no event {event_id} of the account.")


def add(
    db: Session,
    field: str,
    subject: str,
    severity: str,
    summary: str,
    payload: dict[str, Any],
    occurred_at: datetime,
    inbound_event_id: int | None = None,
) -> None:
    """Keep one event and tell the desk, in the act that is under way."""
    db.add(
        AccountEvent(
            field=field,
            subject=subject,
            severity=Severity(severity),
            summary=summary,
            payload=payload,
            occurred_at=occurred_at,
            inbound_event_id=inbound_event_id,
        )
    )
    record(db, EventKind.ACCOUNT_UPDATED)


def take_in(db: Session, inbound_event_id: int, payload: Json, received_at: datetime) -> None:
    """Keep what an event of the inbox tells; what it says about a known template is true of that from now."""
    news = news_of(payload, received_at)
    value = as_object(payload.get("value"))
    if value.get("message_template_id") or value.get("message_template_name"):
        _change_template(db, value)
    add(
        db,
        news.field,
        news.subject,
        news.severity,
        news.summary,
        storable(payload),
        news.occurred_at,
        inbound_event_id,
    )


def note_standby(db: Session, phone_number_id: str, occurred_at: datetime) -> None:
    """Another program is in charge of talks at this number; said once in a while."""
    lately = select(AccountEvent.id).where(
        AccountEvent.field == STANDBY,
        AccountEvent.subject == phone_number_id,
        AccountEvent.occurred_at > occurred_at - STANDBY_AGAIN,
    )
    if db.scalar(lately.limit(1)) is None:
        value = {"metadata": {"phone_number_id": phone_number_id}}
        news = news_of({"field": STANDBY, "value": value}, occurred_at)
        add(db, news.field, news.subject, news.severity, news.summary, value, occurred_at)


def current(db: Session) -> list[AccountEvent]:
    """The newest event of each subject that nobody has seen to, newest first."""
    query = select(AccountEvent).where(AccountEvent.id.in_(_newest()), AccountEvent.dismissed_at.is_(None))
    newest_first = query.order_by(AccountEvent.occurred_at.desc(), AccountEvent.id.desc())
    return list(db.scalars(newest_first.limit(MOST_SHOWN)))


def stops_delivery(db: Session) -> bool:
    """Whether the newest event of a subject stops messages and nobody has seen to it."""
    critical = select(AccountEvent.id).where(
        AccountEvent.id.in_(_newest()),
        AccountEvent.dismissed_at.is_(None),
        AccountEvent.severity == Severity.CRITICAL,
    )
    return db.scalar(critical.limit(1)) is not None


def _newest() -> Select[tuple[int]]:
    """By Meta's clock: what happened first may come last."""
    place = func.row_number().over(
        partition_by=(AccountEvent.field, AccountEvent.subject),
        order_by=(AccountEvent.occurred_at.desc(), AccountEvent.id.desc()),
    )
    ranked = select(AccountEvent.id, place.label("place")).subquery()
    return select(ranked.c.id).where(ranked.c.place == 1)


def dismiss(db: Session, event_id: int) -> None:
    """Somebody has seen to it. Raises AccountEventNotFound."""
    with transaction(db):
        event = db.get(AccountEvent, event_id) if 0 < event_id <= LARGEST_ID else None
        if event is None:
            raise AccountEventNotFound(event_id)
        if event.dismissed_at is None:
            event.dismissed_at = utc_now()
            record(db, EventKind.ACCOUNT_UPDATED)


def _change_template(db: Session, value: Json) -> None:
    language = short_text(value.get("message_template_language"), 20).replace("-", "_")
    by_id = identifier(value.get("message_template_id"), 64)
    query = select(MessageTemplate).where(MessageTemplate.provider_template_id == by_id)
    found = list(db.scalars(query)) if by_id else []
    if not found:
        query = select(MessageTemplate).where(
            MessageTemplate.name == short_text(value.get("message_template_name"), 255),
            MessageTemplate.language == language,
        )
        found = list(db.scalars(query))
    for template in found:
        _apply(template, value)


def _apply(template: MessageTemplate, value: Json) -> None:
    if "new_quality_score" in value:
        template.quality = short_text(value.get("new_quality_score"), 20).upper() or None
    elif event := short_text(value.get("event"), 40).upper():
        if event == "REINSTATED":
            template.status = "APPROVED"
        elif event != "FLAGGED":  # a warning: it can still be sent
            template.status = event
        reason = short_text(value.get("reason"), 500)
        template.reason = None if reason.upper() in ("", "NONE") else reason
    category = short_text(value.get("new_category") or value.get("message_template_category"), 40)
    template.category = category.upper() or template.category
