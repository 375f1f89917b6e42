"""What the door gives of the dashboard's numbers."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from schemas.fields import Utc
from services.overview_service import Overview


class WaitingTimes(BaseModel):
    """How many customers wait, since when the first of them does, and how long half of them have."""

    model_config = ConfigDict(from_attributes=True)

    count: int
    longest_since: Utc | None
    longest_ticket_id: int | None
    median_seconds: int | None


class OverviewDay(BaseModel):
    """A day in BUSINESS_TIMEZONE."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    opened: int
    resolved: int


class OverviewResponse(BaseModel):
    """The last of the days is today."""

    model_config = ConfigDict(from_attributes=True)

    waiting: WaitingTimes
    days: list[OverviewDay]

    @classmethod
    def of(cls, overview: Overview) -> "OverviewResponse":
        """The numbers."""
        return cls.model_validate(overview)
