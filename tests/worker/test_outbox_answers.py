"""What becomes of a message's row by WhatsApp's answer, and who is told of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from config.database import database_now
from models import OutboundMessage
from tests.factories import make_contact, make_message, make_ticket
from tests.worker.outbox_desk import change, put, row, shown, told
from whatsapp.client import Refused, Result, Sent, Unknown, Unreached
from whatsapp.errors import ErrorClass, plain_words
from worker import outbox_store
from worker.outbox_retry import UNREACHED

RETRY = Refused(ErrorClass.RETRY, 130429, "", 0.0)
PERMANENT = Refused(ErrorClass.PERMANENT, 131026, "", 0.0)


def written(
    db: Session, result: Result, unit: float = 1.0, **fields: Any
) -> tuple[OutboundMessage, list[Any], list[int | None]]:
    """The row after the result, what was logged, and of which lines the desk was told."""
    message = change(db, put(db, make_contact(db)), **({"state": "sending", "attempts": 1} | fields))
    shown(db, message)
    with capture_logs() as logs:
        outbox_store.write_results(db, {message.id: result}, unit)
    return row(message), logs, told(db)


def test_an_answer_is_kept_in_the_outbox_and_in_the_thread(db: Session) -> None:
    contact = make_contact(db)
    with_id = change(db, put(db, contact), state="sending", wamid="wamid.Told", attempts=1)
    message = change(db, put(db, contact), state="sending", attempts=1)
    ticket = make_ticket(db, contact)
    line, other = (make_message(db, ticket, outbound_id=each.id) for each in (message, with_id))
    before = database_now(db)
    outbox_store.write_results(
        db, {message.id: Sent("wamid.1", None), with_id.id: Sent("wamid.Other", None)}, 1.0
    )
    sent = row(message)
    assert (sent.state, sent.wamid, sent.error_detail) == ("sent", "wamid.1", None)
    assert sent.sent_at is not None
    assert timedelta() <= sent.sent_at - before < timedelta(seconds=30)
    db.expire_all()
    assert (line.wamid, other.wamid) == ("wamid.1", None)
    assert row(with_id).wamid == "wamid.Told", "the first one holds: quotes refer to it"
    assert told(db) == [other.id, line.id] or told(db) == [line.id, other.id]


def test_a_busy_whatsapp_is_asked_again_later(db: Session) -> None:
    before = database_now(db)
    found, logs, heard = written(db, RETRY, 60.0)
    assert (found.state, found.error_code, found.attempts, len(heard)) == ("queued", 130429, 1, 1)
    assert found.next_attempt_at is not None
    wait = found.next_attempt_at - before
    assert timedelta(seconds=45) < wait < timedelta(seconds=110), "sixty, give or take a fifth"
    assert logs == [], "nobody has to do anything"


def test_what_never_left_does_not_count_and_does_not_wait(db: Session) -> None:
    found, logs, heard = written(db, Unreached("refused"), attempts=3)
    assert (found.state, found.attempts, found.next_attempt_at) == ("queued", 2, None)
    assert found.error_detail == UNREACHED
    assert (logs, len(heard)) == ([], 1)


def test_silence_is_unknown(db: Session) -> None:
    found, logs, _ = written(db, Unknown("timeout"))
    assert (found.state, found.attempts, found.next_attempt_at) == ("unknown", 1, None)
    assert "may have been sent" in str(found.error_detail)
    assert logs == []


@pytest.mark.parametrize(
    ("kind", "level"),
    [(ErrorClass.PERMANENT, "warning"), (ErrorClass.CONFIGURATION, "error")],
)
def test_a_refusal_is_logged_by_its_code(db: Session, kind: ErrorClass, level: str) -> None:
    found, logs, heard = written(db, Refused(kind, 190, "", 0.0))
    assert (found.state, found.error_code, found.error_detail) == ("failed", 190, plain_words(190))
    assert logs == [{"event": "outbox.failed", "log_level": level, "code": 190, "message_id": found.id}]
    assert len(heard) == 1


@pytest.mark.parametrize("state", ["sent", "delivered", "read", "failed", "queued"])
def test_a_status_that_came_first_is_not_taken_back(db: Session, state: str) -> None:
    found, logs, heard = written(db, PERMANENT, state=state)
    assert (found.state, found.error_code, found.attempts) == (state, None, 1)
    assert (logs, heard) == ([], [])


def test_what_was_given_up_is_not_queued_again_by_itself(db: Session) -> None:
    found, _, _ = written(db, RETRY, state="unknown")
    assert (found.state, found.error_code) == ("failed", 130429)
    assert found.error_detail == "The message was not sent. Send it again."
    assert found.next_attempt_at is None
    refused, _, _ = written(db, PERMANENT, state="unknown")
    assert (refused.state, refused.error_detail) == ("failed", plain_words(131026))


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Sent("wamid.WithTheirNumber", None), "sent"),
        (Refused(ErrorClass.PERMANENT, 4711, "Their name has changed.", 0.0), "failed"),
        (RETRY, "failed"),
        (Unreached("refused"), "failed"),
        (Unknown("timeout"), "unknown"),
    ],
)
def test_of_who_was_erased_while_it_was_being_sent_nothing_is_kept(
    db: Session, result: Result, state: str
) -> None:
    """Only what it was: there is nothing left to send, and WhatsApp's ids have the number in them."""
    found, _, _ = written(db, result, payload={})
    assert (found.state, found.wamid, found.error_detail) == (state, None, None)


def test_a_change_of_the_state_before_calls_the_retry_off(db: Session) -> None:
    contact = make_contact(db)
    first = change(db, put(db, contact), state="unknown", attempts=1)
    again = change(db, put(db, contact), retry_of_id=first.id)
    outbox_store.write_results(db, {first.id: Sent("wamid.Late", None)}, 1.0)
    assert (row(first).state, row(again).state) == ("sent", "failed")


def test_a_late_answer_and_that_of_the_retry_after_it_come_together(db: Session) -> None:
    """Somebody was told that nobody knows, and sent it again; both did go out, and each keeps its id."""
    contact = make_contact(db)
    attempt = change(db, put(db, contact), state="unknown", attempts=1)
    retry = change(db, put(db, contact), state="sending", attempts=1)
    change(db, retry, retry_of_id=attempt.id)
    answers: dict[int, Result] = {attempt.id: Sent("wamid.1", None), retry.id: Sent("wamid.2", None)}
    outbox_store.write_results(db, answers, 1.0)
    assert [(each.state, each.wamid) for each in (row(attempt), row(retry))] == [
        ("sent", "wamid.1"),
        ("sent", "wamid.2"),
    ]
