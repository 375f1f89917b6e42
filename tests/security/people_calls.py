"""Calls about people that go well, prepared: the address, and what goes with the request."""

import time
from collections.abc import Callable
from typing import Any

import pyotp
from sqlalchemy.orm import Session

from config.database import transaction
from models import Admin, AdminInvite
from models.admin import AdminSession, Role
from services import (
    api_token_service,
    invite_service,
    password_service,
    second_factor_service,
    session_service,
)
from services.actor import Caller
from services.errors import WrongCode
from services.tokens import new_token
from tests.factories import make_admin

PASSWORD = "tall-green-giraffe"
Prepared = tuple[str, dict[str, Any]]
_hash = password_service.hash_password(PASSWORD)


def agent(db: Session, **fields: Any) -> Admin:
    return make_admin(db, role=Role.AGENT, **fields)


def invite(db: Session, me: Caller, email: str = "") -> tuple[AdminInvite, str]:
    email = email or f"{new_token()[:8]}@example.com"
    made, link = invite_service.create(db, me, email, Role.AGENT)
    return made, link.partition("#")[2]


def with_password(db: Session, me: Caller) -> Caller:
    with transaction(db):
        me.admin.password_hash = _hash
        db.add(me.admin)
    return me


def second_factor(db: Session, me: Caller) -> str:
    """Turned on; gives the secret."""
    with_password(db, me)
    secret = second_factor_service.begin(db, me).secret
    db.refresh(me.admin)
    try:
        _confirm_with_the_code_before(db, me, secret)
    except WrongCode:  # the thirty seconds ended in between, and it was the last but one
        _confirm_with_the_code_before(db, me, secret)
    return secret


def _confirm_with_the_code_before(db: Session, me: Caller, secret: str) -> None:
    second_factor_service.confirm(db, me, pyotp.TOTP(secret).at(int(time.time()) - 30))


def begun(db: Session, me: Caller) -> Prepared:
    secret = second_factor_service.begin(db, me).secret
    return "/api/profile/second-factor/confirm", {"json": {"code": pyotp.TOTP(secret).now()}}


def other_session(db: Session, me: Caller) -> AdminSession:
    session_service.start(db, me.admin, "192.0.2.9", "another browser")
    return session_service.list_current(db, me.admin.id)[0]


def again(address: str) -> Callable[[Session, Caller], Prepared]:
    def prepare(db: Session, me: Caller) -> Prepared:
        second_factor(db, me)
        return address, {"json": {"password": PASSWORD}}

    return prepare


def accepted(db: Session, me: Caller) -> Prepared:
    body = {"token": invite(db, me)[1], "name": "Chidi", "password": PASSWORD}
    return "/api/invites/accept", {"json": body}


def new_password(db: Session, me: Caller) -> Prepared:
    with_password(db, me)
    return "/api/profile/password", {
        "json": {"old_password": PASSWORD, "new_password": "short-blue-elephant"}
    }


CALLS: dict[str, Callable[[Session, Caller], Prepared]] = {
    "POST /api/invites/accept": accepted,
    "POST /api/people/invites": lambda _db, _me: (
        "/api/people/invites",
        {"json": {"email": "chidi@example.com", "role": "agent"}},
    ),
    "DELETE /api/people/invites/{invite_id}": lambda db, me: (
        f"/api/people/invites/{invite(db, me)[0].id}",
        {},
    ),
    "POST /api/people/{admin_id}/disable": lambda db, _: (
        f"/api/people/{agent(db).id}/disable",
        {"json": {}},
    ),
    "POST /api/people/{admin_id}/enable": lambda db, _: (f"/api/people/{agent(db).id}/enable", {"json": {}}),
    "PUT /api/people/{admin_id}/role": lambda db, _: (
        f"/api/people/{agent(db).id}/role",
        {"json": {"role": "admin"}},
    ),
    "DELETE /api/people/{admin_id}/second-factor": lambda db, _: (
        f"/api/people/{agent(db).id}/second-factor",
        {},
    ),
    "PATCH /api/profile": lambda _db, _me: ("/api/profile", {"json": {"name": "Ada Obi"}}),
    "POST /api/profile/password": new_password,
    "POST /api/profile/second-factor": lambda _db, _me: ("/api/profile/second-factor", {"json": {}}),
    "POST /api/profile/second-factor/confirm": begun,
    "POST /api/profile/second-factor/off": again("/api/profile/second-factor/off"),
    "POST /api/profile/second-factor/recovery-codes": again("/api/profile/second-factor/recovery-codes"),
    "DELETE /api/profile/sessions/{session_id}": lambda db, me: (
        f"/api/profile/sessions/{other_session(db, me).id}",
        {},
    ),
    "POST /api/profile/tokens": lambda _db, _me: ("/api/profile/tokens", {"json": {"name": "shop"}}),
    "DELETE /api/profile/tokens/{token_id}": lambda db, me: (
        f"/api/profile/tokens/{api_token_service.create(db, me.admin.email, 'shop')[0].id}",
        {},
    ),
}
