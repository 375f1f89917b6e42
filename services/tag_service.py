"""The tags of the desk. What hangs on many tickets changes in bounded steps, so that nobody waits long."""

import unicodedata
from dataclasses import dataclass

from sqlalchemy import Select, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.database import transaction
from models.audit_entry import AuditAction
from models.support_ticket import SupportTicket
from models.tag import Tag, TagColour, TicketTag
from realtime.events import EventKind, record
from services import audit_service, contact_service
from services.actor import COMMAND_LINE, Actor
from services.errors import DeskError
from services.ticket_change_service import LARGEST_ID
from whatsapp.values import short_text

LONGEST_NAME = 40
LONGEST_KEY = 120
MOST_TAGS = 500
"""More than that nobody finds again."""

STEP = 200
"""So many tickets lose or change a tag in one act."""


class TagNotFound(DeskError):
    """There is no tag of that id."""

    status = 404
    code = "tag_not_found"

    def __init__(self, tag_id: int) -> None:
        super().__init__(f"There is no tag {tag_id}, or not any more.")


class TagExists(DeskError):
    """Another tag has this name."""

    status = 409
    code = "tag_exists"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a tag {name} already.")


class InvalidTag(DeskError):
    """The name or the colour will not do; the message says why."""

    code = "invalid_tag"


@dataclass(frozen=True)
class CountedTag:
    """A tag, and how many tickets have it."""

    tag: Tag
    tickets: int


def list_tags(db: Session) -> list[CountedTag]:
    """All tags by name."""
    counts = {row[0]: row[1] for row in db.execute(_counts())}
    return [CountedTag(tag, counts.get(tag.id, 0)) for tag in db.scalars(select(Tag).order_by(Tag.name_key))]


def get(db: Session, tag_id: int) -> CountedTag:
    """Raises TagNotFound."""
    tag = _find(db, tag_id)
    return CountedTag(tag, db.scalar(select(func.count()).where(TicketTag.tag_id == tag_id)) or 0)


def create(db: Session, name: str, colour: str = TagColour.GRAY) -> Tag:
    """Raises TagExists or InvalidTag."""
    with transaction(db):
        wanted = _checked_name(name)
        _refuse_second(db, wanted, None)
        if (db.scalar(select(func.count()).select_from(Tag)) or 0) >= MOST_TAGS:
            raise InvalidTag(
                f"There are {MOST_TAGS} tags, which is as many as there can be. Merge some first."
            )
        tag = Tag(name=wanted, name_key=name_key(wanted), colour=_checked_colour(colour))
        db.add(tag)
        _flush(db, wanted)
        record(db, EventKind.TAGS_UPDATED)
    return tag


def change(db: Session, tag_id: int, *, name: str | None = None, colour: str | None = None) -> CountedTag:
    """Give a tag another name or colour. Raises TagNotFound, TagExists or InvalidTag."""
    with transaction(db):
        tag = _find(db, tag_id, lock=True)
        if name is not None:
            tag.name = _checked_name(name)
            tag.name_key = name_key(tag.name)
            with db.no_autoflush:
                _refuse_second(db, tag.name, tag_id)
        if colour is not None:
            tag.colour = _checked_colour(colour)
        _flush(db, tag.name)
        record(db, EventKind.TAGS_UPDATED)
    return get(db, tag_id)


def merge(db: Session, tag_id: int, into_id: int, actor: Actor = COMMAND_LINE) -> CountedTag:
    """Give every ticket that has the tag the other one instead. Raises TagNotFound or InvalidTag.

    It happens in steps: one that is cut off leaves both tags, and asking again goes on with it.
    """
    if tag_id == into_id:
        raise InvalidTag("A tag cannot be merged into itself; choose another one.")
    while _step(db, tag_id, into_id, actor):
        pass
    return get(db, into_id)


def remove(db: Session, tag_id: int, actor: Actor = COMMAND_LINE) -> None:
    """Take the tag off every ticket, and away. In steps, like a merge. Raises TagNotFound."""
    while _step(db, tag_id, None, actor):
        pass


def name_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return unicodedata.normalize("NFKC", name).casefold()


def _step(db: Session, tag_id: int, into_id: int | None, actor: Actor) -> bool:
    with transaction(db):
        _find(db, tag_id)  # no number that the database could not even compare goes further
        some = select(TicketTag.ticket_id).where(TicketTag.tag_id == tag_id)
        tickets = list(db.scalars(some.order_by(TicketTag.ticket_id).limit(STEP)))
        # as whoever changes a ticket does: first the contacts, then the tags, each in their order
        contacts = select(SupportTicket.contact_id).where(SupportTicket.id.in_(tickets))
        contact_service.lock(db, list(db.scalars(contacts)))
        locked = {each: _find(db, each, lock=True) for each in sorted({tag_id, into_id or tag_id})}
        if into_id is not None:
            present = select(TicketTag.ticket_id).where(
                TicketTag.tag_id == into_id, TicketTag.ticket_id.in_(tickets)
            )
            lacking = set(tickets) - set(db.scalars(present))
            db.add_all(TicketTag(ticket_id=ticket_id, tag_id=into_id) for ticket_id in sorted(lacking))
            db.flush()
        db.execute(delete(TicketTag).where(TicketTag.tag_id == tag_id, TicketTag.ticket_id.in_(tickets)))
        if db.scalar(some.limit(1)) is not None:
            return True
        db.delete(locked[tag_id])
        action = AuditAction.TAG_DELETE if into_id is None else AuditAction.TAG_MERGE
        audit_service.record(db, actor, action, "tag", tag_id)
        record(db, EventKind.TAGS_UPDATED)
    return False


def _counts() -> Select[int, int]:
    return select(TicketTag.tag_id, func.count()).group_by(TicketTag.tag_id)


def _find(db: Session, tag_id: int, *, lock: bool = False) -> Tag:
    query = select(Tag).where(Tag.id == tag_id).execution_options(populate_existing=True)
    tag = db.scalar(query.with_for_update() if lock else query) if 0 < tag_id <= LARGEST_ID else None
    if tag is None:
        raise TagNotFound(tag_id)
    return tag


def _refuse_second(db: Session, name: str, tag_id: int | None) -> None:
    other = db.scalar(select(Tag).where(Tag.name_key == name_key(name)))
    if other is not None and other.id != tag_id:
        raise TagExists(other.name)


def _flush(db: Session, name: str) -> None:
    try:
        db.flush()
    except IntegrityError:  # somebody else gave that name to a tag at the same moment
        raise TagExists(name) from None


def _checked_name(name: str) -> str:
    words = short_text(name, LONGEST_NAME + 1)
    if not words:
        raise InvalidTag("A tag needs a name.")
    # a few signs stand for eighteen letters each, which the key has one by one
    if len(words) > LONGEST_NAME or len(name_key(words)) > LONGEST_KEY:
        raise InvalidTag(f"The name of a tag has {LONGEST_NAME} characters at most.")
    return words


def _checked_colour(colour: str) -> TagColour:
    try:
        return TagColour(colour)
    except ValueError:
        known = ", ".join(TagColour)
        raise InvalidTag(f"There is no colour {colour[:40]!r}; use one of {known}.") from None
