"""The reader of the changes: it wakes with the first stream, and nothing falls between the two."""

import time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from api import event_stream
from schemas.support_message import SupportMessageSchema
from tests.event_streams import last_seq, stream, take
from tests.running_desk import RunningDesk, text_message, webhook

pytestmark = pytest.mark.usefixtures("quiet")


def test_what_happens_while_a_stream_opens_is_not_lost(desk: RunningDesk, db: Session) -> None:
    ticket = desk.open_ticket()
    cursor = last_seq(db)
    seen: list[int] = []
    for number in range(15):
        desk.deliver(webhook(text_message(f"message {number}")))
        with stream(desk.api, f"?cursor={cursor}") as events:
            desk.deliver(webhook(text_message(f"another {number}")))
            for event in events:
                cursor = event.id
                if event.kind == "message.created":
                    seen.append(event.data["message"]["id"])
                if len(seen) >= 2 * number + 1:
                    break
    desk.settle()
    end_seq = last_seq(db)
    with stream(desk.api, f"?cursor={cursor}") as events:
        rest = take(events, end_seq)
    seen += [event.data["message"]["id"] for event in rest if event.kind == "message.created"]
    assert seen == sorted(row["id"] for row in desk.ticket(ticket["id"])["messages"])


def test_what_is_seen_from_both_sides_is_told_once(
    desk: RunningDesk, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change between the start of listening and the look back is found by both."""
    look_back = event_stream._catch_up
    ticket = desk.open_ticket()

    def change_then_look_back(cursor: int | None) -> list[event_stream.Frame]:
        for number in range(3):
            desk.deliver(webhook(text_message(f"message {number}")))
        desk.settle()
        time.sleep(0.5)  # until the listener has heard of it
        return look_back(cursor)

    monkeypatch.setattr(event_stream, "_catch_up", change_then_look_back)
    with stream(desk.api, f"?cursor={last_seq(db)}") as events:
        ready = next(events)
        desk.data("POST", f"/api/support/tickets/{ticket['id']}/read", json={})
        ids = [event.id for event in take(events, last_seq(db))]
    assert [ready.id, *ids] == sorted({ready.id, *ids})
    assert len(ids) > 3


def test_nobody_reads_for_nobody(desk: RunningDesk, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    frames_after = event_stream._frames_after

    def watched(seq: int) -> list[event_stream.Frame]:
        read.append(seq)
        return frames_after(seq)

    monkeypatch.setattr(event_stream, "_frames_after", watched)
    desk.open_ticket()
    cursor = last_seq(db)
    desk.deliver(webhook(text_message("Is anybody there?")))
    desk.settle()
    time.sleep(0.2)
    assert read == []
    with stream(desk.api, f"?cursor={cursor}") as events:
        assert take(events, last_seq(db))
    assert read


def test_what_happens_while_the_reader_wakes_is_not_lost(
    desk: RunningDesk, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = event_stream._newest

    def change_then_look() -> int:
        time.sleep(0.5)  # for who would look back before
        desk.deliver(webhook(text_message("Is anybody there?")))
        desk.settle()
        return newest()

    desk.open_ticket()
    desk.settle()
    cursor = last_seq(db)
    monkeypatch.setattr(event_stream, "_newest", change_then_look)
    with stream(desk.api, f"?cursor={cursor}") as events:
        assert any(event.kind == "message.created" for event in take(events, cursor + 1))


def test_a_message_that_cannot_be_shown_holds_up_no_other(
    desk: RunningDesk, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = SupportMessageSchema.of

    def spoilt(row: Any) -> SupportMessageSchema:
        if row.message == "Spoilt":
            raise ValueError
        return show(row)

    desk.open_ticket()
    desk.settle()
    cursor = last_seq(db)
    monkeypatch.setattr(SupportMessageSchema, "of", spoilt)
    for _ in range(2):  # while it listens, and looking back
        with stream(desk.api, f"?cursor={cursor}") as events:
            for said in ("Spoilt", "Whole"):
                desk.deliver(webhook(text_message(said)))
                desk.settle()
            told = take(events, last_seq(db))
        assert {each.data["message"]["message"] for each in told if each.kind == "message.created"} == {
            "Whole"
        }
