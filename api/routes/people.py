"""The people at the desk: invited, given a role, disabled and let in again."""

from typing import Annotated

from fastapi import Path

from api.deps import Allowed, Database
from api.whole_route import whole_routes
from models.admin import Role
from schemas.envelope import Success, success
from schemas.people import (
    InviteCreate,
    InviteLink,
    InviteResponse,
    PeopleResponse,
    PersonResponse,
    RoleUpdate,
)
from schemas.reply import Nothing
from services import invite_service, people_service
from services.actor import Caller
from services.permissions import Permission
from services.reauthentication import refuse_old_sign_in

router = whole_routes("/api/people", "people")

AdminId = Annotated[int, Path(description="The number of somebody at the desk", ge=1, le=2**31 - 1)]
InviteId = Annotated[int, Path(description="The number of an invitation", ge=1, le=2**31 - 1)]


@router.get("")
def list_people(
    db: Database, _caller: Annotated[Caller, Allowed(Permission.MANAGE_PEOPLE)]
) -> Success[PeopleResponse]:
    """Everybody at the desk, also who is disabled, and who is invited."""
    people = list(people_service.list_all(db))
    return success(PeopleResponse.of(people, list(invite_service.list_open(db))))


@router.post("/invites")
def invite(
    body: InviteCreate,
    db: Database,
    caller: Annotated[Caller, Allowed(Permission.MANAGE_PEOPLE, browser=True)],
) -> Success[InviteLink]:
    """Invite somebody. The link is told only now, holds for three days and works once."""
    refuse_old_sign_in(db, caller)
    made, link = invite_service.create(db, caller, body.email, body.role)
    shown = InviteLink(invite=InviteResponse.model_validate(made), link=link)
    return success(shown, "Send them the link.")


@router.delete("/invites/{invite_id}")
def revoke_invite(
    invite_id: InviteId,
    db: Database,
    caller: Annotated[Caller, Allowed(Permission.MANAGE_PEOPLE, browser=True)],
) -> Success[None]:
    """Take an invitation back."""
    invite_service.revoke(db, caller, invite_id)
    return success(None, "The link no longer works.")


@router.put("/{admin_id}/role")
def change_role(
    admin_id: AdminId,
    body: RoleUpdate,
    db: Database,
    caller: Annotated[Caller, Allowed(Permission.MANAGE_EVERYBODY, browser=True)],
) -> Success[PersonResponse]:
    """Give somebody another role. They have to sign in again."""
    refuse_old_sign_in(db, caller)
    admin = people_service.change_role(db, caller, admin_id, Role(body.role))
    return success(PersonResponse.of(admin), f"{admin.name} is {admin.role} now.")


@router.post("/{admin_id}/disable")
def disable(
    admin_id: AdminId,
    _body: Nothing,
    db: Database,
    caller: Annotated[Caller, Allowed(Permission.MANAGE_PEOPLE, browser=True)],
) -> Success[PersonResponse]:
    """Shut somebody out, with all their sessions, tokens and open pages."""
    admin = people_service.disable(db, caller, admin_id)
    return success(PersonResponse.of(admin), f"{admin.name} is shut out.")


@router.post("/{admin_id}/enable")
def enable(
    admin_id: AdminId,
    _body: Nothing,
    db: Database,
    caller: Annotated[Caller, Allowed(Permission.MANAGE_PEOPLE, browser=True)],
) -> Success[PersonResponse]:
    """Let somebody in again, with the password that they had."""
    refuse_old_sign_in(db, caller)
    admin = people_service.enable(db, caller, admin_id)
    return success(PersonResponse.of(admin), f"{admin.name} can sign in again.")


@router.delete("/{admin_id}/second-factor")
def reset_second_factor(
    admin_id: AdminId,
    db: Database,
    caller: Annotated[Caller, Allowed(Permission.MANAGE_EVERYBODY, browser=True)],
) -> Success[PersonResponse]:
    """Take a colleague's second factor away, for one who has lost it."""
    refuse_old_sign_in(db, caller)
    admin = people_service.reset_second_factor(db, caller, admin_id)
    return success(PersonResponse.of(admin), f"{admin.name} signs in with the password alone.")
