"""Tickets as the list of them shows them, without the session."""

from collections import defaultdict
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from models.admin import Admin
from models.conversation import Conversation
from models.support_ticket import SupportTicket
from models.tag import TicketTag


class TicketRow(SimpleNamespace):
    """What is shown of a SupportTicket, under the names that it has there."""


_TICKETS = (
    select(
        *(getattr(SupportTicket, column.key) for column in SupportTicket.__table__.c),
        Admin.name.label("assigned_admin_name"),
        Conversation.last_customer_message_at,
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

_TAGS = (
    select(TicketTag.ticket_id, TicketTag.tag_id)
    .where(TicketTag.ticket_id.in_(bindparam("ids", expanding=True)))
    .order_by(TicketTag.tag_id)
)


def read_tickets(db: Session, ids: Iterable[int]) -> dict[int, TicketRow]:
    """Those of these tickets that there are, by their numbers."""
    wanted = {"ids": list(ids)}
    if not wanted["ids"]:
        return {}
    tag_ids: dict[int, list[int]] = defaultdict(list)
    connection = db.connection()
    for ticket_id, tag_id in connection.execute(_TAGS, wanted):
        tag_ids[ticket_id].append(tag_id)
    rows: Any = connection.execute(_TICKETS, wanted)
    names = tuple(rows.keys())
    found = [TicketRow(**dict(zip(names, row, strict=True))) for row in rows.all()]
    for row in found:
        row.tag_ids = tag_ids.get(row.id, [])
    return {row.id: row for row in found}
