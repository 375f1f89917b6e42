"""Who is at the desk."""

from api.deps import CurrentAdmin
from api.whole_route import whole_routes
from realtime.presence import Sign, presence
from schemas.envelope import Success, success
from schemas.presence import PresenceResponse, PresenceSign

router = whole_routes("/api/support/presence", "presence")


@router.get("")
def who_is_here(_admin: CurrentAdmin) -> Success[PresenceResponse]:
    """All who are at the desk now, and the tickets that they look at and write on."""
    return success(PresenceResponse.of(presence.people()))


@router.post("")
def give_sign(body: PresenceSign, admin: CurrentAdmin) -> Success[None]:
    """Say that a dashboard is open, and what it shows."""
    presence.give(Sign(admin.id, admin.name, str(body.tab), body.ticket_id, body.typing, body.gone))
    return success(None)
