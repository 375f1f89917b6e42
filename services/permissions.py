"""What each role may do. This table decides; routes name the permission that they want."""

from enum import StrEnum

from models.admin import Role


class Permission(StrEnum):
    """A right that not everybody has. Tickets, customers and answers are open to all who are signed in."""

    MANAGE_DESK = "manage_desk"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_EVERYBODY = "manage_everybody"
    HAND_OVER_DATA = "hand_over_data"
    READ_AUDIT = "read_audit"


MEANINGS = {
    Permission.MANAGE_DESK: "Change the desk's settings, templates and number checks, try what was set aside "
    "again, and read metrics and the API's description",
    Permission.MANAGE_PEOPLE: "Invite, disable and enable agents",
    Permission.MANAGE_EVERYBODY: "Do the same for admins and owners, change roles, and take away a lost "
    "second factor",
    Permission.HAND_OVER_DATA: "Export all that is kept of a customer, and erase a customer",
    Permission.READ_AUDIT: "Read and export the audit log",
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset(),
    Role.ADMIN: frozenset({Permission.MANAGE_DESK, Permission.MANAGE_PEOPLE, Permission.HAND_OVER_DATA}),
    Role.OWNER: frozenset(Permission),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether somebody of this role may do it."""
    return permission in PERMISSIONS[role]
