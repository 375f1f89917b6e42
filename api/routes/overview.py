"""The dashboard's numbers."""

from api.deps import CurrentAdmin, Database
from api.whole_route import whole_routes
from schemas.envelope import Success, success
from schemas.overview import OverviewResponse
from services import overview_service

router = whole_routes("/api/support/overview", "support")


@router.get("")
def overview(db: Database, _admin: CurrentAdmin) -> Success[OverviewResponse]:
    """Who waits and for how long, and the tickets of the last seven days."""
    return success(OverviewResponse.of(overview_service.load(db)))
