"""Putting tags on a ticket and taking them off."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.support_ticket import SupportMessage, SupportTicket
from models.tag import Tag, TicketTag
from services.errors import DeskError
from services.ticket_lifecycle import touch
from services.ticket_timeline import activity

MOST_ON_A_TICKET = 20


class UnknownTag(DeskError):
    """One of the tags to put on a ticket does not exist."""

    code = "unknown_tag"

    def __init__(self, tag_id: int) -> None:
        super().__init__(f"There is no tag {tag_id}, or not any more.")


class TooManyTags(DeskError):
    """The ticket would have more tags than one can take in."""

    code = "too_many_tags"

    def __init__(self) -> None:
        super().__init__(f"A ticket has {MOST_ON_A_TICKET} tags at most; take one off first.")


def change_tags(
    db: Session,
    ticket: SupportTicket,
    added: frozenset[int],
    removed: frozenset[int],
    name: str,
    now: datetime,
) -> list[SupportMessage]:
    """A row of the timeline for what is different now. Raises UnknownTag or TooManyTags.

    The caller holds the lock on the ticket's contact.
    """
    there = {tagging.tag_id for tagging in ticket.taggings}
    wanted, unwanted = added - removed - there, (removed - added) & there
    if not wanted and not unwanted:
        return []
    if len(there) + len(wanted) - len(unwanted) > MOST_ON_A_TICKET:
        raise TooManyTags
    # locked, so that a tag that is being merged or deleted does not come back on this ticket
    query = select(Tag).where(Tag.id.in_(wanted | unwanted)).order_by(Tag.id).with_for_update(read=True)
    tags = {tag.id: tag.name for tag in db.scalars(query)}
    for tag_id in sorted(wanted - tags.keys()):
        raise UnknownTag(tag_id)
    kept = [tagging for tagging in ticket.taggings if tagging.tag_id not in unwanted]
    new = [TicketTag(ticket_id=ticket.id, tag_id=tag_id) for tag_id in wanted]
    ticket.taggings = sorted(kept + new, key=lambda tagging: tagging.tag_id)
    touch(ticket, now)
    words = [
        f"{verb} the tag{'s' if len(names) > 1 else ''} {', '.join(names)}"
        for verb, ids in (("added", wanted), ("removed", unwanted))
        if (names := sorted(tags.get(tag_id, "") for tag_id in ids))
    ]
    payload = {"activity": "tags", "added": sorted(wanted), "removed": sorted(unwanted)}
    return [activity(ticket, name, f"{name} {' and '.join(words)}.", payload, now)]
