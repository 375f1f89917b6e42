"""Who acts: a person in a browser, a program with a person's token, or somebody at the command line."""

from dataclasses import dataclass

from models.admin import Admin
from models.audit_entry import Via


@dataclass(frozen=True)
class Actor:
    """Whoever does something that is noted. Without an admin it is the command line."""

    admin: Admin | None = None
    address: str = ""
    session_id: int | None = None
    api_token_id: int | None = None

    @property
    def via(self) -> Via:
        """By what they came in."""
        if self.session_id is not None:
            return Via.BROWSER
        return Via.COMMAND if self.admin is None else Via.TOKEN


@dataclass(frozen=True)
class Caller(Actor):
    """Who calls the API; always somebody."""

    admin: Admin


COMMAND_LINE = Actor()
