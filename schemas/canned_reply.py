"""What the doors take and give of canned replies."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.fields import Utc
from schemas.support_ticket import Strict
from services.canned_reply_service import CannedText

Short = Annotated[str, StringConstraints(max_length=5_000)]
"""The service says what else is wrong with a text, in words that fit it."""


class CannedReplyCreate(Strict):
    """A canned reply; `text` may hold the variables that the list names, between double braces."""

    shortcut: Short
    title: Short
    text: Short

    def wanted(self) -> CannedText:
        """The same for the service."""
        return CannedText(self.shortcut, self.title, self.text)


class CannedReplyUpdate(CannedReplyCreate):
    """All of it again; `version` is the one that the caller saw."""

    version: Annotated[int, Field(ge=1, le=2**31 - 2)]


class CannedReplyResponse(BaseModel):
    """A canned reply."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    shortcut: str
    title: str
    text: str
    version: int
    updated_at: Utc


class CannedReplyList(BaseModel):
    """All of them by shortcut, and the variables that their texts may have."""

    canned_replies: list[CannedReplyResponse]
    variables: list[str]
