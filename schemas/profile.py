"""What the doors take and give about oneself."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from models.admin import AdminSession
from schemas.admin import AdminResponse
from schemas.fields import Utc
from schemas.support_ticket import Strict
from services.second_factor_service import Beginning

Password = Annotated[str, StringConstraints(max_length=1024)]


class SessionResponse(BaseModel):
    """A browser that is signed in; `is_this` is the one that asks."""

    id: int
    address: str
    user_agent: str
    created_at: Utc
    last_seen_at: Utc
    is_this: bool

    @classmethod
    def of(cls, session: AdminSession, this: int | None) -> "SessionResponse":
        """Without anything that would let one in."""
        return cls(
            id=session.id,
            address=session.address,
            user_agent=session.user_agent,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            is_this=session.id == this,
        )


class TokenResponse(BaseModel):
    """A program that acts for the caller."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    created_at: Utc
    last_used_at: Utc | None


class ProfileResponse(BaseModel):
    """Oneself, and by what one can come in."""

    admin: AdminResponse
    has_second_factor: bool
    recovery_codes_left: int
    sessions: list[SessionResponse]
    tokens: list[TokenResponse]


class ProfileUpdate(Strict):
    """What is to be changed of oneself."""

    name: Annotated[str, StringConstraints(max_length=255)]


class PasswordChange(Strict):
    """The password as it is and as it shall be."""

    old_password: Password
    new_password: Password


class PasswordAgain(Strict):
    """The password once more, for what would otherwise be too easy at a browser left alone."""

    password: Password


class TokenCreate(Strict):
    """What the program is called."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255)]


class NewToken(BaseModel):
    """The token's text is told once."""

    token: TokenResponse
    text: str


class SecondFactorBeginning(BaseModel):
    """For the authenticator app: `picture` is a QR code as a data address, `secret` the same to type in."""

    secret: str
    picture: str

    @classmethod
    def of(cls, beginning: Beginning) -> "SecondFactorBeginning":
        """Told once."""
        return cls(secret=beginning.secret, picture=beginning.picture)


class SecondFactorCode(Strict):
    """A code of the app, to show that it works."""

    code: Annotated[str, StringConstraints(max_length=20)]


class RecoveryCodes(BaseModel):
    """Each lets one in once, in the place of a code; told once."""

    codes: list[str]
