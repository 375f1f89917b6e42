"""What messages cost."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Query

from api.deps import CurrentAdmin, Database
from api.whole_route import whole_routes
from config.settings import get_settings
from schemas.cost import MonthlyCosts
from schemas.envelope import Success, success
from services import cost_service

router = whole_routes("/api/support", "costs")


@router.get("/costs")
def costs(
    db: Database,
    _admin: CurrentAdmin,
    month: Annotated[str | None, Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")] = None,
) -> Success[MonthlyCosts]:
    """The costs of a month such as 2026-11; without one, of the present month."""
    month = month or f"{datetime.now(ZoneInfo(get_settings().business_timezone)):%Y-%m}"
    year, number = month.split("-")
    return success(MonthlyCosts.of(cost_service.of_month(db, int(year), int(number)), month))
