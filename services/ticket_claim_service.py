"""Taking a free ticket: of many who try at once one gets it, and the others hear who."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models.admin import Admin
from models.support_ticket import SupportTicket
from realtime.events import EventKind, record
from services.ticket_change_service import AlreadyAssigned, lock_ticket
from services.ticket_lifecycle import touch
from services.ticket_timeline import activity


def claim(db: Session, ticket_id: int, admin: Admin) -> SupportTicket:
    """Give the ticket to the admin if nobody has it; to its holder it is given back unchanged.

    Raises TicketNotFound, or AlreadyAssigned with the name of the one who was quicker.
    """
    with transaction(db):
        ticket = lock_ticket(db, ticket_id)
        # The condition decides, so that it holds also against a writer who takes no lock.
        taken = db.connection().execute(
            update(SupportTicket)
            .where(SupportTicket.id == ticket_id, SupportTicket.assigned_admin_id.is_(None))
            .values(assigned_admin_id=admin.id)
        )
        db.refresh(ticket, ["assigned_admin_id", "assigned_admin"])
        if not taken.rowcount:
            if ticket.assigned_admin_id == admin.id:
                return ticket
            holder = select(Admin.name).where(Admin.id == ticket.assigned_admin_id)
            raise AlreadyAssigned(ticket_id, db.scalars(holder).one())
        now = utc_now()
        touch(ticket, now)
        payload = {"activity": "assignee", "from": None, "to": admin.id}
        row = activity(ticket, admin.name, f"{admin.name} took the ticket.", payload, now)
        db.add(row)
        db.flush()
        record(db, EventKind.MESSAGE_CREATED, ticket.id, row.id)
        record(db, EventKind.TICKET_UPDATED, ticket.id)
    return ticket
