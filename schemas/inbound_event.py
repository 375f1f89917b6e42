"""What the doors give of events that could not be understood. Their payloads are personal and stay inside."""

from pydantic import BaseModel, ConfigDict

from schemas.fields import Utc


class InboundEventSchema(BaseModel):
    """An event of the inbox, and why it is in quarantine."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: str
    error: str | None
    attempts: int
    received_at: Utc


class QuarantinePage(BaseModel):
    """A page of quarantined events."""

    events: list[InboundEventSchema]
    total: int
    next_cursor: int | None


class ReplayResult(BaseModel):
    """How many events went back into the inbox."""

    replayed: int
