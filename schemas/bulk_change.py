"""The same change on many tickets."""

from typing import Annotated

from pydantic import BaseModel, Field

from schemas.support_ticket import Strict, SupportTicketResponse, TicketChanges
from services.bulk_change_service import MOST_TICKETS, BulkOutcome


class BulkChange(Strict):
    """Which tickets, and what is to be changed of each."""

    ticket_ids: Annotated[list[int], Field(min_length=1, max_length=MOST_TICKETS)]
    changes: TicketChanges


class Refusal(BaseModel):
    """A ticket that stays as it was, and why."""

    ticket_id: int
    code: str
    message: str


class BulkResult(BaseModel):
    """What became of the tickets; each is in one of the two lists."""

    changed: list[SupportTicketResponse]
    refused: list[Refusal]

    @classmethod
    def of(cls, outcome: BulkOutcome) -> "BulkResult":
        """The same for a door."""
        return cls(
            changed=[SupportTicketResponse.of(ticket) for ticket in outcome.changed],
            refused=[
                Refusal(ticket_id=ticket_id, code=error.code, message=error.message)
                for ticket_id, error in outcome.refused
            ],
        )
