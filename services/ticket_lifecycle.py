"""What may become of a ticket. Pure."""

from datetime import datetime, timedelta

from models.support_ticket import LIVE_STATUSES, SupportTicket, TicketStatus
from services.errors import DeskError

REOPENING_PERIOD = timedelta(days=7)
"""For so long after its end a customer's reply brings a ticket back instead of opening another."""

FOLLOWING = {
    TicketStatus.OPEN: {TicketStatus.IN_PROGRESS, TicketStatus.RESOLVED, TicketStatus.CLOSED},
    TicketStatus.IN_PROGRESS: {TicketStatus.OPEN, TicketStatus.RESOLVED, TicketStatus.CLOSED},
    TicketStatus.RESOLVED: {TicketStatus.OPEN, TicketStatus.IN_PROGRESS, TicketStatus.CLOSED},
    TicketStatus.CLOSED: {TicketStatus.OPEN},
}


class UnknownStatus(DeskError):
    """The text names no status."""

    code = "unknown_status"

    def __init__(self, status: object) -> None:
        known = ", ".join(TicketStatus)
        super().__init__(f"There is no status {str(status)[:40]!r}; a ticket is one of {known}.")


class StatusNotAllowed(DeskError):
    """The ticket cannot go from its status to that one."""

    status = 409
    code = "status_not_allowed"

    def __init__(self, present: TicketStatus, wanted: TicketStatus) -> None:
        possible = ", ".join(each for each in TicketStatus if each in FOLLOWING[present])
        super().__init__(f"A ticket that is {present} cannot become {wanted}, only {possible}.")


def parse_status(status: object) -> TicketStatus:
    """Raises UnknownStatus."""
    try:
        return TicketStatus(str(status))
    except ValueError:
        raise UnknownStatus(status) from None


def change_status(ticket: SupportTicket, wanted: TicketStatus, now: datetime) -> bool:
    """Move the ticket and all that hangs on its status; False where it was there already.

    Raises StatusNotAllowed. The caller holds the lock on the ticket's contact.
    """
    if ticket.status == wanted:
        return False
    if wanted not in FOLLOWING[ticket.status]:
        raise StatusNotAllowed(ticket.status, wanted)
    ticket.status = wanted
    if wanted in LIVE_STATUSES:
        ticket.live_contact_id = ticket.contact_id
        ticket.resolved_at = None
    else:
        ticket.live_contact_id = None
        ticket.resolved_at = ticket.resolved_at or now
        ticket.waiting_since = None
    touch(ticket, now)
    return True


def touch(ticket: SupportTicket, now: datetime) -> None:
    """Every change gives a ticket a new version."""
    ticket.version = (ticket.version or 0) + 1
    ticket.updated_at = now


def is_reopenable(ticket: SupportTicket, now: datetime) -> bool:
    """Whether a reply of the customer brings the ticket back."""
    return ticket.resolved_at is not None and now - ticket.resolved_at <= REOPENING_PERIOD
