"""What the doors give about costs. Amounts are in units of the currency, not in hundredths."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, PlainSerializer

from services.cost_service import Costs

Amount = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


class CostLineSchema(BaseModel):
    """Messages that WhatsApp bills alike. `cost` is null where they are billed and no rate was entered."""

    category: str
    type: str
    billable: bool
    messages: int
    rate: Amount | None
    cost: Amount | None


class MonthlyCosts(BaseModel):
    """The costs of a month (`2026-11`); `total` counts what is known."""

    currency: str
    month: str
    total: Amount
    lines: list[CostLineSchema]

    @classmethod
    def of(cls, costs: Costs, month: str) -> "MonthlyCosts":
        """The costs with their lines."""
        lines = [CostLineSchema.model_validate(line, from_attributes=True) for line in costs.lines]
        return cls(currency=costs.currency, month=month, total=costs.total, lines=lines)


class TicketCost(BaseModel):
    """What the messages of a ticket cost; `messages` are those of which WhatsApp told the category."""

    currency: str
    total: Amount
    messages: int

    @classmethod
    def of(cls, costs: Costs) -> "TicketCost":
        """The sum."""
        return cls(currency=costs.currency, total=costs.total, messages=costs.messages)
