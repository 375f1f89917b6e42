"""Tickets as the list of them shows them, without the session."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from models.admin import Admin
from models.conversation import Conversation
from models.support_ticket import SupportTicket
from models.tag import TicketTag


class TicketRow(SimpleNamespace):
    """What is shown of a SupportTicket, under the names that it has there."""


_TAG_IDS = (
    select(func.group_concat(TicketTag.tag_id))
    .where(TicketTag.ticket_id == SupportTicket.id)
    .scalar_subquery()
    .label("tag_ids")
)
_TICKETS = (
    select(
        *(getattr(SupportTicket, column.key) for column in SupportTicket.__table__.c),
        Admin.name.label("assigned_admin_name"),
        Conversation.last_customer_message_at,
        _TAG_IDS,
    )
    .outerjoin(Admin, Admin.id == SupportTicket.assigned_admin_id)
    .outerjoin(
        Conversation,
        and_(
            Conversation.contact_id == SupportTicket.contact_id,
            Conversation.phone_number_id == SupportTicket.phone_number_id,
        ),
    )
    .where(SupportTicket.id.in_(bindparam("ids", expanding=True)))
)


def read_tickets(db: Session, ids: Iterable[int]) -> dict[int, TicketRow]:
    """Those of these tickets that there are, by their numbers."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows: Any = db.connection().execute(_TICKETS, {"ids": wanted})
    names = tuple(rows.keys())
    found = [TicketRow(**dict(zip(names, row, strict=True))) for row in rows.all()]
    for row in found:
        row.tag_ids = sorted(map(int, row.tag_ids.split(","))) if row.tag_ids else []
    return {row.id: row for row in found}
