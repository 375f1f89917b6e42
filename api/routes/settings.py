"""The settings that the desk changes by itself."""

from typing import Annotated

from api.deps import Allowed, CurrentAdmin, Database
from api.whole_route import whole_routes
from models.audit_entry import AuditAction
from schemas.desk_setting import DeskSettingsResponse, DeskSettingsUpdate
from schemas.envelope import Success, success
from services import desk_setting_service
from services.actor import Caller
from services.audit_service import audited
from services.permissions import Permission

router = whole_routes("/api/support/settings", "settings")


@router.get("")
def get_settings(db: Database, _admin: CurrentAdmin) -> Success[DeskSettingsResponse]:
    """The settings as they stand."""
    return success(DeskSettingsResponse.of(desk_setting_service.load(db)))


@router.patch("")
def change_settings(
    body: DeskSettingsUpdate, db: Database, caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]
) -> Success[DeskSettingsResponse]:
    """Change some of the settings, for everybody at the desk."""
    with audited(db, caller, AuditAction.SETTINGS_CHANGE, fields=body.model_fields_set):
        changed = desk_setting_service.change(db, body.change())
    return success(DeskSettingsResponse.of(changed), "The settings are saved.")
