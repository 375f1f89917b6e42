"""Every route that changes something writes one entry into the audit log, and says who, what and which."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import SessionLocal, utc_now
from models import AuditEntry, CannedReply, MediaFile, OutboundMessage, SupportMessage, SupportTicket, Tag
from models.account_event import AccountEvent
from models.audit_entry import AuditAction as Act
from models.media_file import MediaState
from models.outbound_message import DeliveryState
from services import canned_reply_service, session_service, tag_service
from services.actor import Caller
from services.canned_reply_service import CannedText
from tests.factories import _saved, make_conversation, make_message, make_ticket
from tests.pretend_meta import PHONE_NUMBER_ID
from tests.running_desk import RunningDesk
from tests.security import people_calls
from tests.security.access import ROUTES, UNNOTED

Prepared = tuple[str, dict[str, Any]]
"""The address, and what goes with the request."""


def ticket(db: Session) -> SupportTicket:
    """A ticket whose customer wrote just now."""
    made = make_ticket(db, phone_number_id=PHONE_NUMBER_ID)
    make_conversation(db, made.contact, phone_number_id=PHONE_NUMBER_ID, last_customer_message_at=utc_now())
    return made


def customers_message(db: Session) -> SupportMessage:
    return make_message(db, ticket(db), wamid="wamid.theirs", phone_number_id=PHONE_NUMBER_ID)


def failed_message(db: Session, state: DeliveryState = DeliveryState.FAILED) -> SupportMessage:
    on = ticket(db)
    outbound = _saved(
        db,
        OutboundMessage(
            contact_id=on.contact_id,
            phone_number_id=PHONE_NUMBER_ID,
            callback_id="c" * 36,
            payload={"type": "text", "text": {"body": "Hello", "preview_url": False}},
            state=state,
        ),
    )
    return make_message(db, on, sender_type="admin", outbound_id=outbound.id)


def failed_file(db: Session) -> MediaFile:
    message = make_message(db, ticket(db), kind="image", wamid="wamid.photo")
    return _saved(
        db,
        MediaFile(
            message_id=message.id,
            phone_number_id=PHONE_NUMBER_ID,
            provider_media_id="4711",
            kind="image",
            mime_type="image/jpeg",
            state=MediaState.FAILED,
            tried_at=[],
        ),
    )


def tag(db: Session, name: str = "Refund") -> Tag:
    return tag_service.create(db, name)


def canned_reply(db: Session) -> CannedReply:
    return canned_reply_service.create(db, CannedText("hours", "Hours", "From 8 to 6."))


def account_event(db: Session) -> AccountEvent:
    return _saved(db, AccountEvent(field="account_alerts", summary="Look", payload={}))


TICKETS = "/api/support/tickets"


def message_address(message: SupportMessage) -> str:
    return f"{TICKETS}/{message.ticket_id}/messages/{message.id}"


NEW_TICKET = {"phone_number": "0803 555 0142", "sender_name": "Amara", "issue_description": "No charger"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)

CALLS: dict[str, Callable[[Session], Prepared]] = {
    "POST /api/auth/logout": lambda _: ("/api/auth/logout", {}),
    "POST /api/support/canned-replies": lambda _: (
        "/api/support/canned-replies",
        {"json": {"shortcut": "hi", "title": "Hello", "text": "Hello"}},
    ),
    "PUT /api/support/canned-replies/{reply_id}": lambda db: (
        f"/api/support/canned-replies/{canned_reply(db).id}",
        {"json": {"shortcut": "hi", "title": "Hello", "text": "Hi", "version": 1}},
    ),
    "DELETE /api/support/canned-replies/{reply_id}": lambda db: (
        f"/api/support/canned-replies/{canned_reply(db).id}",
        {},
    ),
    "PATCH /api/support/contacts/{contact_id}": lambda db: (
        f"/api/support/contacts/{ticket(db).contact_id}",
        {"json": {"name": "Amara Obi"}},
    ),
    "POST /api/support/contacts/{contact_id}/erase": lambda db: (
        f"/api/support/contacts/{ticket(db).contact_id}/erase",
        {},
    ),
    "POST /api/support/media": lambda db: (
        f"/api/support/media?ticket_id={ticket(db).id}&kind=image&filename=a.png",
        {"content": PNG},
    ),
    "POST /api/support/media/{media_id}/fetch": lambda db: (
        f"/api/support/media/{failed_file(db).id}/fetch",
        {"json": {}},
    ),
    "POST /api/support/number-health/check": lambda _: ("/api/support/number-health/check", {"json": {}}),
    "POST /api/support/number-health/events/{event_id}/dismiss": lambda db: (
        f"/api/support/number-health/events/{account_event(db).id}/dismiss",
        {"json": {}},
    ),
    "POST /api/support/self-test": lambda _: ("/api/support/self-test", {"json": {}}),
    "POST /api/support/sample-data": lambda _: ("/api/support/sample-data", {"json": {}}),
    "DELETE /api/support/sample-data": lambda _: ("/api/support/sample-data", {}),
    "POST /api/support/quarantine/replay": lambda _: ("/api/support/quarantine/replay", {}),
    "PATCH /api/support/settings": lambda _: ("/api/support/settings", {"json": {"currency": "GHS"}}),
    "POST /api/support/tags": lambda _: ("/api/support/tags", {"json": {"name": "Refund"}}),
    "PATCH /api/support/tags/{tag_id}": lambda db: (
        f"/api/support/tags/{tag(db).id}",
        {"json": {"name": "Returned"}},
    ),
    "DELETE /api/support/tags/{tag_id}": lambda db: (f"/api/support/tags/{tag(db).id}", {}),
    "POST /api/support/tags/{tag_id}/merge": lambda db: (
        f"/api/support/tags/{tag(db).id}/merge",
        {"json": {"into_tag_id": tag(db, "Other").id}},
    ),
    "POST /api/support/templates/sync": lambda _: ("/api/support/templates/sync", {"json": {}}),
    "POST /api/support/tickets": lambda _: (TICKETS, {"json": NEW_TICKET}),
    "PATCH /api/support/tickets/{ticket_id}": lambda db: (
        f"{TICKETS}/{ticket(db).id}",
        {"json": {"priority": "HIGH"}},
    ),
    "POST /api/support/tickets/bulk": lambda db: (
        f"{TICKETS}/bulk",
        {"json": {"ticket_ids": [ticket(db).id], "changes": {"priority": "LOW"}}},
    ),
    "POST /api/support/tickets/{ticket_id}/claim": lambda db: (
        f"{TICKETS}/{ticket(db).id}/claim",
        {"json": {}},
    ),
    "POST /api/support/tickets/{ticket_id}/messages": lambda db: (
        f"{TICKETS}/{ticket(db).id}/messages",
        {"json": {"message": "Which parcel?"}},
    ),
    "POST /api/support/tickets/{ticket_id}/notes": lambda db: (
        f"{TICKETS}/{ticket(db).id}/notes",
        {"json": {"message": "She called twice"}},
    ),
    "PUT /api/support/tickets/{ticket_id}/messages/{message_id}/reaction": lambda db: (
        f"{message_address(customers_message(db))}/reaction",
        {"json": {"emoji": "👍"}},
    ),
    "POST /api/support/tickets/{ticket_id}/messages/{message_id}/retry": lambda db: (
        f"{message_address(failed_message(db))}/retry",
        {"json": {}},
    ),
    "POST /api/support/tickets/{ticket_id}/messages/{message_id}/dismiss": lambda db: (
        f"{message_address(failed_message(db, DeliveryState.UNKNOWN))}/dismiss",
        {"json": {}},
    ),
    "POST /api/support/tickets/{ticket_id}/read": lambda db: (f"{TICKETS}/{ticket(db).id}/read", {}),
}

SIGNING_IN = {"POST /api/auth/login"}  # test_signing_in.py has its entries


def entries(db: Session) -> list[AuditEntry]:
    with SessionLocal() as other:
        return list(other.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_every_route_that_changes_something_is_called_here() -> None:
    changing = {route for route in ROUTES if not route.startswith("GET ")}
    assert changing - SIGNING_IN - set(UNNOTED) == set(CALLS) | set(people_calls.CALLS)
    assert {route for route in changing if ROUTES[route][1] is None} == set(UNNOTED)


@pytest.mark.parametrize("route", CALLS)
def test_it_writes_one_entry(desk: RunningDesk, db: Session, route: str) -> None:
    address, more = CALLS[route](db)
    before = len(entries(db))
    response = desk.api.request(route.split(maxsplit=1)[0], address, **more)
    assert response.status_code == 200, response.text
    [entry] = entries(db)[before:]
    assert (entry.action, entry.actor_id, entry.address) == (ROUTES[route][1], desk.admin.id, "127.0.0.1")
    if "{" in route:
        assert entry.target_kind
        assert entry.target_id
    assert "0803" not in str(entry.fields)


@pytest.mark.parametrize("route", people_calls.CALLS)
def test_it_writes_one_entry_about_people(desk: RunningDesk, db: Session, route: str) -> None:
    admin = db.merge(desk.admin)
    token = session_service.start(db, admin, "127.0.0.1", "tests")
    session = session_service.find(db, token)
    assert session is not None
    address, more = people_calls.CALLS[route](db, Caller(admin, "127.0.0.1", session_id=session.id))
    before = len(entries(db))
    cookie = {"Cookie": f"session={token}"}
    response = desk.stranger.request(route.split(maxsplit=1)[0], address, headers=cookie, **more)
    assert response.status_code == 200, response.text
    written = entries(db)[before:]
    if route == "POST /api/invites/accept":  # somebody comes to be, and is signed in
        assert [entry.action for entry in written] == [ROUTES[route][1], Act.SESSION_START]
        assert {entry.actor_id for entry in written} == {response.json()["data"]["admin"]["id"]}
    else:
        [entry] = written
        assert (entry.action, entry.actor_id, entry.via) == (ROUTES[route][1], admin.id, "browser")
        assert entry.target_id
