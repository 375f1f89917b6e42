"""What became of messages that were sent: by us, or by somebody else in the business's name."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from config.conditions import by_index, is_missing
from models.outbound_message import OutboundMessage
from models.support_ticket import SenderType, SupportMessage
from realtime.events import EventKind, record
from services.outbound_message_service import apply_status, find_for_statuses
from whatsapp.incoming import IncomingStatus

ECHO_RANK = {"sent": 1, "failed": 2, "delivered": 3, "read": 4, "played": 5}
"""As for our own messages: a word gives way to a higher one only."""

_ECHOES = by_index(
    select(SupportMessage).where(
        SupportMessage.wamid.in_(bindparam("wamids", expanding=True)),
        is_missing(SupportMessage.outbound_id),
        SupportMessage.sender_type != SenderType.USER,
    ),
    SupportMessage,
    "ix_support_messages_wamid",
)


def apply_statuses(db: Session, statuses: Sequence[IncomingStatus]) -> list[bool]:
    """Take these in, in their order; whether each spoke of a message that is here. Inside an act.

    A status of a group is for one member of several: the ticks of a single customer do not move by it.
    """
    rows = find_for_statuses(db, [(status.wamid, status.callback_id) for status in statuses])
    unknown = {status.wamid for status, row in zip(statuses, rows, strict=True) if row is None}
    echoes = _echoes(db, unknown)
    found = []
    for status, outbound in zip(statuses, rows, strict=True):
        if status.of_group:
            found.append(True)
        elif outbound is not None:
            _apply(db, outbound, status)
            found.append(True)
        else:
            theirs = echoes.get(status.wamid, [])
            for row in theirs:
                _apply_to_echo(db, row, status)
            found.append(bool(theirs))
    return found


def _apply(db: Session, outbound: OutboundMessage, status: IncomingStatus) -> None:
    # what came with `sent` is an estimate, and may come after what came with the delivery
    if status.pricing and (outbound.pricing is None or status.status in ("delivered", "read")):
        outbound.pricing = status.pricing
    apply_status(
        db,
        outbound,
        status.status,
        status.occurred_at,
        status.error_code,
        status.error_detail,
        status.wamid,
    )


def _echoes(db: Session, wamids: set[str]) -> dict[str, list[SupportMessage]]:
    if not wamids:
        return {}
    found: dict[str, list[SupportMessage]] = {}
    for row in db.scalars(_ECHOES, {"wamids": list(wamids)}):
        found.setdefault(str(row.wamid), []).append(row)
    return found


def _apply_to_echo(db: Session, row: SupportMessage, status: IncomingStatus) -> None:
    payload = row.payload or {}
    rank = ECHO_RANK.get(status.status, 0)
    if rank > ECHO_RANK.get(payload.get("status", ""), 0):
        row.payload = {**payload, "status": status.status}
        if row.ticket_id is not None:
            record(db, EventKind.MESSAGE_UPDATED, row.ticket_id, row.id)
