"""What the door gives of the self-test of the connection to WhatsApp."""

from pydantic import BaseModel, ConfigDict

from schemas.fields import Utc
from services.self_test_service import CheckState


class SelfTestCheck(BaseModel):
    """One part of the connection, in words, and what to do about it."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    state: CheckState
    words: str
    advice: str


class SelfTestResponse(BaseModel):
    """`tested_at` is null where WhatsApp has not been asked yet."""

    model_config = ConfigDict(from_attributes=True)

    tested_at: Utc | None
    checks: list[SelfTestCheck]
