"""The same change on many tickets, in acts of a few: live traffic waits for one such act at most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from models.admin import Admin
from models.audit_entry import AuditAction
from models.support_ticket import SupportTicket
from services import contact_service
from services.actor import Caller
from services.audit_service import record
from services.errors import DeskError
from services.ticket_change_service import LARGEST_ID, Change, change_ticket

MOST_TICKETS = 500
STEP = 25
"""So many tickets are changed in one act."""


@dataclass
class BulkOutcome:
    """What became of each ticket: changed, or refused with its reason."""

    changed: list[SupportTicket] = field(default_factory=list)
    refused: list[tuple[int, DeskError]] = field(default_factory=list)


def change_tickets(
    db: Session, ticket_ids: Sequence[int], change: Change, actor: Caller, fields: Iterable[str] = ()
) -> BulkOutcome:
    """Make the change on each of the tickets that allows it; one that does not keeps none of it back.

    `fields` names for the audit log what is changed.
    """
    outcome = BulkOutcome()
    distinct = list(dict.fromkeys(ticket_ids))
    for start in range(0, len(distinct), STEP):
        with transaction(db):
            step = distinct[start : start + STEP]
            _lock_contacts(db, step)
            for ticket_id in step:
                if _change_one(db, ticket_id, change, actor.admin, outcome):
                    record(db, actor, AuditAction.TICKET_CHANGE, "ticket", ticket_id, fields)
    return outcome


def _lock_contacts(db: Session, ticket_ids: Sequence[int]) -> None:
    """All at once and in their order: two such acts must not wait for each other."""
    known = [ticket_id for ticket_id in ticket_ids if 0 < ticket_id <= LARGEST_ID]
    contacts = select(SupportTicket.contact_id).where(SupportTicket.id.in_(known))
    contact_service.lock(db, list(db.scalars(contacts)))


def _change_one(db: Session, ticket_id: int, change: Change, actor: Admin, outcome: BulkOutcome) -> bool:
    try:
        with db.begin_nested():  # a refusal undoes what was changed of this ticket before it
            outcome.changed.append(change_ticket(db, ticket_id, change, actor=actor))
    except DeskError as error:
        outcome.refused.append((ticket_id, error))
        return False
    return True
