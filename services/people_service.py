"""Managing the others at the desk: who may do what to whom."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import after_commit, transaction, utc_now
from models.admin import Admin, AdminInvite, ApiToken, Role
from models.audit_entry import AuditAction
from models.desk_setting import DeskSetting
from realtime.presence import presence
from services import second_factor_service, session_service
from services.actor import Actor, Caller
from services.audit_service import audited
from services.errors import AdminNotFound, DeskError, NotAllowed, NotSignedIn
from services.permissions import Permission, may
from services.ticket_change_service import LARGEST_ID

CHANGED = "people_changed"
"""The setting that every act writes which may change who is an owner."""


class LastOwner(DeskError):
    """Without an owner nobody could make another one."""

    status = 409
    code = "last_owner"

    def __init__(self) -> None:
        super().__init__("This is the only owner of the desk. Make somebody else an owner first.")


def list_all(db: Session) -> Sequence[Admin]:
    """Everybody, also who is disabled, by name."""
    return db.scalars(select(Admin).order_by(Admin.disabled_at.is_not(None), Admin.name, Admin.id)).all()


def refuse_beyond_reach(actor: Caller, *roles: Role) -> None:
    """Raises NotAllowed where one of the roles is above what the actor manages, or they manage nobody."""
    if not may(actor.admin.role, Permission.MANAGE_PEOPLE):
        raise NotAllowed
    everybody = may(actor.admin.role, Permission.MANAGE_EVERYBODY)
    if not everybody and any(role is not Role.AGENT for role in roles):
        raise NotAllowed("Only an owner can do this to admins and owners.")


def change_role(db: Session, actor: Caller, admin_id: int, role: Role) -> Admin:
    """Give somebody another role; they sign in anew. Raises AdminNotFound, NotAllowed or LastOwner."""
    with audited(db, actor, AuditAction.ROLE_CHANGE, "admin", admin_id, [f"role={role}"]):
        owners, admin = _lock(db, admin_id, actor)
        refuse_beyond_reach(actor, admin.role, role)
        if admin.role is role:
            return admin
        _keep_an_owner(owners, admin)
        admin.role = role
        session_service.end_all(db, admin.id)
    return admin


def disable(db: Session, actor: Actor, admin_id: int) -> Admin:
    """Shut somebody out: sessions, tokens, pages and presence end now. The name stays on what was written.

    Raises AdminNotFound, NotAllowed or LastOwner.
    """
    with audited(db, actor, AuditAction.ADMIN_DISABLE, "admin", admin_id):
        owners, admin = _lock(db, admin_id, actor)
        if isinstance(actor, Caller):
            refuse_beyond_reach(actor, admin.role)
        _keep_an_owner(owners, admin)
        admin.disabled_at = admin.disabled_at or utc_now()
        _close_doors(db, admin.id)
        after_commit(db, lambda: presence.drop(admin_id))
    return admin


def enable(db: Session, actor: Caller, admin_id: int) -> Admin:
    """Let somebody in again, with their old password. Raises AdminNotFound or NotAllowed."""
    with audited(db, actor, AuditAction.ADMIN_ENABLE, "admin", admin_id):
        _, admin = _lock(db, admin_id, actor)
        refuse_beyond_reach(actor, admin.role)
        if admin.disabled_at is not None:
            _close_doors(db, admin.id)  # what was under way while they were shut out came too late for it
        admin.disabled_at = None
    return admin


def reset_second_factor(db: Session, actor: Caller, admin_id: int) -> Admin:
    """Take a colleague's lost second factor away. Raises AdminNotFound or NotAllowed."""
    with transaction(db):
        _, admin = _lock(db, admin_id, actor)
        if not may(actor.admin.role, Permission.MANAGE_EVERYBODY):
            raise NotAllowed
        second_factor_service.reset(db, admin, actor)
    return admin


def _close_doors(db: Session, admin_id: int) -> None:
    """Sessions, tokens and invitations: nothing that somebody left behind may let anybody in."""
    session_service.end_all(db, admin_id)
    for token in db.scalars(select(ApiToken).where(ApiToken.admin_id == admin_id)):
        token.revoked_at = token.revoked_at or utc_now()
    invites = select(AdminInvite).where(AdminInvite.invited_by == admin_id)
    for invite in db.scalars(invites.where(AdminInvite.accepted_at.is_(None))):
        invite.revoked_at = invite.revoked_at or utc_now()


def _lock(db: Session, admin_id: int, actor: Actor) -> tuple[Sequence[Admin], Admin]:
    """All owners who may sign in, and the one admin: of two who disable each other one stays.

    The actor is read anew as well: who was made less or shut out while this was under way does nothing more.
    In a cluster a lock holds at one of its servers alone: two acts meet in what both write.
    """
    ids = [admin_id if admin_id <= LARGEST_ID else 0] + ([actor.admin.id] if actor.admin else [])
    query = (
        select(Admin)
        .where((Admin.role == Role.OWNER) | Admin.id.in_(ids))
        .order_by(Admin.id)
        .with_for_update()
    )
    found = db.scalars(query.execution_options(populate_existing=True)).all()
    db.merge(DeskSetting(name=CHANGED, value={}, updated_at=utc_now()))
    if actor.admin and actor.admin.disabled_at is not None:
        raise NotSignedIn
    owners = [admin for admin in found if admin.role is Role.OWNER and admin.disabled_at is None]
    for admin in found:
        if admin.id == admin_id:
            return owners, admin
    raise AdminNotFound(admin_id)


def _keep_an_owner(owners: Sequence[Admin], admin: Admin) -> None:
    if [owner.id for owner in owners] == [admin.id]:
        raise LastOwner
