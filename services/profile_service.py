"""What people change of themselves."""

from sqlalchemy.orm import Session

from models.admin import Admin
from models.audit_entry import AuditAction
from services import admin_service
from services.actor import Caller
from services.audit_service import audited
from services.errors import DeskError
from services.reauthentication import check_password_again


class EmptyName(DeskError):
    """Customers and colleagues read the name."""

    code = "empty_name"

    def __init__(self) -> None:
        super().__init__("Write a name.")


def rename(db: Session, caller: Caller, name: str) -> Admin:
    """Another name, for what is written from now on. Raises EmptyName."""
    wanted = admin_service.one_line(name)
    if not wanted:
        raise EmptyName
    with audited(db, caller, AuditAction.PROFILE_CHANGE, "admin", caller.admin.id, ["name"]):
        caller.admin.name = wanted
        db.add(caller.admin)
    return caller.admin


def change_password(db: Session, caller: Caller, old: str, new: str) -> None:
    """Another password; all other browsers are signed out.

    Raises WrongPassword, TooManyAttempts or WeakPassword.
    """
    check_password_again(db, caller, old)
    admin_service.set_password(db, caller.admin, new, caller, but_session=caller.session_id)
