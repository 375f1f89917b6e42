"""What a search gives."""

from dataclasses import asdict

from pydantic import BaseModel

from schemas.fields import Utc
from schemas.support_ticket import SupportTicketResponse
from services.search_service import SearchResult, TicketMatch


class SnippetPart(BaseModel):
    """A stretch of plain text; `is_match` where it is what was searched for."""

    text: str
    is_match: bool


class MatchingMessage(BaseModel):
    """A message that matches, and the part of it that does."""

    message_id: int
    sender_name: str
    occurred_at: Utc
    snippet: list[SnippetPart]


class TicketMatchResponse(BaseModel):
    """A ticket that matches: by its customer's name or number, by its description, by its newest messages."""

    ticket: SupportTicketResponse
    name: list[SnippetPart] | None
    number: list[SnippetPart] | None
    issue: list[SnippetPart] | None
    messages: list[MatchingMessage]

    @classmethod
    def of(cls, match: TicketMatch) -> "TicketMatchResponse":
        """The same for a door."""
        parts = {
            name: None if found is None else [SnippetPart(**asdict(part)) for part in found]
            for name, found in (("name", match.name), ("number", match.number), ("issue", match.issue))
        }
        messages = [MatchingMessage.model_validate(asdict(message)) for message in match.messages]
        return cls(ticket=SupportTicketResponse.of(match.ticket), messages=messages, **parts)


class SearchResponse(BaseModel):
    """The best matches, fifty at most; `is_complete` unless there may be more."""

    matches: list[TicketMatchResponse]
    is_complete: bool

    @classmethod
    def of(cls, result: SearchResult) -> "SearchResponse":
        """The same for a door."""
        matches = [TicketMatchResponse.of(match) for match in result.matches]
        return cls(matches=matches, is_complete=result.is_complete)
