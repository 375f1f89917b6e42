"""Graph's block list of a number: who is on it is not heard, and cannot be written to."""

from typing import Any

from starlette.responses import JSONResponse, Response

from simulator.graph_errors import GraphError
from simulator.world import World

PARTLY = 139100
NOT_RECENT = 131047
MOST_USERS = 1000


def change(world: World, body: Any, *, block: bool) -> Response:
    """`POST` and `DELETE /{phone_number_id}/block_users`; each person goes well or fails alone.

    Only who wrote within 24 hours can be blocked. Raises GraphError 100 or 131008.
    """
    if not isinstance(body, dict) or body.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product must be whatsapp.")
    users = body.get("block_users")
    if not isinstance(users, list) or not 0 < len(users) <= MOST_USERS:
        raise GraphError(131008, "Parameter 'block_users' must be a list of people.")
    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for each in users:
        user = each.get("user") if isinstance(each, dict) else None
        if not isinstance(user, str) or not user:
            raise GraphError(131008, "Parameter 'user' is missing.")
        digits = user.removeprefix("+")
        thread = world.find(to=digits if digits.isdigit() else None, user_id=user)
        if thread is None or (block and not world.window_is_open(thread.customer)):
            error = {"code": NOT_RECENT, "message": "The user has not written within 24 hours."}
            failed.append({"input": user, "errors": [error]})
            continue
        if block:
            world.blocked.add(thread.customer.id)
        else:
            world.blocked.discard(thread.customer.id)
        done.append({"input": user, "wa_id": thread.customer.phone_number})
    answer: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "block_users": {"added_users" if block else "removed_users": done},
    }
    if failed:
        answer["block_users"]["failed_users"] = failed
        return JSONResponse(GraphError(PARTLY).body() | answer, 400)
    return JSONResponse(answer)


def listed(world: World) -> Response:
    """`GET /{phone_number_id}/block_users`."""
    people = [world.threads[each].customer for each in sorted(world.blocked) if each in world.threads]
    data = [{"messaging_product": "whatsapp", "wa_id": person.phone_number} for person in people]
    return JSONResponse({"data": data, "paging": {}})
