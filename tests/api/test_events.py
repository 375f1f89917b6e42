"""The live stream: everything once and in order, and nothing for who is not signed in."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models import DeskEvent
from models.admin import AdminSession
from services.actor import Actor
from services.session_service import ABSOLUTE_LIMIT, end, find
from services.tokens import token_hash
from tests.event_streams import EVENTS, last_seq, stream, take
from tests.pretend_meta import PATIENCE_SECONDS, wait_until
from tests.running_desk import RunningDesk, text_message, webhook

COOKIE = {"Cookie": "session=a-cookie"}


pytestmark = pytest.mark.usefixtures("quiet")


def sign_in(db: Session, desk: RunningDesk) -> None:
    now = utc_now()
    with transaction(db):
        db.add(
            AdminSession(
                token_hash=token_hash("a-cookie"),
                admin_id=desk.admin.id,
                created_at=now,
                last_seen_at=now - timedelta(seconds=1),
                expires_at=now + ABSOLUTE_LIMIT,
            )
        )


def test_a_change_is_told_with_what_the_api_answers(desk: RunningDesk) -> None:
    with stream(desk.api) as events:
        ready = next(events)
        assert (ready.kind, ready.data) == ("ready", {"cursor": ready.id})
        ticket = desk.open_ticket()
        created = next(events)
        assert (created.kind, created.data) == ("ticket.created", {"ticket": ticket})
        message = desk.data(
            "POST",
            f"/api/support/tickets/{ticket['id']}/messages?sender_type=user",
            json={"message": "Hello"},
        )
        written, updated = next(events), next(events)
        assert (written.kind, written.data) == (
            "message.created",
            {"ticket_id": ticket["id"], "message": message},
        )
        assert (updated.kind, updated.data["ticket"]["unread_count"]) == ("ticket.updated", 1)
        assert [ready.id, created.id, written.id, updated.id] == list(range(ready.id, ready.id + 4))


def test_the_ticks_are_told(desk: RunningDesk) -> None:
    desk.meta.write("Chat Support")
    wait_until(lambda: desk.data("GET", "/api/support/tickets")["total"] == 1, "the ticket")
    [ticket] = desk.data("GET", "/api/support/tickets")["tickets"]
    with stream(desk.api) as events:
        next(events)
        answer = desk.data("POST", f"/api/support/tickets/{ticket['id']}/messages", json={"message": "Hi"})
        states = []
        while "delivered" not in states:
            event = next(events)
            if event.kind == "message.updated" and event.data["message"]["id"] == answer["id"]:
                states.append(event.data["message"]["delivery"]["state"])
    climb = ["queued", "sending", "sent", "delivered"]
    assert [climb.index(state) for state in states] == sorted(climb.index(state) for state in states)


@pytest.mark.promise("P17")
def test_a_cursor_resumes_without_gap_or_double(desk: RunningDesk, db: Session) -> None:
    with stream(desk.api) as events:
        start = next(events).id
    ticket = desk.open_ticket()
    for number in range(40):
        desk.deliver(webhook(text_message(f"message {number}")))
        desk.settle()
    end_seq = last_seq(db)
    assert end_seq >= start + 81
    wanted = {row["id"] for row in desk.ticket(ticket["id"])["messages"]}
    for cursor in (start, start + 1, end_seq - 7, end_seq):
        with stream(desk.api, f"?cursor={cursor}") as by_query:
            told = take(by_query, end_seq)
        with stream(desk.api, **{"Last-Event-ID": str(cursor)}) as by_header:
            assert take(by_header, end_seq) == told
        ids = [event.id for event in told]
        assert (told[0].kind, ids[0]) == ("ready", cursor)
        assert ids == sorted(set(ids))
        assert ids[-1] == end_seq
        if cursor == start:
            seen = [event.data["message"]["id"] for event in told if event.kind == "message.created"]
            assert sorted(seen) == sorted(wanted)


@pytest.mark.promise("P17")
def test_a_cursor_that_is_too_old_or_too_new_is_reset(desk: RunningDesk, db: Session) -> None:
    desk.open_ticket()
    for _ in range(3):
        desk.deliver(webhook(text_message("Hello")))
        desk.settle()
    newest = last_seq(db)
    with transaction(db):
        db.execute(delete(DeskEvent).where(DeskEvent.seq < newest - 1))
    for cursor, kind in (
        (newest - 2, "ready"),
        (newest - 3, "reset"),
        (0, "reset"),
        (newest + 1, "reset"),
        (10**19, "reset"),
    ):
        with stream(desk.api, f"?cursor={cursor}") as events:
            assert (cursor, next(events).kind) == (cursor, kind)
    with transaction(db):
        db.execute(delete(DeskEvent))
    with stream(desk.api, f"?cursor={newest - 1}") as events:
        assert next(events).kind == "reset"
    with stream(desk.api, f"?cursor={newest}") as events:
        assert next(events).kind == "ready"


def test_a_malformed_cursor_is_refused(desk: RunningDesk) -> None:
    for cursor in ("x", "-1", "1.5", "1e3", " 1", "٣", "²", "1" * 21):
        response = desk.api.get(EVENTS, params={"cursor": cursor})
        assert (cursor, response.status_code) == (cursor, 400)
        assert response.json()["code"] in ("malformed_cursor", "malformed_request")


@pytest.mark.parametrize("busy", [False, True], ids=["quiet", "busy"])
def test_a_stream_ends_with_its_session(
    desk: RunningDesk, db: Session, monkeypatch: pytest.MonkeyPatch, busy: bool
) -> None:
    monkeypatch.setattr("api.sign_in_watch.CHECK_SECONDS", 0.3)
    sign_in(db, desk)
    ticket = desk.open_ticket()
    with stream(desk.stranger, **COOKIE) as events:
        next(events)
        session = find(db, "a-cookie")
        assert session is not None
        end(db, Actor(session.admin, session_id=session.id))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if busy:
                desk.data(
                    "POST",
                    f"/api/support/tickets/{ticket['id']}/messages?sender_type=user",
                    json={"message": "Are you there?"},
                )
            if next(events, None) is None:
                break
        else:
            pytest.fail("the stream goes on without a session")


def test_a_stream_ends_after_a_while(desk: RunningDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.events.LONGEST_STREAM_SECONDS", 0.2)
    with stream(desk.api) as events:
        assert [event.kind for event in events] == ["ready"]


def test_a_quiet_stream_says_that_it_is_alive(desk: RunningDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.events.HEARTBEAT_SECONDS", 0.1)
    with desk.api.stream("GET", EVENTS) as response:
        lines = response.iter_lines()
        assert "event: alive" in lines
        assert next(lines).startswith("data:")  # a browser drops an event without data
        assert next(lines) == ""  # and no id: the cursor stays where it is


def test_without_a_session_there_is_no_stream(desk: RunningDesk) -> None:
    for headers in ({}, COOKIE, {"Authorization": "Bearer cst_unknown"}):
        response = desk.stranger.get(EVENTS, headers=headers)
        assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")


def test_other_streams_outlive_a_session_that_ends(
    desk: RunningDesk, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.sign_in_watch.CHECK_SECONDS", 0.1)
    sign_in(db, desk)
    with stream(desk.api) as by_token, stream(desk.stranger, **COOKIE) as by_cookie:
        next(by_token), next(by_cookie)
        session = find(db, "a-cookie")
        assert session is not None
        end(db, Actor(session.admin, session_id=session.id))
        assert next(by_cookie, None) is None
        ticket = desk.open_ticket()
        assert next(by_token).data["ticket"]["id"] == ticket["id"]
