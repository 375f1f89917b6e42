"""S12: fields that nobody offered, and answers that say too much."""

import json
import re
from typing import Any

from sqlalchemy.orm import Session

from api.deps import SESSION_COOKIE
from services import session_service
from tests.running_desk import RunningDesk
from tests.security.routes import document, routes, schemas_below

UNASKED: dict[str, Any] = {
    "role": "owner",
    "is_owner": True,
    "id": 1,
    "created_at": "2020-01-01T00:00:00Z",
    "password_hash": "$argon2id$",
    "admin_id": 1,
    "disabled_at": None,
    "sender_name": "The boss",
    "contact_id": 1,
    "storage_key": "1/secret",
    "__proto__": {"admin": True},
    "constructor": 1,
}
SECRET = re.compile(
    r"password|hash|secret|seed|storage_key|thumbnail_key|playable_key|[a-z]_key$|wamid|token"
)
KNOWN = {
    ("GET /api/profile", "tokens"),  # their names
    ("POST /api/profile/tokens", "token"),  # the token's own text is told here, once
    ("POST /api/profile/second-factor", "secret"),  # for the app, once
}
"""Route and field of what sounds secret and must yet be told to whoever it belongs to."""


def test_no_route_takes_a_field_that_it_does_not_offer(desk: RunningDesk, db: Session) -> None:
    cookie = {"Cookie": f"{SESSION_COOKIE}={session_service.start(db, desk.admin, '', '')}"}
    tried = 0
    api = document(desk)
    for route in routes(api):
        if (schema := route.body_schema) is None:
            continue
        offered = {name for each in schemas_below(schema, api) for name in each.get("properties", {})}
        extra = {name: value for name, value in UNASKED.items() if name not in offered}
        assert len(extra) > 5
        answer = desk.stranger.request(route.method, route.address(), json=extra, headers=cookie)
        assert (route.name, answer.status_code) == (route.name, 400)
        refused = {
            each["field"] for each in answer.json()["details"] if each["message"].startswith("Extra inputs")
        }
        assert (route.name, extra.keys() - refused) == (route.name, set())
        tried += 1
    assert tried > 8


def test_no_object_in_any_request_is_open_ended(desk: RunningDesk) -> None:
    api = document(desk)
    for route in routes(api):
        for schema in schemas_below(route.body_schema, api):
            if schema.get("properties") is not None:
                assert schema.get("additionalProperties") is False, (route.name, schema.get("title"))


def test_no_answer_has_a_field_for_a_secret(desk: RunningDesk) -> None:
    api = document(desk)
    found = {
        (route.name, name)
        for route in routes(api)
        for schema in schemas_below(route.answer_schema, api)
        for name in schema.get("properties", {})
        if SECRET.search(name)
    }
    assert found <= KNOWN


def test_the_pages_answers_are_not_wider_than_their_document(desk: RunningDesk) -> None:
    """What a route gives is what its document names: nothing slips out of a model beside it."""
    ticket = desk.open_ticket()
    api = document(desk)
    for route in routes(api):
        if route.method != "get" or route.answer_schema is None:
            continue
        address = route.address(ticket_id=str(ticket["id"]))
        answer = desk.api.get(address)
        if answer.status_code != 200:
            continue
        named = {
            name for each in schemas_below(route.answer_schema, api) for name in each.get("properties", {})
        }
        free = any(each.get("additionalProperties") for each in schemas_below(route.answer_schema, api))
        assert free or _keys(answer.json()) <= named, route.name
        assert not re.search(
            r'"(password_hash|token_hash|storage_key|payload_key)"', json.dumps(answer.json())
        )


def _keys(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for each in value for name in _keys(each)}
    if isinstance(value, dict):
        return set(value) | {name for each in value.values() for name in _keys(each)}
    return set()
