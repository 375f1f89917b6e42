"""Asking somebody who is signed in for their password again, before what would let them stay for good."""

from datetime import timedelta

from sqlalchemy.orm import Session

from config.database import utc_now
from models.admin import AdminSession
from services import login_attempt_service, password_service
from services.actor import Caller
from services.errors import DeskError, WrongPassword

FRESH = timedelta(minutes=30)


class SignInAgain(DeskError):
    """The sign-in is too old for this: somebody else may hold the phone by now."""

    status = 403
    code = "sign_in_again"

    def __init__(self) -> None:
        minutes = int(FRESH.total_seconds() // 60)
        super().__init__(
            f"You signed in more than {minutes} minutes ago. For this, please sign out and in again."
        )


def refuse_old_sign_in(db: Session, caller: Caller) -> None:
    """Raises SignInAgain. For what leaves a door open that outlasts the session."""
    session = db.get(AdminSession, caller.session_id) if caller.session_id is not None else None
    if session is None or session.created_at < utc_now() - FRESH:
        raise SignInAgain


def check_password_again(db: Session, caller: Caller, password: str) -> None:
    """Raises WrongPassword, or TooManyAttempts: a session that was left open is no place to guess."""
    with login_attempt_service.counted(db, caller.admin.email, caller.address):
        right, _ = password_service.check_password(password, caller.admin.password_hash)
        if not right:
            raise WrongPassword
