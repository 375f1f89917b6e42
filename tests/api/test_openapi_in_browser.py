"""The document is kept for a browser that is signed in as well, and for rows that are there."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from sqlalchemy.orm import Session

from api.deps import SESSION_COOKIE
from main import app
from models import Admin
from services import api_token_service, canned_reply_service, session_service, tag_service
from services.actor import Caller
from services.canned_reply_service import CannedText
from tests.api.test_openapi_promises import CHECKS, SIGN_IN, STREAM
from tests.factories import make_admin, make_ticket
from tests.running_desk import RunningDesk
from tests.security import people_calls
from tests.security.access import ROUTES
from tests.security.test_audit_of_routes import account_event, customers_message, failed_file

EXAMPLES = 3

FILE = "/api/support/media/{media_id}"
FILES = [
    FILE,
    f"{FILE}/thumbnail",
    f"{FILE}/playable",
]  # a file that failed has none; test_media.py reads some

document = schemathesis.openapi.from_dict(app.openapi())


def tag(db: Session) -> int:
    return tag_service.create(db, f"Tag {make_admin(db).id}").id


def canned_reply(db: Session) -> int:
    text = CannedText(f"hours{make_admin(db).id}", "Hours", "From 8 to 6.")
    return canned_reply_service.create(db, text).id


def token(db: Session, me: Admin) -> int:
    return api_token_service.create(db, me.email, "tests")[0].id


REAL: dict[str, Callable[[Session, Admin], int]] = {
    "admin_id": lambda db, _: make_admin(db).id,
    "contact_id": lambda db, _: make_ticket(db).contact_id,
    "event_id": lambda db, _: account_event(db).id,
    "invite_id": lambda db, me: people_calls.invite(db, Caller(me, "127.0.0.1"))[0].id,
    "media_id": lambda db, _: failed_file(db).id,
    "reply_id": lambda db, _: canned_reply(db),
    "session_id": lambda db, me: people_calls.other_session(db, Caller(me, "127.0.0.1")).id,
    "tag_id": lambda db, _: tag(db),
    "ticket_id": lambda db, _: make_ticket(db).id,
    "token_id": token,
}
"""A row made for each example, since some examples take it away."""

IN_BODIES: dict[str, Callable[[Session], Any]] = {
    "add_tag_ids": lambda db: [tag(db)],
    "assigned_admin_id": lambda db: make_admin(db).id,
    "into_tag_id": tag,
    "ticket_ids": lambda db: [make_ticket(db).id],
    "version": lambda _: 1,
}


def with_real_ids(db: Session, me: Admin, case: Any) -> None:
    """Put rows that are there in the place of those that were made up."""
    names = set(case.path_parameters or {})
    if "message_id" in names:
        message = customers_message(db)
        case.path_parameters = {"ticket_id": message.ticket_id, "message_id": message.id}
    elif names:
        case.path_parameters = {name: REAL[name](db, me) for name in names}
    query: dict[str, Any] = case.query or {}
    if "ticket_id" in query:
        query["ticket_id"] = make_ticket(db).id
    given: Any = case.body
    if isinstance(given, dict):
        bodies: list[Any] = [given, given.get("changes") or {}]
        for body in bodies:
            for name in IN_BODIES.keys() & body:
                body[name] = IN_BODIES[name](db)


def problems(desk: RunningDesk, db: Session, wanted: Any) -> tuple[list[str], set[str]]:
    """What broke the document's word, and the operations that found a row for every id."""
    wrong: list[str] = []
    found: set[str] = set()
    me = people_calls.with_password(db, Caller(db.merge(desk.admin), "127.0.0.1")).admin
    own = {"Origin": desk.url, "Sec-Fetch-Site": "same-origin"}
    for result in wanted.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def call(case: Any) -> None:
            with_real_ids(db, me, case)
            case.headers.pop("Authorization", None)  # it makes up tokens
            case.cookies = {SESSION_COOKIE: session_service.start(db, me, "127.0.0.1", "tests")}
            answer = case.call(base_url=desk.url, headers=own)
            assert answer.status_code != 401, case.operation.label
            if answer.status_code != 404:
                found.add(case.operation.label)
            try:
                case.validate_response(answer, checks=CHECKS)
            except FailureGroup as group:
                wrong.extend(f"{case.operation.label}: {each.title}" for each in group.exceptions)

        call()
    return wrong, found


@pytest.mark.slow
def test_a_browser_finds_the_document_kept(desk: RunningDesk, db: Session) -> None:
    wrong, found = problems(desk, db, document.exclude(path=[STREAM, SIGN_IN, *FILES]))
    assert wrong == []
    with_ids = {route for route in ROUTES if "{" in route and route.split()[1] not in FILES}
    assert with_ids - found == set()
