"""Sample customers for the first day."""

from typing import Annotated

from api.deps import Allowed, CurrentAdmin, Database
from api.whole_route import whole_routes
from schemas.envelope import Success, success
from schemas.reply import Nothing
from schemas.sample_data import SampleDataResponse
from services import sample_data_service
from services.actor import Caller
from services.permissions import Permission

router = whole_routes("/api/support/sample-data", "sample data")


@router.get("")
def sample_data(db: Database, _admin: CurrentAdmin) -> Success[SampleDataResponse]:
    """Whether sample customers are in the desk."""
    return success(SampleDataResponse(are_there=sample_data_service.are_there(db)))


@router.post("")
def add_sample_data(
    _body: Nothing, db: Database, caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]
) -> Success[SampleDataResponse]:
    """Put sample customers into the desk. Nothing is ever sent to them."""
    sample_data_service.add(db, caller)
    return success(SampleDataResponse(are_there=True), "The sample customers are in the desk.")


@router.delete("")
def clear_sample_data(
    db: Database, caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]
) -> Success[SampleDataResponse]:
    """Take the sample customers away, with all that was done with them and nothing else."""
    sample_data_service.clear(db, caller)
    return success(SampleDataResponse(are_there=False), "The sample customers are gone.")
