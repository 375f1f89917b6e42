"""Everybody who may come to a door, with the means they come with."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models import Admin, AdminSession
from models.admin import Role
from services import api_token_service
from services.session_service import ABSOLUTE_LIMIT
from services.tokens import token_hash
from tests.factories import make_admin

STRANGERS = ("nobody", "unknown token", "unknown cookie", "other scheme", "expired", "idle", "disabled")


class Callers:
    """One admin of each role with a session and an API token, one who is disabled, and strangers."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.admins: dict[str, Admin] = {role: make_admin(db, role=role) for role in Role}
        self.tokens = {
            role: api_token_service.create(db, admin.email, "tests")[1] for role, admin in self.admins.items()
        }
        self.disabled = make_admin(db, disabled_at=utc_now())
        self.renew()

    def renew(self) -> None:
        """Sessions as at the beginning, whatever a call has done to them."""
        now = utc_now()
        with transaction(self.db):
            self.db.execute(delete(AdminSession))
            for role, admin in self.admins.items():
                self._session(admin, f"cookie-of-{role}", now, now + ABSOLUTE_LIMIT)
            owner = self.admins[Role.OWNER]
            self._session(owner, "cookie-expired", now, now - timedelta(seconds=1))
            self._session(owner, "cookie-idle", now - timedelta(days=8), now + ABSOLUTE_LIMIT)
            self._session(self.disabled, "cookie-disabled", now, now + ABSOLUTE_LIMIT)

    def _session(self, admin: Admin, token: str, seen: object, expires: object) -> None:
        self.db.add(
            AdminSession(
                token_hash=token_hash(token), admin_id=admin.id, last_seen_at=seen, expires_at=expires
            )
        )

    def headers(self, caller: str) -> dict[str, str]:
        """What a request of this caller carries; a role's name means its browser, `token agent` its token."""
        if caller.startswith("token "):
            return {"Authorization": f"Bearer {self.tokens[caller.removeprefix('token ')]}"}
        return {
            "nobody": {},
            "unknown token": {"Authorization": "Bearer cst_unknown"},
            "other scheme": {"Authorization": f"Basic {self.tokens[Role.OWNER]}"},
        }.get(caller, {"Cookie": f"session=cookie-{caller if caller in STRANGERS else f'of-{caller}'}"})
