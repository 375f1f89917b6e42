"""What the doors take and give of the settings that the desk changes by itself."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, PlainSerializer, StringConstraints

from schemas.support_ticket import Strict
from services.desk_setting_service import DeskSettings, Rate, SettingsChange

Word = Annotated[str, StringConstraints(max_length=40)]


class RateRow(Strict):
    """The price of one delivered message; `category` and `type` are Meta's words."""

    category: Word
    type: Word
    rate: Annotated[
        Decimal,
        Field(allow_inf_nan=False, max_digits=20),
        PlainSerializer(float, return_type=float, when_used="json"),
    ]


class DeskSettingsResponse(BaseModel):
    """The settings as they stand."""

    read_marks: bool
    merge_lines: bool
    currency: str
    rates: list[RateRow]

    @classmethod
    def of(cls, settings: DeskSettings) -> "DeskSettingsResponse":
        """The settings with their table of rates."""
        return cls(
            read_marks=settings.read_marks,
            merge_lines=settings.merge_lines,
            currency=settings.currency,
            rates=[
                RateRow(category=rate.category, type=rate.type, rate=rate.rate) for rate in settings.rates
            ],
        )


class DeskSettingsUpdate(Strict):
    """What is to be changed; what is left out stays. The rates are given as a whole table."""

    read_marks: bool | None = None
    merge_lines: bool | None = None
    currency: Annotated[str, StringConstraints(max_length=10)] | None = None
    rates: Annotated[list[RateRow], Field(max_length=1_000)] | None = None

    def change(self) -> SettingsChange:
        """The same for the service."""
        rates = None
        if self.rates is not None:
            rates = [Rate(row.category, row.type, row.rate) for row in self.rates]
        return SettingsChange(self.read_marks, self.merge_lines, self.currency, rates)
