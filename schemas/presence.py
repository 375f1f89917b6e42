"""What the doors take and give of who is at the desk."""

import uuid
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from realtime.presence import Person
from schemas.support_ticket import Strict


class PresenceSign(Strict):
    """What an open dashboard says of itself, at least every 45 seconds and whenever it changes.

    `tab` is a UUID of its own making. `gone` takes the sign back.
    """

    tab: uuid.UUID
    ticket_id: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    typing: bool = False
    gone: bool = False


class PresentPerson(BaseModel):
    """Somebody at the desk, with the tickets that they look at and those that they write on."""

    model_config = ConfigDict(from_attributes=True)

    admin_id: int
    name: str
    viewing: list[int]
    typing: list[int]


class PresenceResponse(BaseModel):
    """All who are at the desk now."""

    people: list[PresentPerson]

    @classmethod
    def of(cls, people: Iterable[Person]) -> "PresenceResponse":
        """The same for the doors."""
        return cls(people=[PresentPerson.model_validate(person) for person in people])
