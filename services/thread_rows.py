"""Rows of the thread as the desk shows them, without the session: a thread has hundreds of them.

Each kind of thing that belongs to a row is read by itself, and only for the rows that can have it. Joined to
the rows they are sixty columns, nearly all of them empty, and reading those took longer than all else.
"""

from collections import defaultdict
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.media_file import MediaFile
from models.message_reaction import MessageReaction
from models.outbound_message import OutboundMessage
from models.support_ticket import MessageKind, SupportMessage

WITHOUT_FILE = (MessageKind.TEXT, MessageKind.ACTIVITY, MessageKind.NOTE)


class ThreadRow(SimpleNamespace):
    """What is shown of a SupportMessage, under the names that it has there."""


def _of(column: InstrumentedAttribute[Any], *others: InstrumentedAttribute[Any]) -> Select[Any]:
    return select(column, *others).where(column.in_(bindparam("ids", expanding=True)))


THREAD_ROWS: Select[Any] = select(
    SupportMessage.id,
    SupportMessage.ticket_id,
    SupportMessage.phone_number_id,
    SupportMessage.sender_type,
    SupportMessage.sender_name,
    SupportMessage.message,
    SupportMessage.kind,
    SupportMessage.payload,
    SupportMessage.created_at,
    SupportMessage.occurred_at,
    SupportMessage.client_id,
    SupportMessage.reply_to_id,
    SupportMessage.edited_at,
    SupportMessage.original_message,
    SupportMessage.revoked_at,
    SupportMessage.outbound_id,
)
THREAD_ROWS_BY_ID = THREAD_ROWS.where(SupportMessage.id.in_(bindparam("ids", expanding=True)))

_FILES = _of(
    MediaFile.message_id,
    MediaFile.id,
    MediaFile.kind,
    MediaFile.mime_type,
    MediaFile.filename,
    MediaFile.size,
    MediaFile.width,
    MediaFile.height,
    MediaFile.duration_ms,
    MediaFile.state,
    MediaFile.error,
    MediaFile.storage_key,
    MediaFile.thumbnail_key,
    MediaFile.playable_key,
)

_REACTIONS = _of(
    MessageReaction.message_id,
    MessageReaction.sender_type,
    MessageReaction.sender_name,
    MessageReaction.emoji,
    MessageReaction.outbound_id,
).order_by(MessageReaction.sender_type)

_ATTEMPTS = _of(
    OutboundMessage.id,
    OutboundMessage.state,
    OutboundMessage.error_code,
    OutboundMessage.error_detail,
    OutboundMessage.sent_at,
    OutboundMessage.delivered_at,
    OutboundMessage.read_at,
    OutboundMessage.dismissed_at,
    OutboundMessage.retry_of_id,
)


def read_thread(db: Session, query: Select[Any], asked: dict[str, Any]) -> list[ThreadRow]:
    """The rows of the query, which is THREAD_ROWS narrowed, with all that belongs to them."""
    rows = _read(db, query, asked, ThreadRow)
    with_file = [row.id for row in rows if row.kind not in WITHOUT_FILE]
    files = {each.message_id: each for each in _all(db, _FILES, with_file)}
    reactions: dict[int, list[Any]] = defaultdict(list)
    given = _all(db, _REACTIONS, [row.id for row in rows])
    attempts = _attempts(db, {each.outbound_id for each in (*rows, *given)} - {None})
    for each in given:
        each.outbound = attempts.get(each.outbound_id)
        reactions[each.message_id].append(each)
    for row in rows:
        row.outbound = attempts.get(row.outbound_id)
        row.media = files.get(row.id)
        row.reactions = reactions.get(row.id, ())
    return rows


def _attempts(db: Session, ids: set[int]) -> dict[int, SimpleNamespace]:
    """These attempts, and those that they repeat."""
    found: dict[int, SimpleNamespace] = {}
    while ids:
        found |= {each.id: each for each in _all(db, _ATTEMPTS, ids)}
        ids = {each.retry_of_id for each in found.values()} - {None} - set(found)
    for each in found.values():
        each.retry_of = found.get(each.retry_of_id)
    return found


def _all(db: Session, query: Select[Any], ids: Iterable[int]) -> list[SimpleNamespace]:
    wanted = list(ids)
    return _read(db, query, {"ids": wanted}, SimpleNamespace) if wanted else []


def _read(db: Session, query: Select[Any], given: dict[str, Any], kind: type[Any]) -> list[Any]:
    found = db.connection().execute(query, given)
    names = tuple(found.keys())
    return [kind(**dict(zip(names, row, strict=True))) for row in found.all()]
