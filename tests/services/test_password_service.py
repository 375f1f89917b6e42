"""Passwords."""

import threading

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from services import password_service
from services.errors import WeakPassword
from services.password_service import check_password, hash_password, refuse_weak


def test_a_hash_is_argon2id_at_the_cost_we_promise() -> None:
    assert hash_password("tall-green-giraffe").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    "password", ["x" * 200, "naïve-пароль-密碼-🔑🔑", "nul\x00inside-it", "  spaces at both ends  "]
)
def test_a_password_counts_to_its_last_character(password: str) -> None:
    kept = hash_password(password)
    assert check_password(password, kept) == (True, None)
    assert check_password(password[:-1], kept) == (False, None)
    assert check_password(password.strip("x ") + "y", kept) == (False, None)


def test_a_hash_of_another_cost_is_renewed() -> None:
    cheap = Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1).hash("tall-green-giraffe")
    right, renewed = check_password("tall-green-giraffe", cheap)
    assert right
    assert renewed is not None
    assert check_password("tall-green-giraffe", renewed) == (True, None)
    assert check_password("wrong", cheap) == (False, None)


def test_an_unknown_account_costs_a_hash_and_is_never_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_service, "new_password", lambda: "guessed-by-chance")
    password_service._nobodys_hash.cache_clear()
    assert check_password("guessed-by-chance", None) == (False, None)


@pytest.mark.parametrize("none", ["!", "*", "plain", "$argon2id$", "$2b$12$abc"])
def test_what_is_no_hash_lets_nobody_in(none: str) -> None:
    assert check_password("guessed-by-chance", none) == (False, None)
    assert check_password(none, none) == (False, None)
    assert password_service._nobodys_hash.cache_info().currsize == 1
    password_service._nobodys_hash.cache_clear()


def test_no_more_than_two_hashes_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy:
        def __init__(self) -> None:
            self.now, self.most, self.lock = 0, 0, threading.Lock()
            self.both = threading.Barrier(2)

        def hash(self, _password: str) -> str:
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)
            self.both.wait(timeout=10)
            with self.lock:
                self.now -= 1
            return ""

    busy = Busy()
    monkeypatch.setattr(password_service, "_hasher", busy)
    threads = [threading.Thread(target=hash_password, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert busy.most == 2


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("elevenchars", "too short"),
        ("aaaaaaaaaaaaaaaa", "repeats"),
        ("ababababababab", "repeats"),
        ("password1234", "leaked"),
        ("P@ssw0rd2026!!", "tries first"),
        ("1234567890123", "tries first"),
        ("qwertyuiop123", "leaked"),
        ("ChatSupport2026!", "tries first"),
        ("TradeBarter2026!", "tries first"),
        ("ada.lovelace1842", "tries first"),
        ("ada.lovelace@example.com", "tries first"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, problem: str) -> None:
    with pytest.raises(WeakPassword, match=problem):
        refuse_weak(password, "ada.lovelace@example.com")


@pytest.mark.parametrize(
    "password", ["tall-green-giraffe", "correct horse battery staple", "kX9#qL2v!mZ4", "x1" * 3 + "yZ!7" * 16]
)
def test_a_good_password_needs_no_kinds_of_characters(password: str) -> None:
    refuse_weak(password, "ada@example.com")


def test_the_generated_password_passes_its_own_check() -> None:
    refuse_weak(password_service.new_password(), "admin@localhost")
