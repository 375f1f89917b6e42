"""What the desk is told."""

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from config.database import Base, UtcDateTime, utc_now

BigId = BigInteger().with_variant(Integer, "sqlite")


class DeskEvent(Base):
    """Something that a dashboard must show. `seq` has no gaps and grows in the order of the commits.

    It names what changed and holds none of it: personal data has one home.
    """

    __tablename__ = "desk_events"

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    ticket_id: Mapped[int | None]
    message_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)


class EventSequence(Base):
    """One row, whose lock is held from taking the next `seq` to the commit.

    An auto-increment id would become visible out of order, and a cursor over it would skip rows. The numbers
    of live tickets are as of `counted_seq`, which falls behind where a release without them writes.
    """

    __tablename__ = "event_sequence"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_seq: Mapped[int] = mapped_column(BigId, default=0)
    counted_seq: Mapped[int] = mapped_column(BigId, server_default="-1")
    open_tickets: Mapped[int] = mapped_column(server_default="0")
    in_progress_tickets: Mapped[int] = mapped_column(server_default="0")
    unassigned_tickets: Mapped[int] = mapped_column(server_default="0")
