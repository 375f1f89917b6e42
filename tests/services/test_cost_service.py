"""What messages cost, by WhatsApp's words and the owner's prices."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from config.database import transaction
from models import OutboundMessage, SupportTicket
from models.outbound_message import DeliveryState
from services import cost_service, desk_setting_service
from services.cost_service import CostLine
from services.desk_setting_service import Rate, SettingsChange
from services.outbound_message_service import enqueue
from tests.factories import make_message, make_ticket

NOVEMBER = datetime(2026, 11, 23, 12, tzinfo=UTC)
FREE = {"billable": False, "type": "free_customer_service", "category": "service"}
UTILITY = {"billable": True, "type": "regular", "category": "utility"}


def send(
    db: Session, pricing: Any, ticket: SupportTicket | None = None, at: datetime = NOVEMBER, **fields: Any
) -> OutboundMessage:
    ticket = ticket or make_ticket(db)
    with transaction(db):
        outbound = enqueue(db, ticket.contact_id, "1001", {"type": "text", "text": {"body": "Hello"}})
        outbound.state, outbound.created_at = DeliveryState.DELIVERED, at
        if pricing is not None:
            outbound.pricing = pricing
        for name, value in fields.items():
            setattr(outbound, name, value)
    make_message(db, ticket, outbound_id=outbound.id, sender_type="admin")
    return outbound


def test_messages_are_counted_by_what_whatsapp_said_of_them(db: Session) -> None:
    for pricing in (FREE, FREE, UTILITY, UTILITY, UTILITY, None):
        send(db, pricing)
    costs = cost_service.of_month(db, 2026, 11)
    assert costs.currency == "NGN"
    assert costs.lines == (
        CostLine("service", "free_customer_service", False, 2, None, Decimal(0)),
        CostLine("utility", "regular", True, 3, None, None),
    )
    assert costs.total == Decimal(0)
    assert costs.messages == 5


def test_the_owners_prices_make_the_sum(db: Session) -> None:
    rates = [
        Rate("utility", "regular", Decimal("6.7")),
        Rate("authentication-international", "regular", Decimal(9)),
    ]
    desk_setting_service.change(db, SettingsChange(currency="EUR", rates=rates))
    for pricing in (FREE, UTILITY, UTILITY, UTILITY | {"category": "authentication-international"}):
        send(db, pricing)
    send(db, UTILITY | {"category": "marketing"})
    costs = cost_service.of_month(db, 2026, 11)
    assert costs.currency == "EUR"
    assert {line.category: line.cost for line in costs.lines} == {
        "service": 0,
        "utility": Decimal("13.4"),
        "authentication-international": 9,
        "marketing": None,
    }
    assert costs.total == Decimal("22.4")


def test_what_failed_costs_nothing(db: Session) -> None:
    send(db, UTILITY, state=DeliveryState.FAILED)
    assert cost_service.of_month(db, 2026, 11).lines == ()


@pytest.mark.parametrize(
    ("pricing", "billable"),
    [({"type": "regular", "category": "utility"}, True), ({"type": "free_entry_point"}, False),
     ({"category": "utility", "billable": None}, False), ({"type": "regular", "billable": "odd"}, False)],
    ids=str,
)  # fmt: skip
def test_what_is_not_told_is_billed_by_its_type(db: Session, pricing: Any, billable: bool) -> None:
    send(db, pricing)
    [line] = cost_service.of_month(db, 2026, 11).lines
    assert line.billable == billable
    assert (line.category, line.type) == tuple(pricing.get(name, "unknown") for name in ("category", "type"))


@pytest.mark.parametrize("pricing", [{}, [], {"pricing_model": "PMP"}])
def test_a_price_without_a_category_is_no_line(db: Session, pricing: Any) -> None:
    send(db, pricing)
    assert cost_service.of_month(db, 2026, 11).lines == ()


def test_a_month_is_one_of_the_business(db: Session) -> None:
    """In Lagos the day begins an hour before it does in UTC."""
    send(db, UTILITY, at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    send(db, UTILITY, at=datetime(2026, 10, 31, 22, 30, tzinfo=UTC))
    send(db, UTILITY, at=datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    assert cost_service.of_month(db, 2026, 10).messages == 1
    assert cost_service.of_month(db, 2026, 11).messages == 1
    assert cost_service.of_month(db, 2026, 12).messages == 1
    assert cost_service.of_month(db, 2027, 1).messages == 0


def test_a_ticket_has_its_own_costs_and_lines_that_left_together_count_once(db: Session) -> None:
    ticket = make_ticket(db)
    outbound = send(db, UTILITY, ticket)
    make_message(db, ticket, outbound_id=outbound.id, sender_type="admin")
    send(db, UTILITY)
    assert cost_service.of_ticket(db, ticket.id).messages == 1
