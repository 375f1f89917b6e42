"""What messages cost: what WhatsApp said of each, and the prices that the owner entered.

WhatsApp's statuses say of a message whether it is billed, in which category and by which rule; the price they
do not say. Failed messages are not billed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from config.settings import get_settings
from models.outbound_message import DeliveryState, OutboundMessage
from models.support_ticket import SupportMessage
from services import desk_setting_service

REGULAR = "regular"
"""The type of what is billed; the others say why it is free."""


@dataclass(frozen=True)
class CostLine:
    """Messages that WhatsApp bills alike. Without a `rate` in the owner's table, `cost` is not known."""

    category: str
    type: str
    billable: bool
    messages: int
    rate: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True)
class Costs:
    """`currency` is the owner's, an ISO 4217 code."""

    currency: str
    lines: tuple[CostLine, ...]

    @property
    def total(self) -> Decimal:
        """Of what is known."""
        return sum((line.cost for line in self.lines if line.cost is not None), Decimal(0))

    @property
    def messages(self) -> int:
        """Of how many messages WhatsApp told the category."""
        return sum(line.messages for line in self.lines)


def of_month(db: Session, year: int, month: int) -> Costs:
    """What was written in this month of the business's time zone, whoever it went to."""
    zone = ZoneInfo(get_settings().business_timezone)
    begins = datetime(year, month, 1, tzinfo=zone).astimezone(UTC)
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    ends = datetime(*following, 1, tzinfo=zone).astimezone(UTC)
    return _costs(db, OutboundMessage.created_at >= begins, OutboundMessage.created_at < ends)


def of_ticket(db: Session, ticket_id: int) -> Costs:
    """What was sent from this ticket."""
    sent = select(SupportMessage.outbound_id).where(
        SupportMessage.ticket_id == ticket_id, SupportMessage.outbound_id.is_not(None)
    )
    return _costs(db, OutboundMessage.id.in_(sent))


def _costs(db: Session, *where: ColumnElement[bool]) -> Costs:
    settings = desk_setting_service.load(db)
    rates = {(rate.category, rate.type): rate.rate for rate in settings.rates}
    parts = [OutboundMessage.pricing[name].as_string() for name in ("category", "type", "billable")]
    query = select(*parts, func.count()).where(
        OutboundMessage.pricing.is_not(None), OutboundMessage.state != DeliveryState.FAILED, *where
    )
    counts: Counter[tuple[str, str, bool]] = Counter()
    rows: Sequence[Any] = db.execute(query.group_by(*parts)).all()
    for category, kind, billable, messages in rows:
        if category is None and kind is None:
            continue
        # JSON's true is a word in one database and a number in the other; it is missing at times
        is_billed = kind == REGULAR if billable is None else str(billable).lower() in ("true", "1")
        counts[str(category or "unknown"), str(kind or "unknown"), is_billed] += messages
    lines = [_line(key, messages, rates.get((key[0], key[1]))) for key, messages in sorted(counts.items())]
    return Costs(settings.currency, tuple(lines))


def _line(key: tuple[str, str, bool], messages: int, rate: Decimal | None) -> CostLine:
    category, kind, billable = key
    cost = Decimal(0) if not billable else rate * messages if rate is not None else None
    return CostLine(category, kind, billable, messages, rate, cost)
