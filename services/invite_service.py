"""Letting somebody in by a link: it works once, for a while, and only its hash is kept."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from config.database import utc_now
from config.settings import get_settings
from models.admin import Admin, AdminInvite, Role
from models.audit_entry import AuditAction, Via
from services import admin_service, password_service, session_service
from services.actor import Actor, Caller
from services.audit_service import audited
from services.errors import AdminExists, DeskError, InvalidEmail
from services.people_service import refuse_beyond_reach
from services.permissions import Permission, may
from services.tokens import new_token, token_hash

LIFETIME = timedelta(hours=72)


class InviteGone(DeskError):
    """The link is wrong, was used, is too old or was taken back: nobody is told which."""

    status = 410
    code = "invite_gone"

    def __init__(self) -> None:
        super().__init__(
            "This invitation does not work any more. If you accepted it, sign in; else ask for a new one."
        )


class InviteNotFound(DeskError):
    """There is no invitation of that id that somebody could still accept."""

    status = 404
    code = "invite_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such invitation, or it was used.")


def create(db: Session, actor: Caller, email: str, role: Role) -> tuple[AdminInvite, str]:
    """An invitation and its link, which is told only now; an earlier one for the address ends.

    Raises InvalidEmail, AdminExists or NotAllowed.
    """
    refuse_beyond_reach(actor, role)
    address = admin_service.normalise_email(email)
    if not admin_service.is_email(address):
        raise InvalidEmail
    token, now = new_token(), utc_now()
    with audited(db, actor, AuditAction.ADMIN_INVITE, "invite", fields=[f"role={role}"]) as entry:
        if db.scalar(select(Admin.id).where(Admin.email == address)) is not None:
            raise AdminExists(address)
        earlier = update(AdminInvite).where(AdminInvite.email == address, AdminInvite.accepted_at.is_(None))
        db.execute(earlier.where(AdminInvite.revoked_at.is_(None)).values(revoked_at=now))
        invite = AdminInvite(
            email=address,
            role=role,
            token_hash=token_hash(token),
            invited_by=actor.admin.id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        db.add(invite)
        db.flush()
        entry.target_id = invite.id
    # after the #, so that the token gets into no log of a server on the way
    return invite, f"{get_settings().public_url}/invite/#{token}"


def list_open(db: Session) -> Sequence[AdminInvite]:
    """Those that can still be accepted, newest first."""
    return db.scalars(select(AdminInvite).where(*_open()).order_by(AdminInvite.id.desc())).all()


def revoke(db: Session, actor: Caller, invite_id: int) -> None:
    """Take an invitation back. Raises InviteNotFound or NotAllowed."""
    with audited(db, actor, AuditAction.INVITE_REVOKE, "invite", invite_id):
        wanted = select(AdminInvite).where(AdminInvite.id == invite_id, *_open()).with_for_update()
        invite = db.scalar(wanted)
        if invite is None:
            raise InviteNotFound
        refuse_beyond_reach(actor, invite.role)
        invite.revoked_at = utc_now()


def find(db: Session, token: str) -> AdminInvite:
    """The invitation that the link stands for. Raises InviteGone."""
    invite = db.scalar(select(AdminInvite).where(AdminInvite.token_hash == token_hash(token), *_open()))
    if invite is None:
        raise InviteGone
    return invite


def accept(
    db: Session, token: str, name: str, password: str, address: str, user_agent: str
) -> tuple[Admin, str]:
    """The new admin, and the token of their first session. Raises InviteGone, WeakPassword or AdminExists."""
    invite = find(db, token)
    password_service.refuse_weak(password, invite.email)
    password_hash = password_service.hash_password(password)
    admin = Admin(
        email=invite.email,
        name=admin_service.one_line(name) or invite.email.partition("@")[0],
        role=invite.role,
        password_hash=password_hash,
    )
    with audited(db, Actor(None, address), AuditAction.ADMIN_ACCEPT, "invite", invite.id) as entry:
        # the condition decides: of many who come at once with the link, one gets in
        taken = update(AdminInvite).where(AdminInvite.id == invite.id, *_open())
        if not db.connection().execute(taken.values(accepted_at=utc_now())).rowcount:
            raise InviteGone
        admin_service.insert(db, admin)
        entry.actor_id = admin.id
        entry.via = Via.BROWSER
    return admin, session_service.start(db, admin, address, user_agent)


def _open() -> tuple[ColumnElement[bool], ...]:
    return (
        AdminInvite.accepted_at.is_(None),
        AdminInvite.revoked_at.is_(None),
        AdminInvite.expires_at > utc_now(),
        # whoever sent it may still send it: one under way while they were shut out, or made less, is no door
        AdminInvite.invited_by.in_(
            select(Admin.id).where(
                Admin.disabled_at.is_(None),
                or_(
                    Admin.role.in_([role for role in Role if may(role, Permission.MANAGE_EVERYBODY)]),
                    and_(
                        Admin.role.in_([role for role in Role if may(role, Permission.MANAGE_PEOPLE)]),
                        AdminInvite.role == Role.AGENT,
                    ),
                ),
            )
        ),
    )
