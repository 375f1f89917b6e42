"""Events that could not be understood: they wait to be looked at, and to be tried again."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config.database import after_commit, transaction
from models.inbound_event import InboundEvent, InboundState
from realtime.bus import INBOX, bus


def replay(db: Session) -> int:
    """Put everything quarantined back into the inbox; how many events that were."""
    with transaction(db):
        again = update(InboundEvent).where(InboundEvent.state == InboundState.QUARANTINED)
        result = db.execute(again.values(state=InboundState.PENDING, attempts=0, next_attempt_at=None))
        after_commit(db, lambda: bus.wake(INBOX))
    return int(result.rowcount)  # type: ignore[attr-defined]


def quarantined(db: Session, before: int | None, limit: int) -> tuple[list[InboundEvent], int]:
    """What could not be understood, newest first from below the id `before`, and how much there is in all."""
    where = InboundEvent.state == InboundState.QUARANTINED
    total = db.scalar(select(func.count()).select_from(InboundEvent).where(where)) or 0
    query = select(InboundEvent).where(where)
    if before is not None:
        query = query.where(InboundEvent.id < before)
    return list(db.scalars(query.order_by(InboundEvent.id.desc()).limit(limit))), total
