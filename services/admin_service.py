"""The people at the desk."""

import re
import unicodedata
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.settings import get_settings
from models.admin import Admin, AdminSession, Role
from models.audit_entry import AuditAction
from services import login_attempt_service, password_service
from services.actor import COMMAND_LINE, Actor
from services.audit_service import audited
from services.errors import AdminExists, AdminNotFound, InvalidEmail, WrongPassword
from whatsapp.values import short_text

DEFAULT_EMAIL = "admin@localhost"
LONGEST_GIVEN = 1024
"""Of what is looked at to be an address; one may have 254 signs."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def normalise_email(email: str) -> str:
    """The spelling that accounts are kept and found by. It may be no address at all.

    Without the signs that nobody sees: an address that is copied from a chat or a page brings them along, and
    who then types it would be refused.
    """
    return short_text(unicodedata.normalize("NFKC", email), LONGEST_GIVEN).lower()


def create(
    db: Session, email: str, name: str, password: str, role: Role = Role.AGENT, actor: Actor = COMMAND_LINE
) -> Admin:
    """A new admin. Raises InvalidEmail, WeakPassword or AdminExists."""
    password_service.refuse_weak(password, normalise_email(email))
    return _insert(db, email, name, password, role, actor)


def _insert(db: Session, email: str, name: str, password: str, role: Role, actor: Actor) -> Admin:
    email = normalise_email(email)
    if not is_email(email):
        raise InvalidEmail
    admin = Admin(email=email, name=one_line(name) or email.split("@")[0], role=role)
    admin.password_hash = password_service.hash_password(password)
    with audited(db, actor, AuditAction.ADMIN_CREATE, "admin", fields=[f"role={role}"]) as entry:
        insert(db, admin)
        entry.target_id = admin.id
    return admin


def insert(db: Session, admin: Admin) -> None:
    """Put a new admin into the database; to be called inside an act. Raises AdminExists."""
    db.add(admin)
    try:
        db.flush()
    except IntegrityError:
        raise AdminExists(admin.email) from None


def is_email(address: str) -> bool:
    """Whether this could be an e-mail address; nobody is written to, so little is asked."""
    return len(address) <= 254 and re.fullmatch(r"[^@\s\ufffd]+@[^@\s\ufffd]+", address) is not None


def one_line(name: str) -> str:
    """A person's name as it is kept."""
    return short_text(name, 255)


def create_first(db: Session, email: str, password: str) -> tuple[Admin, str] | None:
    """The first admin, an owner, and the password, or None when there is an admin already.

    What is not given is made up: an address, and a password that exists nowhere else afterwards. A weak
    password is taken for a desk that only this machine reaches, and raises WeakPassword for any other.
    """
    if db.scalar(select(Admin.id).limit(1)) is not None:
        return None
    password = password or password_service.new_password()
    email = email or DEFAULT_EMAIL
    if urlsplit(get_settings().public_url).hostname not in LOOPBACK:
        password_service.refuse_weak(password, normalise_email(email))
    try:
        return _insert(db, email, "", password, Role.OWNER, COMMAND_LINE), password
    except AdminExists:  # another process was faster
        return None


def find_active(db: Session, email: str) -> Admin | None:
    """The admin of this address, unless disabled."""
    as_given = unicodedata.normalize("NFKC", email).strip().lower()  # as earlier releases kept it
    for wanted in dict.fromkeys((normalise_email(email), as_given)):
        admin = db.scalar(select(Admin).where(Admin.email == wanted, Admin.disabled_at.is_(None)))
        # MariaDB takes é for e: an account answers to its own spelling alone, or the brake would count others
        if admin and admin.email == wanted:
            return admin
    return None


def list_active(db: Session) -> list[Admin]:
    """Everybody who may sign in, by name."""
    return list(db.scalars(select(Admin).where(Admin.disabled_at.is_(None)).order_by(Admin.name, Admin.id)))


def change_password(db: Session, email: str, password: str) -> Admin:
    """Set a password, end all sessions, and lift the brake. Raises AdminNotFound or WeakPassword."""
    admin = get_active(db, email)
    set_password(db, admin, password, COMMAND_LINE)
    login_attempt_service.forget(db)  # who forgot the old one has tried it too often by now
    return admin


def set_password(
    db: Session, admin: Admin, password: str, actor: Actor, but_session: int | None = None
) -> None:
    """Set a password and end all sessions, but for this one.

    Raises WeakPassword, and WrongPassword where a person's own old one was changed meanwhile.
    """
    password_service.refuse_weak(password, admin.email)
    password_hash = password_service.hash_password(password)
    with audited(db, actor, AuditAction.PASSWORD_CHANGE, "admin", admin.id):
        same = select(Admin.id).where(Admin.id == admin.id, Admin.password_hash == admin.password_hash)
        if db.scalar(same.where(Admin.disabled_at.is_(None)).with_for_update()) is None and actor.admin:
            raise WrongPassword
        admin.password_hash = password_hash
        db.add(admin)
        ended = delete(AdminSession).where(AdminSession.admin_id == admin.id)
        db.execute(ended.where(AdminSession.id != (but_session or 0)))


def get_active(db: Session, email: str) -> Admin:
    """Raises AdminNotFound."""
    admin = find_active(db, email)
    if admin is None:
        raise AdminNotFound(normalise_email(email))
    return admin
