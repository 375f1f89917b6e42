"""The list of tickets, its queues, searching, and changes to many tickets at once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import Field

from api.deps import CurrentAdmin, CurrentCaller, Database
from api.whole_route import whole_routes
from models.support_ticket import TicketPriority, TicketStatus
from schemas.bulk_change import BulkChange, BulkResult
from schemas.envelope import Success, success
from schemas.search import SearchResponse
from schemas.support_ticket import SupportTicketPage
from schemas.ticket_queue import TicketQueues
from services import bulk_change_service, search_service, ticket_list_service
from services.ticket_change_service import LARGEST_ID
from services.ticket_filter import TicketFilter, WaitingFor
from services.ticket_page import TicketSort

router = whole_routes("/api/support", "support")

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
MOST_SEARCHED = 4_000
"""Characters. In an address each can take twelve bytes, and a head has 64 KiB (http_protocol.py)."""


def _parts(
    admin: CurrentAdmin,
    status: Annotated[list[TicketStatus], Query()] = [],  # noqa: B006 - FastAPI copies it
    priority: Annotated[list[TicketPriority], Query()] = [],  # noqa: B006 - FastAPI copies it
    assigned_admin_id: Annotated[Id | Literal["me", "none"] | None, Query()] = None,
    tag_id: Annotated[list[Id], Query(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
    phone_number_id: Annotated[str | None, Query(max_length=64)] = None,
    waiting_for: WaitingFor | None = None,
    closing_within_minutes: Annotated[int | None, Query(ge=1, le=24 * 60)] = None,
) -> TicketFilter:
    """Which tickets: of any of the given states, priorities and tags, of an assignee, `me` or `none`."""
    by_id = assigned_admin_id if isinstance(assigned_admin_id, int) else None
    within = closing_within_minutes
    return TicketFilter(
        statuses=tuple(status),
        priorities=tuple(priority),
        assigned_admin_id=admin.id if assigned_admin_id == "me" else by_id,
        unassigned=assigned_admin_id == "none",
        tag_ids=tuple(tag_id),
        phone_number_id=phone_number_id,
        waiting_for=waiting_for,
        closing_within=None if within is None else timedelta(minutes=within),
    )


def _wanted(
    parts: Annotated[TicketFilter, Depends(_parts)],
    opened_on: Annotated[
        date | None, Query(ge=date(2000, 1, 1), le=date(2200, 1, 1), description="A day in BUSINESS_TIMEZONE")
    ] = None,
) -> TicketFilter:
    """The same, of those that were opened on this day."""
    return replace(parts, opened_on=opened_on)


Wanted = Annotated[TicketFilter, Depends(_wanted)]


@router.get("/tickets")
def list_tickets(
    db: Database,
    _admin: CurrentAdmin,
    wanted: Wanted,
    sort: TicketSort = TicketSort.NEWEST,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Success[SupportTicketPage]:
    """A page of the tickets that the filters let through. `cursor` is the page before's `next_cursor`."""
    page = ticket_list_service.list_tickets(db, wanted, sort, cursor, limit)
    return success(SupportTicketPage.of(page))


@router.get("/queues")
def queues(db: Database, admin: CurrentAdmin) -> Success[TicketQueues]:
    """How many tickets are in each queue, and how many live ones hold unread messages."""
    return success(TicketQueues.of(ticket_list_service.count_queues(db, admin.id)))


@router.get("/search")
def search(
    db: Database, _admin: CurrentAdmin, wanted: Wanted, q: Annotated[str, Query(max_length=MOST_SEARCHED)]
) -> Success[SearchResponse]:
    """Search the tickets that the filters let through, by names, numbers, words and ticket numbers."""
    return success(SearchResponse.of(search_service.search(db, q, wanted)))


@router.post("/tickets/bulk")
def change_many(body: BulkChange, db: Database, caller: CurrentCaller) -> Success[BulkResult]:
    """Make one change on many tickets; those that do not allow it stay as they are and are told."""
    fields = body.changes.model_fields_set
    outcome = bulk_change_service.change_tickets(db, body.ticket_ids, body.changes.change(), caller, fields)
    done, kept = len(outcome.changed), len(outcome.refused)
    return success(BulkResult.of(outcome), f"{done} changed, {kept} not.")
