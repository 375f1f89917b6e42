"""The days of the business's calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.settings import get_settings


def day_of(at: datetime) -> date:
    """The day, in BUSINESS_TIMEZONE, that this moment is on."""
    return at.astimezone(_zone()).date()


def span_of(day: date) -> tuple[datetime, datetime]:
    """When the day begins, and when the next one does."""
    begins, ends = (
        datetime.combine(each, time(), _zone()).astimezone(UTC) for each in (day, day + timedelta(days=1))
    )
    return begins, ends


def _zone() -> ZoneInfo:
    return ZoneInfo(get_settings().business_timezone)
