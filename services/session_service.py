"""Browsers that are signed in."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session, joinedload

from config.database import transaction, utc_now
from models.admin import Admin, AdminSession
from models.audit_entry import AuditAction
from services import admin_service, login_attempt_service, password_service, second_factor_service
from services.actor import Actor, Caller
from services.audit_service import audited, record, record_stranger
from services.errors import CodeNeeded, DeskError, WrongCode, WrongCredentials
from services.tokens import new_token, token_hash


class SessionNotFound(DeskError):
    """The caller has no session of that id."""

    status = 404
    code = "session_not_found"

    def __init__(self) -> None:
        super().__init__("You have no such session.")


IDLE_LIMIT = timedelta(days=7)
ABSOLUTE_LIMIT = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)

_HOLDING = (
    select(AdminSession)
    .join(AdminSession.admin)
    .options(joinedload(AdminSession.admin))
    .where(
        AdminSession.token_hash.in_(bindparam("hashes", expanding=True)),
        AdminSession.expires_at > bindparam("now"),
        AdminSession.last_seen_at > bindparam("seen_after"),
        Admin.disabled_at.is_(None),
    )
)


def sign_in(
    db: Session, email: str, password: str, client_address: str, user_agent: str = "", code: str = ""
) -> tuple[Admin, str]:
    """The admin and the token of a new session.

    Raises WrongCredentials, or TooManyAttempts before any work is done on the password; and for an account
    with a second factor CodeNeeded or WrongCode, but only to whoever knows the password.
    """
    with login_attempt_service.counted(db, admin_service.normalise_email(email), client_address):
        admin = admin_service.find_active(db, email)
        right, renewed_hash = password_service.check_password(
            password, admin.password_hash if admin else None
        )
        if admin is None or not right:
            _note_refusal(db, client_address, admin)
            raise WrongCredentials
        if second_factor_service.is_on(admin):
            return admin, _start_with_code(db, admin, code, client_address, user_agent, renewed_hash)
    return admin, start(db, admin, client_address, user_agent, renewed_hash)


def start(
    db: Session, admin: Admin, client_address: str, user_agent: str, renewed_hash: str | None = None
) -> str:
    """A new session for somebody who proved who they are; gives its token.

    Raises WrongCredentials where the password was changed or the admin disabled meanwhile.
    """
    token = new_token()
    now = utc_now()
    with transaction(db):
        same = select(Admin.id).where(Admin.id == admin.id, Admin.password_hash == admin.password_hash)
        if db.scalar(same.where(Admin.disabled_at.is_(None)).with_for_update()) is None:
            raise WrongCredentials
        if renewed_hash:
            admin.password_hash = renewed_hash
        db.execute(delete(AdminSession).where(AdminSession.expires_at <= now))
        session = AdminSession(
            token_hash=token_hash(token),
            admin_id=admin.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE_LIMIT,
            address=client_address[:64],
            user_agent=user_agent[:255],
        )
        db.add(session)
        db.flush()
        actor = Actor(admin, client_address, session_id=session.id)
        record(db, actor, AuditAction.SESSION_START, "session", session.id)
    return token


def _start_with_code(
    db: Session, admin: Admin, code: str, client_address: str, user_agent: str, renewed_hash: str | None
) -> str:
    if not code:
        raise CodeNeeded
    with login_attempt_service.counted_codes(db, admin.id):
        with transaction(db):  # one act: a recovery code is not spent for a session that does not come to be
            if second_factor_service.take(db, admin, code):
                return start(db, admin, client_address, user_agent, renewed_hash)
        _note_refusal(db, client_address, admin)
        raise WrongCode


def _note_refusal(db: Session, client_address: str, admin: Admin | None) -> None:
    with transaction(db):
        known = admin.id if admin else None
        record_stranger(db, client_address, AuditAction.SESSION_REFUSE, known)


def find(db: Session, token: str) -> AdminSession | None:
    """The session, with whose it is; None when it is unknown, ended, too old, or its admin is disabled."""
    return holding(db, [token]).get(token)


def holding(db: Session, tokens: Collection[str]) -> dict[str, AdminSession]:
    """The sessions of those of these tokens that hold, as `find` gives them. They count as seen now."""
    if not tokens:
        return {}
    now = utc_now()
    by_hash = {token_hash(token): token for token in tokens}
    sessions = db.scalars(
        _HOLDING, {"hashes": list(by_hash), "now": now, "seen_after": now - IDLE_LIMIT}
    ).all()
    seen = [each.id for each in sessions if each.last_seen_at < now - SEEN_EVERY]
    if seen:
        with transaction(db):
            db.execute(update(AdminSession).where(AdminSession.id.in_(seen)).values(last_seen_at=now))
    return {by_hash[each.token_hash]: each for each in sessions}


def end(db: Session, actor: Actor) -> None:
    """Sign this browser out. There is nothing to end for a program."""
    with audited(db, actor, AuditAction.SESSION_END, "session", actor.session_id):
        db.execute(delete(AdminSession).where(AdminSession.id == actor.session_id))


def list_current(db: Session, admin_id: int) -> Sequence[AdminSession]:
    """An admin's sessions that still hold, the one used last first."""
    now = utc_now()
    query = select(AdminSession).where(
        AdminSession.admin_id == admin_id,
        AdminSession.expires_at > now,
        AdminSession.last_seen_at > now - IDLE_LIMIT,
    )
    return db.scalars(query.order_by(AdminSession.last_seen_at.desc(), AdminSession.id.desc())).all()


def revoke(db: Session, caller: Caller, session_id: int) -> None:
    """End one of the caller's own sessions. Raises SessionNotFound."""
    own = delete(AdminSession).where(AdminSession.id == session_id, AdminSession.admin_id == caller.admin.id)
    with audited(db, caller, AuditAction.SESSION_END, "session", session_id):
        if not db.connection().execute(own).rowcount:
            raise SessionNotFound


def end_all(db: Session, admin_id: int, but: int | None = None) -> None:
    """End the admin's sessions, but for this one; to be called inside an act."""
    db.execute(delete(AdminSession).where(AdminSession.admin_id == admin_id, AdminSession.id != (but or 0)))
