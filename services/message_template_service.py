"""The business account's templates, as Meta last told them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models.message_template import MessageTemplate
from realtime.events import EventKind, record
from services.errors import DeskError
from whatsapp.templates import ListedTemplate

APPROVED = "APPROVED"


class TemplateNotFound(DeskError):
    """The business account has no such template."""

    status = 404
    code = "template_not_found"

    def __init__(self, name: str, language: str) -> None:
        super().__init__(f"There is no template {name[:60]!r} in the language {language[:20]!r}.")


class TemplateNotApproved(DeskError):
    """WhatsApp sends only templates that it has approved."""

    status = 409
    code = "template_not_approved"

    def __init__(self, name: str, status: str) -> None:
        super().__init__(f"The template {name!r} is {status.lower()} and cannot be sent; take another one.")


def list_templates(db: Session, statuses: Sequence[str] = ()) -> list[MessageTemplate]:
    """Those that the account has, by name and language; of these states only, where any are given."""
    query = select(MessageTemplate).where(MessageTemplate.gone_at.is_(None))
    if statuses:
        query = query.where(MessageTemplate.status.in_(statuses))
    return list(db.scalars(query.order_by(MessageTemplate.name, MessageTemplate.language)))


def find_sendable(db: Session, name: str, language: str) -> MessageTemplate:
    """Raises TemplateNotFound or TemplateNotApproved."""
    found = db.scalar(
        select(MessageTemplate)
        .where(MessageTemplate.name == name, MessageTemplate.language == language)
        .execution_options(populate_existing=True)
    )
    if found is None or found.gone_at is not None:
        raise TemplateNotFound(name, language)
    if found.status != APPROVED:
        raise TemplateNotApproved(name, found.status)
    return found


def store(db: Session, listed: Sequence[ListedTemplate]) -> None:
    """Take in the whole list of the account; what is not in it is gone. The desk is told."""
    with transaction(db):
        now = utc_now()
        query = select(MessageTemplate).with_for_update().execution_options(populate_existing=True)
        known = {(row.name, row.language): row for row in db.scalars(query)}
        for each in listed:
            row = known.get((each.name, each.language))
            if row is None:
                row = known[each.name, each.language] = MessageTemplate(
                    name=each.name, language=each.language
                )
                db.add(row)
            row.provider_template_id = each.provider_template_id
            row.status, row.category = each.status, each.category
            row.quality, row.reason = each.quality, each.reason
            row.components = each.components
            row.synced_at, row.gone_at = now, None
        found = {(each.name, each.language) for each in listed}
        for key, row in known.items():
            if key not in found:
                row.gone_at = row.gone_at or now
        record(db, EventKind.ACCOUNT_UPDATED)
