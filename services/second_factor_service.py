"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for when it is lost."""

import base64
import secrets
import time
from dataclasses import dataclass

import pyotp
import segno
from sqlalchemy import Delete, Update, delete, func, or_, select, update
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from config.settings import get_settings
from models.admin import Admin, RecoveryCode
from models.audit_entry import AuditAction
from services import secret_box
from services.actor import Actor, Caller
from services.audit_service import audited
from services.errors import DeskError, WrongCode
from services.login_attempt_service import counted_codes
from services.reauthentication import check_password_again
from services.tokens import token_hash

DIGITS = 6
STEP_SECONDS = 30
WINDOW = 1
"""So many steps before and after the present one are taken: clocks of phones are not exact."""

RECOVERY_CODES = 10


class SecondFactorStands(DeskError):
    """There is a second factor already."""

    status = 409
    code = "second_factor_stands"

    def __init__(self) -> None:
        super().__init__("The second factor is on already. Turn it off first.")


class NoSecondFactor(DeskError):
    """There is no second factor to do this with."""

    status = 409
    code = "no_second_factor"

    def __init__(self) -> None:
        super().__init__("The second factor is not set up.")


@dataclass(frozen=True)
class Beginning:
    """What an authenticator app needs: the secret to type in, or the picture to scan."""

    secret: str
    picture: str


def is_on(admin: Admin) -> bool:
    """Whether signing in takes a code."""
    return admin.totp_confirmed_at is not None


def begin(db: Session, caller: Caller) -> Beginning:
    """A new secret, which counts once `confirm` has seen a code of it. Raises SecondFactorStands."""
    admin = caller.admin
    secret = pyotp.random_base32()
    with audited(db, caller, AuditAction.SECOND_FACTOR_BEGIN, "admin", admin.id):
        begun = update(Admin).where(Admin.id == admin.id, Admin.totp_confirmed_at.is_(None))
        sealed = secret_box.seal(secret, _place(admin.id))
        if not _changed(db, begun.values(totp_secret=sealed, totp_last_step=None)):
            raise SecondFactorStands
    uri = pyotp.TOTP(secret).provisioning_uri(name=admin.email, issuer_name=get_settings().business_name)
    return Beginning(secret, segno.make(uri, error="m").svg_data_uri(scale=5, border=3, light="#fff"))


def confirm(db: Session, caller: Caller, code: str) -> list[str]:
    """Turn the second factor on; gives the recovery codes, which are told only now.

    Raises WrongCode, NoSecondFactor or SecondFactorStands.
    """
    admin = caller.admin
    if is_on(admin):
        raise SecondFactorStands
    on = AuditAction.SECOND_FACTOR_ON
    with counted_codes(db, admin.id), audited(db, caller, on, "admin", admin.id):
        if not _take_totp(db, admin, code):
            raise WrongCode
        admin.totp_confirmed_at = utc_now()
        db.add(admin)
        return _new_recovery_codes(db, admin)


def renew_recovery_codes(db: Session, caller: Caller, password: str) -> list[str]:
    """New recovery codes in the place of the old. Raises NoSecondFactor or WrongPassword."""
    if not is_on(caller.admin):
        raise NoSecondFactor
    check_password_again(db, caller, password)
    with audited(db, caller, AuditAction.RECOVERY_CODES_RENEW, "admin", caller.admin.id):
        return _new_recovery_codes(db, caller.admin)


def turn_off(db: Session, caller: Caller, password: str) -> None:
    """Sign in with the password alone from now on. Raises NoSecondFactor or WrongPassword."""
    if not is_on(caller.admin):
        raise NoSecondFactor
    check_password_again(db, caller, password)
    reset(db, caller.admin, caller)


def reset(db: Session, admin: Admin, actor: Actor) -> None:
    """Take somebody's second factor away, for one who has lost it."""
    with audited(db, actor, AuditAction.SECOND_FACTOR_OFF, "admin", admin.id):
        # whatever was seen of it before: one that is turned on meanwhile goes whole, not without its seed
        off = update(Admin).where(Admin.id == admin.id)
        db.execute(off.values(totp_secret=None, totp_confirmed_at=None, totp_last_step=None))
        db.execute(delete(RecoveryCode).where(RecoveryCode.admin_id == admin.id))


def take(db: Session, admin: Admin, code: str) -> bool:
    """Whether the code is right; it is then used up. Six digits are the app's, all else a recovery code."""
    spelling = "".join(code.split()).replace("-", "")
    if spelling.isascii() and spelling.isdigit() and len(spelling) == DIGITS:
        return _take_totp(db, admin, spelling)
    used = delete(RecoveryCode).where(
        RecoveryCode.admin_id == admin.id, RecoveryCode.code_hash == token_hash(spelling.upper())
    )
    with transaction(db):
        return _changed(db, used)


def recovery_codes_left(db: Session, admin_id: int) -> int:
    """How many recovery codes are not used yet."""
    return db.scalar(select(func.count()).where(RecoveryCode.admin_id == admin_id)) or 0


def reseal_all(db: Session, old_key: str) -> int:
    """Encrypt under the present SECRET_KEY what is encrypted under an old one; how many that were.

    Run again after a crash it goes on: what the present key opens is left alone. Raises WrongSecretKey.
    """
    done = 0
    with transaction(db):
        for admin in db.scalars(select(Admin).where(Admin.totp_secret.is_not(None)).with_for_update()):
            sealed, place = str(admin.totp_secret), _place(admin.id)
            try:
                secret_box.unseal(sealed, place)
            except secret_box.WrongSecretKey:
                admin.totp_secret = secret_box.seal(secret_box.unseal(sealed, place, old_key), place)
                done += 1
    return done


def _take_totp(db: Session, admin: Admin, code: str) -> bool:
    """The condition on the last step decides: of two that come at once with one code, one gets in."""
    if admin.totp_secret is None:
        raise NoSecondFactor
    totp = pyotp.TOTP(secret_box.unseal(admin.totp_secret, _place(admin.id)), interval=STEP_SECONDS)
    now = int(time.time()) // STEP_SECONDS
    for step in range(now - WINDOW, now + WINDOW + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            with transaction(db):
                unused = or_(Admin.totp_last_step.is_(None), Admin.totp_last_step < step)
                return _changed(
                    db,
                    update(Admin)
                    .where(Admin.id == admin.id, Admin.totp_secret == admin.totp_secret, unused)
                    .values(totp_last_step=step),
                )
    return False


def _new_recovery_codes(db: Session, admin: Admin) -> list[str]:
    db.execute(delete(RecoveryCode).where(RecoveryCode.admin_id == admin.id))
    codes = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES)]
    db.add_all(RecoveryCode(admin_id=admin.id, code_hash=token_hash(code)) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def _changed(db: Session, statement: Update | Delete) -> bool:
    return bool(db.connection().execute(statement).rowcount)


def _place(admin_id: int) -> str:
    return f"admins.totp_secret:{admin_id}"
