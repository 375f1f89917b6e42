"""Looking at what the desk did, as another connection sees it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.database import Base, SessionLocal
from models import DeskEvent, SupportTicket
from services.support_service import SupportService


def count(model: type[Base]) -> int:
    """As another connection sees it."""
    with SessionLocal() as other:
        return other.scalar(select(func.count()).select_from(model)) or 0


def stored(ticket_id: int) -> SupportTicket:
    """As another connection sees it."""
    with SessionLocal() as other:
        found = SupportService.get_ticket(other, ticket_id)
        assert found is not None
        return found


def events(db: Session) -> list[tuple[str, int | None, int | None]]:
    query = select(DeskEvent).order_by(DeskEvent.seq)
    return [(each.kind, each.ticket_id, each.message_id) for each in db.scalars(query)]
