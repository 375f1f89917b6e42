"""Words that the desk puts on tickets to find them again."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from config.database import GIVEN_ONCE, Base, UtcDateTime, exact_string, utc_now


class TagColour(StrEnum):
    """How a tag is shown; the dashboard knows a shade of each for light and dark."""

    GRAY = "gray"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    VIOLET = "violet"
    PINK = "pink"


class Tag(Base):
    """A tag. `name_key` is the name without its case: no two tags differ in that alone."""

    __tablename__ = "tags"
    __table_args__ = GIVEN_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_key: Mapped[str] = mapped_column(exact_string(120), unique=True)
    colour: Mapped[str] = mapped_column(String(20), default=TagColour.GRAY)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class TicketTag(Base):
    """That a ticket has a tag."""

    __tablename__ = "ticket_tags"
    __table_args__ = (Index("ix_ticket_tags_tag_id", "tag_id", "ticket_id"),)

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("support_tickets.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    tag_id: Mapped[int] = mapped_column(
        ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
