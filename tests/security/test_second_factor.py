"""The second factor: codes work once, for a minute and a half, guessing is braked, and seeds are sealed."""

import time
from typing import Any

import pyotp
import pytest
import time_machine
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import SessionLocal
from config.settings import get_settings
from models import Admin, RecoveryCode
from services import admin_service, second_factor_service, secret_box, session_service
from services.actor import COMMAND_LINE, Caller
from services.errors import CodeNeeded, TooManyAttempts, WrongCode, WrongCredentials
from services.secret_box import WrongSecretKey
from tests.desk import count
from tests.security.people_calls import PASSWORD
from tests.together import together

NOON = 1_800_000_000 + 15


@pytest.fixture
def ada(db: Session) -> Admin:
    return admin_service.create(db, "ada@example.com", "Ada", PASSWORD)


def turn_on(db: Session, admin: Admin, at: int = NOON) -> tuple[str, list[str]]:
    """The secret and the recovery codes; the code that showed it is of the step before."""
    caller = Caller(admin, "127.0.0.1", session_id=1)
    with time_machine.travel(at, tick=False):
        secret = second_factor_service.begin(db, caller).secret
        db.refresh(admin)
        codes = second_factor_service.confirm(db, caller, pyotp.TOTP(secret).at(at - 30))
    return secret, codes


def sign_in(db: Session, code: str = "", at: int = NOON, password: str = PASSWORD) -> Admin:
    with time_machine.travel(at, tick=False):
        return session_service.sign_in(db, "ada@example.com", password, "127.0.0.1", "", code)[0]


def test_the_password_alone_is_half_the_way(db: Session, ada: Admin) -> None:
    secret, _ = turn_on(db, ada)
    with pytest.raises(CodeNeeded):
        sign_in(db)
    assert sign_in(db, pyotp.TOTP(secret).at(NOON)).id == ada.id


def test_a_wrong_password_tells_nothing_of_the_second_factor(db: Session, ada: Admin) -> None:
    secret, _ = turn_on(db, ada)
    for code in ("", pyotp.TOTP(secret).at(NOON), "000000"):
        with pytest.raises(WrongCredentials):
            sign_in(db, code, password="not-the-password")


def test_a_code_works_once(db: Session, ada: Admin) -> None:
    secret, _ = turn_on(db, ada)
    code = pyotp.TOTP(secret).at(NOON)
    sign_in(db, code)
    with pytest.raises(WrongCode):
        sign_in(db, code)


def test_a_code_before_the_last_one_is_too_late(db: Session, ada: Admin) -> None:
    secret, _ = turn_on(db, ada, NOON - 300)
    sign_in(db, pyotp.TOTP(secret).at(NOON))
    with pytest.raises(WrongCode):
        sign_in(db, pyotp.TOTP(secret).at(NOON - 30))


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_a_step_off(db: Session, ada: Admin, steps: int, works: bool) -> None:
    secret, _ = turn_on(db, ada, NOON - 300)
    code = pyotp.TOTP(secret).at(NOON + 30 * steps)
    if works:
        assert sign_in(db, code).id == ada.id
    else:
        with pytest.raises(WrongCode):
            sign_in(db, code)


def test_of_many_who_come_at_once_with_one_code_one_gets_in(db: Session, ada: Admin) -> None:
    secret, _ = turn_on(db, ada, int(time.time()) - 300)
    code = pyotp.TOTP(secret).now()

    def take(other: Session, _number: int) -> bool:
        return second_factor_service.take(other, other.get_one(Admin, ada.id), code)

    assert together(20, take).count(True) == 1


def test_a_recovery_code_works_once_in_any_spelling(db: Session, ada: Admin) -> None:
    _, codes = turn_on(db, ada)
    assert len(set(codes)) == second_factor_service.RECOVERY_CODES
    assert sign_in(db, f" {codes[0].lower()} ").id == ada.id
    with pytest.raises(WrongCode):
        sign_in(db, codes[0])
    assert sign_in(db, codes[1].replace("-", "")).id == ada.id
    assert count(RecoveryCode) == second_factor_service.RECOVERY_CODES - 2
    assert not {code.replace("-", "") for code in codes} & set(db.scalars(select(RecoveryCode.code_hash)))


def test_guessing_codes_is_braked_also_from_many_addresses(db: Session, ada: Admin) -> None:
    secret, _ = turn_on(db, ada, int(time.time()) - 300)
    for guess in range(10):
        with pytest.raises(WrongCode):
            session_service.sign_in(db, ada.email, PASSWORD, f"192.0.2.{guess}", "", "000000")
    with pytest.raises(TooManyAttempts):
        session_service.sign_in(db, ada.email, PASSWORD, "192.0.2.99", "", pyotp.TOTP(secret).now())


def test_going_half_the_way_is_no_failure(db: Session, ada: Admin) -> None:
    secret, _ = turn_on(db, ada)
    for _ in range(12):
        with pytest.raises(CodeNeeded):
            sign_in(db)
    assert sign_in(db, pyotp.TOTP(secret).at(NOON)).id == ada.id


def test_what_was_begun_does_not_count_before_a_code_was_seen(db: Session, ada: Admin) -> None:
    second_factor_service.begin(db, Caller(ada, "127.0.0.1", session_id=1))
    assert session_service.sign_in(db, ada.email, PASSWORD, "127.0.0.1")[0].id == ada.id


def test_a_reset_lets_in_with_the_password_alone(db: Session, ada: Admin) -> None:
    turn_on(db, ada)
    second_factor_service.reset(db, ada, COMMAND_LINE)
    assert sign_in(db).id == ada.id
    assert count(RecoveryCode) == 0


def test_a_reset_that_meets_the_turning_on_leaves_nothing_by_halves(db: Session, ada: Admin) -> None:
    """Whoever resets saw her without a second factor; by then she has one, and its app is not the way in."""
    with SessionLocal() as other:
        seen = other.get_one(Admin, ada.id)
        turn_on(db, ada)
        second_factor_service.reset(other, seen, COMMAND_LINE)
        assert not second_factor_service.is_on(seen)
    db.expire_all()
    assert sign_in(db).id == ada.id


def test_the_database_does_not_know_the_seed(db: Session, ada: Admin) -> None:
    secret, _ = turn_on(db, ada)
    with SessionLocal() as other:
        row: dict[str, Any] = vars(other.get_one(Admin, ada.id))
    assert secret not in str(row)
    assert secret_box.unseal(row["totp_secret"], f"admins.totp_secret:{ada.id}") == secret
    with pytest.raises(WrongSecretKey):
        secret_box.unseal(row["totp_secret"], f"admins.totp_secret:{ada.id + 1}")


def test_another_key_opens_nothing_until_all_is_sealed_anew(
    db: Session, ada: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _ = turn_on(db, ada)
    old_key = get_settings().secret_key.get_secret_value()
    monkeypatch.setattr(get_settings(), "secret_key", SecretStr("another-secret-key-of-forty-characters-x"))
    with pytest.raises(WrongSecretKey):
        sign_in(db, pyotp.TOTP(secret).at(NOON))
    with pytest.raises(WrongSecretKey):
        second_factor_service.reseal_all(db, "a-key-that-never-was-there-at-any-time-at-all")
    assert second_factor_service.reseal_all(db, old_key) == 1
    assert second_factor_service.reseal_all(db, old_key) == 0
    db.expire_all()
    assert sign_in(db, pyotp.TOTP(secret).at(NOON)).id == ada.id
