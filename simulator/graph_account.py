"""Graph's reading calls about the number, the business account and its templates."""

import base64
import binascii
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.business import Business
from simulator.graph_errors import GraphError
from simulator.templates import Templates
from simulator.world import Account

DEFAULT_NUMBER_FIELDS = (
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
)
LARGEST_PAGE = 1000
USUAL_PAGE = 25


def number(request: Request, account: Account, business: Business) -> Response:
    """`GET /{phone_number_id}`."""
    digits = account.display_phone_number
    known = {
        "verified_name": account.business_name,
        "code_verification_status": "VERIFIED",
        "display_phone_number": f"+{digits[:3]} {digits[3:6]} {digits[6:9]} {digits[9:]}".rstrip(),
        "quality_rating": business.quality_rating,
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "name_status": "APPROVED",
        "account_mode": "LIVE",
        "status": "BANNED" if business.standing == "disabled" else "CONNECTED",
        "whatsapp_business_manager_messaging_limit": business.messaging_limit,
        "health_status": _health(account, business),
    }
    return _fields(request, known, account.phone_number_id, DEFAULT_NUMBER_FIELDS)


def business(request: Request, account: Account, state: Business) -> Response:
    """`GET /{whatsapp_business_account_id}`."""
    known = {
        "name": account.business_name,
        "currency": "NGN",
        "timezone_id": "1",
        "health_status": _health(account, state),
    }
    return _fields(request, known, account.business_account_id, ("name", "currency", "timezone_id"))


def templates(request: Request, all_templates: Templates) -> Response:
    """`GET /{whatsapp_business_account_id}/message_templates`, by pages that `paging.next` leads through."""
    query = request.query_params
    given = query.get("limit", str(USUAL_PAGE))
    if not (given.isascii() and given.isdecimal() and 1 <= int(given) <= LARGEST_PAGE):
        raise GraphError(100, message=f"(#100) Param limit must be a number from 1 to {LARGEST_PAGE}.")
    limit, start = int(given), _start_of(query.get("after"))
    found = [
        template.listed()
        for template in all_templates.by_id.values()
        if query.get("name") in (None, template.name) and query.get("status") in (None, template.status)
    ]
    page = found[start : start + limit]
    answer: dict[str, Any] = {"data": page}
    if page:
        before, after = _cursor(start), _cursor(start + len(page))
        answer["paging"] = {"cursors": {"before": before, "after": after}}
        if start + limit < len(found):
            answer["paging"]["next"] = str(request.url.include_query_params(limit=limit, after=after))
    return JSONResponse(answer)


def _fields(request: Request, known: dict[str, Any], object_id: str, usual: tuple[str, ...]) -> Response:
    given = request.query_params.get("fields")
    names = [name.strip() for name in given.split(",")] if given else list(usual)
    for name in names:
        if name not in known and name != "id":
            raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({name})")
    return JSONResponse({name: known[name] for name in names if name in known} | {"id": object_id})


def _health(account: Account, business: Business) -> dict[str, Any]:
    verdict = {"good": "AVAILABLE", "restricted": "LIMITED", "disabled": "BLOCKED"}[business.standing]
    account_entity: dict[str, Any] = {
        "entity_type": "WABA",
        "id": account.business_account_id,
        "can_send_message": verdict,
    }
    if business.standing != "good":
        account_entity["errors"] = [
            {
                "error_code": 368 if business.standing == "restricted" else 131031,
                "error_description": "The account broke WhatsApp's rules.",
                "possible_solution": "Ask for a review in the Business Support Home.",
            }
        ]
    number_entity = {
        "entity_type": "PHONE_NUMBER",
        "id": account.phone_number_id,
        "can_send_message": "AVAILABLE",
    }
    return {"can_send_message": verdict, "entities": [number_entity, account_entity]}


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(str(position).encode()).decode()


def _start_of(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise GraphError(100, message="(#100) Param after is not a cursor of this list.") from None
