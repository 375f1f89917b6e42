"""Is it alive, for load balancers, and does a part need somebody, for monitors. Open, and without secrets."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from api import errors
from config.database import QuickSession
from config.settings import get_settings
from schemas.envelope import Detail, Success, success
from services import readiness_service

router = APIRouter(prefix="/api/health", tags=["health"], responses=errors.ERROR_RESPONSES)


class PartResponse(BaseModel):
    """How one part of the desk is doing."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    ok: bool
    reason: str


class ReadinessResponse(BaseModel):
    """How each part of the desk is doing."""

    parts: list[PartResponse]


# monitors ask with HEAD, many by default, and would tell of a desk that is down
@router.head("/live", include_in_schema=False)
@router.get("/live")
async def live() -> Success[None]:
    """The process answers. Nothing else is looked at."""
    return success(None, "Alive.")


@router.head("/ready", include_in_schema=False, response_model=None)
@router.get("/ready", response_model=Success[ReadinessResponse])
def ready(request: Request) -> Success[ReadinessResponse] | Response:
    """Whether the desk can do its work, with a reason for each part; 503 where one can't do its own."""
    with QuickSession() as db:
        parts = readiness_service.check(db, get_settings(), request.app.state.worker_alive)
    if all(part.ok for part in parts):
        return success(
            ReadinessResponse(parts=[PartResponse.model_validate(part) for part in parts]), "Ready."
        )
    broken = " and ".join(part.name for part in parts if not part.ok)
    details = [Detail(field=part.name, message=part.reason) for part in parts]
    return errors.failure(503, "not_ready", f"Not ready: {broken}.", details)
