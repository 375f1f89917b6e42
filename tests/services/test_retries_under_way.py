"""A retry is on its way to WhatsApp when it turns out that the first attempt arrived."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction
from models import OutboundMessage
from models.outbound_message import DeliveryState
from services.outbound_message_service import CALLED_OFF, apply_status
from services.retry_service import NothingToRetry, retry
from tests.desk import stored
from tests.services.sending import make_open_ticket, outbox
from tests.services.test_retry_service import NOW, failed, put_state, shown, status
from whatsapp.client import Refused, Result, Unknown, Unreached
from whatsapp.errors import ErrorClass
from worker import lease
from worker.outbox_store import lease_name, settle_left_behind, write_results

TOO_FAST = Refused(ErrorClass.RETRY, 130429, "Rate limit hit", 0.0)
NEVER = Refused(ErrorClass.PERMANENT, 131026, "Message undeliverable", 0.0)


def retried(db: Session, times: int = 1) -> tuple[int, int]:
    """The ticket and a message that nobody knows of, sent again so often; the last one is under way."""
    ticket = make_open_ticket(db)
    message = failed(db, ticket, DeliveryState.UNKNOWN)
    for left in reversed(range(times)):
        retry(db, ticket.id, message.id)
        state = DeliveryState.UNKNOWN if left else DeliveryState.SENDING
        put_state(db, stored(ticket.id).messages[0], state, attempts=1)
    return ticket.id, message.id


def is_over(db: Session, ticket_id: int, message_id: int) -> bool:
    """Whether the first attempt is the one that counts, and neither desk nor staff sends it again."""
    message = stored(ticket_id).messages[0]
    with pytest.raises(NothingToRetry):
        retry(db, ticket_id, message_id)
    waits = db.scalar(select(OutboundMessage.id).where(OutboundMessage.state == DeliveryState.QUEUED))
    return shown(message)[0] == "delivered" and message.outbound_id == outbox()[0].id and waits is None


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(
    "result", [TOO_FAST, NEVER, Unreached("no route"), Unknown("it broke off")], ids=type
)
def test_a_retry_that_does_not_go_is_not_tried_once_more(db: Session, result: Result, times: int) -> None:
    ticket_id, message_id = retried(db, times)
    first, *_, newest = outbox()
    status(first.callback_id, "delivered")
    write_results(db, {newest.id: result}, 1.0)
    assert is_over(db, ticket_id, message_id)
    state, detail = outbox()[-1].state, outbox()[-1].error_detail
    assert (state == "failed" and detail == CALLED_OFF) == (result in (TOO_FAST, Unreached("no route")))


@pytest.mark.parametrize("state", [DeliveryState.UNKNOWN, DeliveryState.QUEUED])
def test_a_retry_that_a_dead_process_left_behind_is_not_sent(db: Session, state: DeliveryState) -> None:
    ticket_id, message_id = retried(db)
    first, second = outbox()
    status(first.callback_id, "delivered")
    number = second.phone_number_id
    assert lease.acquire(db, lease_name(number), "me", 60)
    settle_left_behind(db, number, "me", [], state)
    assert is_over(db, ticket_id, message_id)


def test_a_retry_that_failed_after_it_was_sent_is_not_sent_again(db: Session) -> None:
    ticket_id, message_id = retried(db)
    first, second = outbox()
    put_state(db, stored(ticket_id).messages[0], DeliveryState.SENT)
    status(first.callback_id, "delivered")
    with SessionLocal() as other, transaction(other):
        row = other.get_one(OutboundMessage, second.id, with_for_update=True)
        apply_status(other, row, "failed", NOW, 131026)
    assert is_over(db, ticket_id, message_id)


def test_what_nothing_is_told_of_is_tried_as_ever(db: Session) -> None:
    ticket_id, _ = retried(db)
    write_results(db, {outbox()[1].id: TOO_FAST}, 1.0)
    assert shown(stored(ticket_id).messages[0]) == ("queued", ["unknown"])
