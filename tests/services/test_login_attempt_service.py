"""The brake on guessing passwords."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.database import SessionLocal
from models.admin import LoginAttempt
from services.errors import TooManyAttempts, WrongCredentials
from services.login_attempt_service import counted

ADA = "ada@example.com"


def fail(db: Session, email: str, address: str) -> None:
    with pytest.raises(WrongCredentials), counted(db, email, address):
        raise WrongCredentials


def succeed(db: Session, email: str, address: str) -> None:
    with counted(db, email, address):
        pass


def test_a_stranger_at_another_address_does_not_lock_the_owner_out(db: Session) -> None:
    for _ in range(10):
        fail(db, ADA, "203.0.113.1")
    with pytest.raises(TooManyAttempts):
        succeed(db, ADA, "203.0.113.1")
    succeed(db, ADA, "198.51.100.1")


def test_many_strangers_have_a_limit_together(db: Session) -> None:
    for n in range(50):
        fail(db, ADA, f"203.0.113.{n}")
    with pytest.raises(TooManyAttempts):
        succeed(db, ADA, "198.51.100.1")


@pytest.mark.parametrize("address", [lambda _: "203.0.113.1", lambda n: f"2001:db8:0:1::{n:x}"])
def test_an_address_has_a_limit_over_all_accounts(db: Session, address: Callable[[int], str]) -> None:
    for n in range(50):
        fail(db, f"{n}@example.com", address(n))
    with pytest.raises(TooManyAttempts):
        succeed(db, "50@example.com", address(50))
    succeed(db, "50@example.com", "2001:db8:0:2::1")


def test_a_success_clears_the_account_but_not_the_address(db: Session) -> None:
    for n in range(41):
        fail(db, f"{n}@example.com", "203.0.113.1")
    for _ in range(8):
        fail(db, ADA, "203.0.113.1")
    succeed(db, ADA, "203.0.113.1")
    fail(db, ADA, "203.0.113.1")
    with pytest.raises(TooManyAttempts):
        succeed(db, ADA, "203.0.113.1")
    succeed(db, ADA, "198.51.100.1")


def test_nothing_stays_in_clear_and_a_refusal_leaves_nothing(db: Session) -> None:
    for _ in range(10):
        fail(db, ADA, "203.0.113.1")
    for _ in range(5):
        with pytest.raises(TooManyAttempts):
            succeed(db, ADA, "203.0.113.1")
    subjects = db.scalars(select(LoginAttempt.subject)).all()
    assert len(subjects) == 30
    assert all(len(subject) == 64 for subject in subjects)
    assert "ada" not in "".join(subjects)


def test_guesses_at_the_same_time_do_not_slip_through() -> None:
    tried = []
    start = threading.Barrier(20)

    def guess() -> None:
        with SessionLocal() as db:
            start.wait()
            try:
                with counted(db, ADA, "203.0.113.1"):
                    tried.append(1)
                    raise WrongCredentials
            except (WrongCredentials, TooManyAttempts):
                pass

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tried) <= 10
    with SessionLocal() as db:
        assert db.scalar(select(func.count()).select_from(LoginAttempt)) == 3 * len(tried)
