"""What the doors take and give about admins and signing in."""

from pydantic import BaseModel, ConfigDict, Field

from models.admin import Role
from services.permissions import Permission


class LoginRequest(BaseModel):
    """The lengths keep a guess from costing more than its hash."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=254)
    password: str = Field(max_length=1024)
    code: str = Field(default="", max_length=40)


class AdminResponse(BaseModel):
    """An admin as the other admins see them."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    name: str
    role: Role


class LoginResponse(BaseModel):
    """Who signed in. The session itself travels in the cookie."""

    admin: AdminResponse


class MeResponse(BaseModel):
    """Who is signed in, and what the dashboard must know about this desk."""

    admin: AdminResponse
    permissions: list[Permission]
    business_name: str
    simulator: bool


class AdminListResponse(BaseModel):
    """Whom a ticket can be given to."""

    admins: list[AdminResponse]
