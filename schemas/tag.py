"""What the doors take and give about tags."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from models.tag import TagColour
from schemas.support_ticket import Strict
from services.tag_service import LONGEST_NAME, CountedTag
from services.ticket_change_service import LARGEST_ID

Name = Annotated[str, StringConstraints(min_length=1, max_length=4 * LONGEST_NAME)]
"""The service says how long it may be once the spaces around it are gone."""


class TagCreate(Strict):
    """A new tag."""

    name: Name
    colour: TagColour = TagColour.GRAY


class TagUpdate(Strict):
    """What is to be changed of a tag; what is left out stays."""

    name: Name | None = None
    colour: TagColour | None = None


class TagMerge(Strict):
    """The tag that takes over the tickets of another."""

    into_tag_id: Annotated[int, Field(ge=1, le=LARGEST_ID)]


class TagResponse(BaseModel):
    """A tag, and how many tickets have it."""

    id: int
    name: str
    colour: TagColour
    tickets: int

    @classmethod
    def of(cls, counted: CountedTag) -> "TagResponse":
        """The same for a door."""
        tag = counted.tag
        return cls(id=tag.id, name=tag.name, colour=TagColour(tag.colour), tickets=counted.tickets)


class TagList(BaseModel):
    """All tags by name."""

    tags: list[TagResponse]
