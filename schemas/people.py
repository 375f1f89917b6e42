"""What the doors take and give about the people at the desk."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from models.admin import Admin, AdminInvite, Role
from schemas.fields import Utc
from schemas.support_ticket import Strict
from services import second_factor_service

Email = Annotated[str, StringConstraints(max_length=254)]


class PersonResponse(BaseModel):
    """Somebody at the desk, as those see them who manage people."""

    id: int
    email: str
    name: str
    role: Role
    has_second_factor: bool
    created_at: Utc
    disabled_at: Utc | None

    @classmethod
    def of(cls, admin: Admin) -> "PersonResponse":
        """Nothing of how they prove who they are."""
        return cls(
            id=admin.id,
            email=admin.email,
            name=admin.name,
            role=admin.role,
            has_second_factor=second_factor_service.is_on(admin),
            created_at=admin.created_at,
            disabled_at=admin.disabled_at,
        )


class InviteResponse(BaseModel):
    """An invitation that nobody has accepted yet."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    role: Role
    created_at: Utc
    expires_at: Utc


class PeopleResponse(BaseModel):
    """Everybody, and who is invited."""

    people: list[PersonResponse]
    invites: list[InviteResponse]

    @classmethod
    def of(cls, admins: "list[Admin]", invites: "list[AdminInvite]") -> "PeopleResponse":
        """Both lists in the order that they come in."""
        return cls(
            people=[PersonResponse.of(admin) for admin in admins],
            invites=[InviteResponse.model_validate(invite) for invite in invites],
        )


class InviteCreate(Strict):
    """Whom to let in, and as what."""

    email: Email
    role: Role = Role.AGENT


class InviteLink(BaseModel):
    """The link is told once; whoever has it can accept."""

    invite: InviteResponse
    link: str


class RoleUpdate(Strict):
    """The role that somebody gets."""

    role: Role


class InviteToken(Strict):
    """What stands behind the # of an invitation's link."""

    token: Annotated[str, StringConstraints(max_length=100)]


class InviteShown(BaseModel):
    """What the invited sees before they accept."""

    email: str
    role: Role
    business_name: str


class InviteAccept(InviteToken):
    """The name that colleagues and customers read, and a password."""

    name: Annotated[str, StringConstraints(max_length=255)]
    password: Annotated[str, StringConstraints(max_length=1024)]
