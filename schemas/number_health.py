"""What the doors give about the business's numbers and account."""

from pydantic import BaseModel, ConfigDict

from models.account_event import Severity
from schemas.fields import Utc
from services.number_health_service import NumberHealth


class NumberSchema(BaseModel):
    """One of the business's numbers, in WhatsApp's words; null where it was not asked yet."""

    phone_number_id: str
    display_phone_number: str | None = None
    verified_name: str | None = None
    quality_rating: str | None = None
    throughput: str | None = None
    messaging_limit: str | None = None
    status: str | None = None
    checked_at: str | None = None


class AccountEventSchema(BaseModel):
    """What WhatsApp told about the account, a number or a template."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    field: str
    subject: str
    severity: Severity
    summary: str
    occurred_at: Utc


class NumberHealthResponse(BaseModel):
    """`events` are the newest of each subject that nobody has dismissed, newest first."""

    numbers: list[NumberSchema]
    problems: list[str]
    events: list[AccountEventSchema]
    stops_delivery: bool

    @classmethod
    def of(cls, health: NumberHealth) -> "NumberHealthResponse":
        """The numbers, and what happened."""
        return cls(
            numbers=[NumberSchema.model_validate(each) for each in health.numbers],
            problems=health.problems,
            events=[AccountEventSchema.model_validate(each) for each in health.events],
            stops_delivery=health.stops_delivery,
        )
