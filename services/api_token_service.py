"""Programs that act for an admin."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, joinedload

from config.database import transaction, utc_now
from models.admin import Admin, ApiToken
from models.audit_entry import AuditAction
from services import admin_service
from services.actor import COMMAND_LINE, Actor
from services.audit_service import audited
from services.errors import AdminNotFound, ApiTokenNotFound
from services.ticket_change_service import LARGEST_ID
from services.tokens import new_token, token_hash

PREFIX = "cst_"
USED_EVERY = timedelta(minutes=5)

_WORKING = (
    select(ApiToken)
    .join(ApiToken.admin)
    .options(joinedload(ApiToken.admin))
    .where(
        ApiToken.token_hash.in_(bindparam("hashes", expanding=True)),
        ApiToken.revoked_at.is_(None),
        Admin.disabled_at.is_(None),
    )
)


def create(db: Session, email: str, name: str, actor: Actor = COMMAND_LINE) -> tuple[ApiToken, str]:
    """A token for the admin of this address, and its text, which is kept nowhere.

    Raises AdminNotFound.
    """
    admin = admin_service.find_active(db, email)
    if admin is None:
        raise AdminNotFound(admin_service.normalise_email(email))
    text = PREFIX + new_token()
    token = ApiToken(name=name[:255], token_hash=token_hash(text), admin_id=admin.id)
    with audited(db, actor, AuditAction.TOKEN_CREATE, "api_token") as entry:
        db.add(token)
        db.flush()
        entry.target_id = token.id
    return token, text


def find(db: Session, text: str) -> ApiToken | None:
    """The token, with whom it acts for; None when it is unknown or revoked, or its admin is disabled."""
    return holding(db, [text]).get(text)


def holding(db: Session, texts: Collection[str]) -> dict[str, ApiToken]:
    """Those of these tokens that work, as `find` gives them. They count as used now."""
    if not texts:
        return {}
    by_hash = {token_hash(text): text for text in texts}
    tokens = db.scalars(_WORKING, {"hashes": list(by_hash)}).all()
    now = utc_now()
    used = [each.id for each in tokens if each.last_used_at is None or each.last_used_at < now - USED_EVERY]
    if used:
        with transaction(db):
            db.execute(update(ApiToken).where(ApiToken.id.in_(used)).values(last_used_at=now))
    return {by_hash[each.token_hash]: each for each in tokens}


def list_working(db: Session, admin_id: int) -> Sequence[ApiToken]:
    """An admin's tokens that work, newest first."""
    working = select(ApiToken).where(ApiToken.admin_id == admin_id, ApiToken.revoked_at.is_(None))
    return db.scalars(working.order_by(ApiToken.id.desc())).all()


def revoke(db: Session, token_id: int, actor: Actor = COMMAND_LINE) -> None:
    """The token stops working now. It must be the actor's own, but for the command line.

    Raises ApiTokenNotFound.
    """
    token = db.get(ApiToken, token_id) if 0 < token_id <= LARGEST_ID else None
    foreign = token is not None and actor.admin is not None and token.admin_id != actor.admin.id
    if token is None or foreign or token.revoked_at is not None:
        raise ApiTokenNotFound(token_id)
    with audited(db, actor, AuditAction.TOKEN_REVOKE, "api_token", token_id):
        token.revoked_at = utc_now()
