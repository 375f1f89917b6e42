"""Passwords: which are good enough, and how they are kept."""

import secrets
import threading
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from config.settings import ROOT, get_settings
from services.errors import WeakPassword

MIN_LENGTH = 12
MIN_DISTINCT = 5
MIN_BESIDE_OBVIOUS = 8
OBVIOUS = """
    password passwort passw0rd admin administrator changeme letmein welcome whatsapp chatsupport support
    qwertyuiop qwerty asdfghjkl zxcvbnm 1q2w3e4r 1qaz2wsx 12345678901234567890 1234567890 123456789
    12345678 123456 12345 1234 0987654321 987654321 abcdefghijklmnop abcdefgh abcdef abc123 abcd
    iloveyou princess sunshine football monkey dragon master secret shadow superman batman baseball michael
    jesus blessing lagos nigeria chelsea arsenal liverpool barter trade
"""
LOOKALIKES = str.maketrans("@$013!", "asoiei")

# 19 MiB, two passes, one lane: the floor of OWASP's Password Storage Cheat Sheet for argon2id.
_hasher = PasswordHash([Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1)])
_at_once = threading.Semaphore(2)  # fifty sign-ins at once must not take fifty times the memory


def new_password() -> str:
    """A random password of 120 bits."""
    return secrets.token_urlsafe(15)


def hash_password(password: str) -> str:
    """The PHC string to store."""
    with _at_once:
        return _hasher.hash(password)


def check_password(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    """Whether it is the password, and the new string to store where the cost has changed since.

    Without a hash (the account is unknown) it takes as long and says no, so that nobody can find out by
    the clock which accounts there are. So it does with one that is none, such as a "!" set by hand.
    """
    against = password_hash or _nobodys_hash()
    try:
        with _at_once:
            right, renewed = _hasher.verify_and_update(password, against)
    except UnknownHashError:
        return check_password(password, None)
    return (right, renewed) if password_hash else (False, None)


@cache
def _nobodys_hash() -> str:
    return hash_password(new_password())


def refuse_weak(password: str, email: str) -> None:
    """Raises WeakPassword with what is wrong. There are no rules about kinds of characters."""
    if len(password) < MIN_LENGTH:
        raise WeakPassword(f"The password is too short: use at least {MIN_LENGTH} characters.")
    if password.lower() in _leaked():
        raise WeakPassword("This password is on lists of leaked ones, which everybody tries. Use another.")
    if len(set(password.lower())) < MIN_DISTINCT:
        raise WeakPassword("The password repeats the same few characters; use more different ones.")
    for spelling in (password.lower(), password.lower().translate(LOOKALIKES)):
        if len(_without_obvious(spelling, email)) < MIN_BESIDE_OBVIOUS:
            raise WeakPassword(
                "The password is mostly a word or a row of keys that everybody tries first. Use another."
            )


@cache
def _leaked() -> frozenset[str]:
    """Long enough, and yet among the 30,000 that were found most often in breaches, as zxcvbn lists them."""
    return frozenset((ROOT / "services" / "leaked_passwords.txt").read_text().split())


def _without_obvious(password: str, email: str) -> str:
    names = [email.lower(), *email.lower().split("@"), *get_settings().business_name.lower().split()]
    for word in sorted([*OBVIOUS.split(), *names], key=len, reverse=True):
        if len(word) > 3:
            password = password.replace(word, "")
    return password
