"""Taking messages away for good, with everything that hangs on them: files, reactions, what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from config.database import Base, transaction, utc_now
from config.settings import get_settings
from models.graph_task import GraphTask
from models.inbound_event import InboundEvent, InboundState
from models.media_file import MediaFile
from models.message_reaction import MessageReaction
from models.outbound_message import DeliveryState, OutboundMessage
from models.support_ticket import SupportMessage
from services import contact_service
from services.inbound_event_service import digest
from services.media_storage import get_media_storage
from services.outbound_message_service import STATUSES
from whatsapp.payloads import ECHO, MESSAGE, STANDBY_ECHO, STANDBY_MESSAGE, STANDBY_STATUS, STATUS

SHELLS = frozenset({"contacts", "support_tickets", "support_messages", "outbound_messages", "erasures"})
"""Tables whose rows are emptied column by column or deleted one by one, where they stand. All others that
point to what is removed lose their rows by their foreign keys."""

BATCH = 100
"""Messages an act; between two of them the writers of the desk have their turn."""


def remove(db: Session, *which: ColumnElement[bool], limit: int = BATCH) -> int:
    """Remove up to `limit` of these messages; how many that were, 0 when none is left.

    Their files go first: a process that dies in between finds the rows, and with them the rest, again.
    """
    rows = db.execute(
        select(SupportMessage.id, SupportMessage.contact_id, MediaFile.id, MediaFile.storage_key)
        .outerjoin(MediaFile, MediaFile.message_id == SupportMessage.id)
        .where(*which)
        .order_by(SupportMessage.id)
        .limit(limit)
    ).all()
    db.rollback()  # the files take their time, and nothing is held meanwhile
    files = {media_id: key for *_, media_id, key in rows if media_id}
    for media_id in files:
        get_media_storage().delete(media_id)
    if rows:
        with transaction(db):
            contact_service.lock(db, [contact_id for _, contact_id, *_ in rows])
            late = _came_meanwhile(db, files)
            _delete(db, [message_id for message_id, _, media_id, _ in rows if media_id not in late])
    return len(rows)


def _came_meanwhile(db: Session, files: Mapping[int, str | None]) -> set[int]:
    """Of these, with the keys that were seen, those fetched since: nobody would find their files any more.

    Their messages have another turn.
    """
    query = select(MediaFile.id, MediaFile.storage_key).where(MediaFile.id.in_(list(files))).with_for_update()
    return {media_id for media_id, key in db.execute(query) if key != files[media_id]}


def _delete(db: Session, message_ids: Sequence[int]) -> None:
    messages = db.execute(
        select(
            SupportMessage.contact_id,
            SupportMessage.wamid,
            SupportMessage.phone_number_id,
            SupportMessage.outbound_id,
        )
        .where(SupportMessage.id.in_(message_ids))
        .order_by(SupportMessage.id)
    ).all()
    contact_service.lock(db, [row.contact_id for row in messages])
    sent = {row.outbound_id for row in messages if row.outbound_id is not None}
    reactions = select(MessageReaction.outbound_id).where(MessageReaction.message_id.in_(message_ids))
    blank_outbound(db, sent | {each for each in db.scalars(reactions) if each is not None})
    forget_deliveries(db, ((row.wamid, row.phone_number_id) for row in messages if row.wamid))
    wamids = {row.wamid for row in messages if row.wamid}
    tasks = db.execute(select(GraphTask.id, GraphTask.payload)).all()
    about = [task.id for task in tasks if task.payload.get("message_id") in wamids]
    db.execute(delete(GraphTask).where(GraphTask.id.in_(about)))  # WhatsApp's ids hold the number
    db.execute(
        update(SupportMessage)
        .where(SupportMessage.reply_to_id.in_(message_ids))
        .values(reply_to_id=None)
        .execution_options(synchronize_session=False)
    )
    delete_dependants(db, SupportMessage.__table__, message_ids)
    db.execute(
        delete(SupportMessage)
        .where(SupportMessage.id.in_(message_ids))
        .execution_options(synchronize_session=False)
    )


def delete_dependants(db: Session, target: Any, ids: Sequence[int]) -> None:
    """Delete the rows of all tables that point to these rows, and what points to those in turn.

    By the foreign keys, so that a table which is added later is not forgotten. The tables in SHELLS stay;
    a column of theirs that may be empty no longer points there.
    """
    for table in reversed(Base.metadata.sorted_tables):
        if table is target or not ids:
            continue
        for key in table.foreign_keys:
            if key.column.table is not target:
                continue
            points = key.parent.in_(ids)
            if table.name not in SHELLS:
                first = next(iter(table.primary_key))
                delete_dependants(db, table, db.scalars(select(first).where(points)).all())
                db.execute(table.delete().where(points))
            elif key.parent.nullable:
                db.execute(table.update().where(points).values({key.parent.name: None}))


def blank_outbound(db: Session, ids: Iterable[int]) -> None:
    """Nothing of what these said, or to whom, is left; what they cost and when they went is. Inside an act.

    What has not been sent is not sent any more, and is no failure that anybody would look for.
    """
    wanted = sorted(ids)
    earlier: Sequence[int] = wanted
    while earlier := [
        each
        for each in db.scalars(
            select(OutboundMessage.retry_of_id).where(
                OutboundMessage.id.in_(earlier), OutboundMessage.retry_of_id.is_not(None)
            )
        )
        if each is not None and each not in wanted
    ]:
        wanted = sorted({*wanted, *earlier})
    which = OutboundMessage.id.in_(wanted)
    quiet = {"synchronize_session": False}
    db.execute(
        update(OutboundMessage)
        .where(which, OutboundMessage.state == DeliveryState.QUEUED)
        .values(state=DeliveryState.FAILED, next_attempt_at=None, dismissed_at=utc_now())
        .execution_options(**quiet)
    )
    db.execute(
        update(OutboundMessage)
        .where(which)
        .values(payload={}, wamid=None, error_detail=None)
        .execution_options(**quiet)
    )


def forget_deliveries(db: Session, wamids: Iterable[tuple[str, str | None]]) -> None:
    """What webhooks brought of these messages, and of their ticks, is no longer kept. Inside an act.

    The key of the event stays, a hash, so that the same webhook again changes nothing.
    """
    own = get_settings().whatsapp_phone_number_id
    keys = []
    for wamid, number in wamids:
        for each in {number or own, own, ""}:
            keys += [f"{kind}:{each}:{wamid}" for kind in (MESSAGE, ECHO, STANDBY_MESSAGE, STANDBY_ECHO)]
            keys += [
                f"{kind}:{each}:{wamid}:{word}:" for kind in (STATUS, STANDBY_STATUS) for word in STATUSES
            ]
    hashes = [digest(key) for key in keys]
    for start in range(0, len(hashes), 1000):
        blank_events(db, InboundEvent.dedupe_key.in_(hashes[start : start + 1000]))


def blank_events(db: Session, which: ColumnElement[bool]) -> None:
    """Of these events only that they came is kept. What is still to be worked off stays. Inside an act."""
    db.execute(
        update(InboundEvent)
        .where(which, InboundEvent.state != InboundState.PENDING)
        .values(payload="", lane="", error=None, state=InboundState.DONE)
        .execution_options(synchronize_session=False)
    )
