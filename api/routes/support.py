"""Tickets: opened, read and changed."""

from typing import Annotated

from fastapi import Path, Query

from api.deps import CurrentAdmin, CurrentCaller, Database
from api.whole_route import whole_routes
from models.audit_entry import AuditAction
from schemas.envelope import Success, success
from schemas.reply import Nothing
from schemas.support_ticket import (
    SupportNotificationResponse,
    SupportThreadPage,
    SupportTicketCreate,
    SupportTicketList,
    SupportTicketResponse,
    SupportTicketThread,
    SupportTicketUpdate,
)
from services import cost_service, thread_page_service, ticket_claim_service, ticket_list_service
from services.audit_service import audited
from services.support_service import SupportService
from services.ticket_change_service import change_ticket

router = whole_routes("/api/support", "support")

TicketId = Annotated[int, Path(description="The ticket's number")]
Limit = Annotated[int, Query(ge=1, le=200)]
ThreadLimit = Annotated[int, Query(ge=1, le=500)]


@router.post("/tickets")
def create_ticket(
    body: SupportTicketCreate, db: Database, caller: CurrentCaller
) -> Success[SupportTicketResponse]:
    """Open a ticket for a customer; the one they have already, if it is live."""
    with audited(db, caller, AuditAction.TICKET_CREATE, "ticket") as entry:
        ticket = SupportService.create_ticket(db, body.phone_number, body.sender_name, body.issue_description)
        entry.target_id = ticket.id
    return success(SupportTicketResponse.of(ticket), f"Ticket #{ticket.id} is {ticket.status}.")


@router.get("/open-tickets")
def open_tickets(
    db: Database,
    _admin: CurrentAdmin,
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Limit = 50,
) -> Success[SupportTicketList]:
    """The tickets that are OPEN or IN_PROGRESS, newest first."""
    tickets = SupportService.get_open_tickets(db, skip, limit)
    total = ticket_list_service.count_live(db)
    return success(
        SupportTicketList(tickets=[SupportTicketResponse.of(ticket) for ticket in tickets], total=total)
    )


@router.get("/notifications")
def notifications(db: Database, _admin: CurrentAdmin) -> Success[SupportNotificationResponse]:
    """How much waits for the desk."""
    return success(SupportNotificationResponse(**SupportService.get_notifications(db)))


@router.get("/tickets/{ticket_id}")
def get_ticket(
    ticket_id: TicketId, db: Database, _admin: CurrentAdmin, limit: ThreadLimit | None = None
) -> Success[SupportTicketThread]:
    """A ticket with its thread, or with the newest `limit` messages of it."""
    ticket = thread_page_service.find_ticket(db, ticket_id)
    page = thread_page_service.page(db, ticket, None, limit)
    return success(SupportTicketThread.with_page(ticket, cost_service.of_ticket(db, ticket_id), page))


@router.get("/tickets/{ticket_id}/messages")
def earlier_messages(
    ticket_id: TicketId,
    db: Database,
    _admin: CurrentAdmin,
    before: Annotated[str | None, Query(max_length=60)] = None,
    limit: ThreadLimit = 100,
) -> Success[SupportThreadPage]:
    """A part of the thread: the newest messages, or with `before` those ahead of an `earlier_cursor`."""
    ticket = thread_page_service.find_ticket(db, ticket_id)
    return success(SupportThreadPage.of_page(thread_page_service.page(db, ticket, before, limit)))


@router.patch("/tickets/{ticket_id}")
def update_ticket(
    ticket_id: TicketId, body: SupportTicketUpdate, db: Database, caller: CurrentCaller
) -> Success[SupportTicketResponse]:
    """Change a ticket's status, priority, assignee or tags."""
    fields = body.model_fields_set - {"version"}
    with audited(db, caller, AuditAction.TICKET_CHANGE, "ticket", ticket_id, fields):
        ticket = change_ticket(db, ticket_id, body.change(), actor=caller.admin, version=body.version)
    return success(SupportTicketResponse.of(ticket), f"Ticket #{ticket.id} is up to date.")


@router.post("/tickets/{ticket_id}/claim")
def claim_ticket(
    ticket_id: TicketId, _body: Nothing, db: Database, caller: CurrentCaller
) -> Success[SupportTicketResponse]:
    """Take a ticket that nobody has; where somebody was quicker, the answer says who."""
    with audited(db, caller, AuditAction.TICKET_CLAIM, "ticket", ticket_id):
        ticket = ticket_claim_service.claim(db, ticket_id, caller.admin)
    return success(SupportTicketResponse.of(ticket), f"Ticket #{ticket.id} is yours.")


@router.post("/tickets/{ticket_id}/read")
def mark_read(ticket_id: TicketId, db: Database, caller: CurrentCaller) -> Success[SupportTicketResponse]:
    """Say that somebody at the desk has seen the thread."""
    with audited(db, caller, AuditAction.TICKET_READ, "ticket", ticket_id):
        ticket = ticket_list_service.mark_read(db, ticket_id)
    return success(SupportTicketResponse.of(ticket))
