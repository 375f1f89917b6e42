"""The brake on guessing passwords. Rows hold across processes and survive a restart."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from config.settings import get_settings
from models.admin import LoginAttempt
from services.errors import CodeNeeded, TooManyAttempts

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 10
PER_ACCOUNT = 50
PER_ADDRESS = 50
CODES_PER_ACCOUNT = 10
PRUNED_AT_ONCE = 1000


@contextmanager
def counted(db: Session, email: str, client_address: str) -> Iterator[None]:
    """Try a password inside this block: leaving it well clears the account, an exception counts as a failure.

    Raises TooManyAttempts before the block where there were too many failures in the last 15 minutes. One
    address has ten for an account; the account as a whole has more, so that a stranger's guesses don't
    keep its owner out.
    """
    network = _network(client_address)
    limits = {
        _subject("pair", f"{email} {network}"): PER_ACCOUNT_AND_ADDRESS,
        _subject("account", email): PER_ACCOUNT,
        _subject("address", network): PER_ADDRESS,
    }
    *of_account, _address = limits
    with _counted(db, limits, cleared=of_account):
        yield


@contextmanager
def counted_codes(db: Session, admin_id: int) -> Iterator[None]:
    """The same for the codes of one admin's second factor, wherever they come from."""
    limits = {_subject("code", str(admin_id)): CODES_PER_ACCOUNT}
    with _counted(db, limits, cleared=list(limits)):
        yield


def forget(db: Session) -> None:
    """Begin to count anew, for everybody: the rows do not tell whom they hold up."""
    with transaction(db):
        db.execute(delete(LoginAttempt))


@contextmanager
def _counted(db: Session, limits: dict[str, int], cleared: list[str]) -> Iterator[None]:
    _refuse_over(db, limits, spare=1)
    attempts = [LoginAttempt(subject=subject) for subject in limits]
    with transaction(db):
        _prune(db)
        db.add_all(attempts)
    own = [attempt.id for attempt in attempts]
    try:
        # Counted again with the own row on disk: whatever runs at the same time, no more than the limit pass.
        _refuse_over(db, limits, spare=0)
    except TooManyAttempts:
        with transaction(db):
            db.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(own)))
        raise
    try:
        yield
    except CodeNeeded:  # half of a sign-in: neither a failure nor yet a success
        with transaction(db):
            db.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(own)))
        raise
    with transaction(db):
        db.execute(delete(LoginAttempt).where(LoginAttempt.subject.in_(cleared)))
        db.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(own)))


def _refuse_over(db: Session, limits: dict[str, int], spare: int) -> None:
    now = utc_now()
    for subject, limit in limits.items():
        count, oldest = db.execute(
            select(func.count(), func.min(LoginAttempt.created_at)).where(
                LoginAttempt.subject == subject, _counts(now)
            )
        ).one()
        if count + spare > limit:
            raise TooManyAttempts(retry_after=int((oldest + WINDOW - now).total_seconds()) + 1)


def _counts(now: datetime) -> ColumnElement[bool]:
    """Of the last 15 minutes, or ahead by as much: clocks differ. More means that one was set back."""
    return LoginAttempt.created_at.between(now - WINDOW, now + WINDOW)


def _prune(db: Session) -> None:
    old = db.scalars(
        select(LoginAttempt.id).where(~_counts(utc_now())).order_by(LoginAttempt.id).limit(PRUNED_AT_ONCE)
    ).all()
    if old:
        db.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(old)))


def _network(client_address: str) -> str:
    """An IPv6 customer owns a /64: every address of it counts as one."""
    try:
        address = ip_address(client_address)
    except ValueError:
        return client_address
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped  # or all of IPv4 would count as one
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def _subject(kind: str, value: str) -> str:
    key = get_settings().secret_key.get_secret_value().encode()
    return hmac.new(key, f"{kind} {value}".encode(), hashlib.sha256).hexdigest()
