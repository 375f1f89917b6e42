"""The dashboard's numbers."""

from fastapi import APIRouter

from api.deps import CurrentAdmin, Database
from api.whole_route import WholeRoute
from schemas.envelope import Success, success
from schemas.overview import OverviewResponse
from services import overview_service

router = APIRouter(prefix="/api/support/overview", tags=["support"], route_class=WholeRoute)


@router.get("")
def overview(db: Database, _admin: CurrentAdmin) -> Success[OverviewResponse]:
    """Who waits and for how long, and the tickets of the last seven days."""
    return success(OverviewResponse.of(overview_service.load(db)))
