"""The people at the desk."""

from api.deps import CurrentAdmin, Database
from api.whole_route import whole_routes
from schemas.admin import AdminListResponse, AdminResponse
from schemas.envelope import Success, success
from services import admin_service

router = whole_routes("/api/support", "support")


@router.get("/admins")
def list_admins(db: Database, _admin: CurrentAdmin) -> Success[AdminListResponse]:
    """Everybody whom a ticket can be given to."""
    admins = [AdminResponse.model_validate(admin) for admin in admin_service.list_active(db)]
    return success(AdminListResponse(admins=admins))
