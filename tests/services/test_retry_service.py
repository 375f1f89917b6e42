from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction
from models import OutboundMessage, SupportMessage, SupportTicket
from models.outbound_message import DeliveryState
from models.support_ticket import TicketStatus
from schemas.support_message import SupportMessageSchema
from services import reply_content
from services.outbound_message_service import CALLED_OFF, apply_status, find_for_statuses
from services.retry_service import NothingToDismiss, NothingToRetry, dismiss, retry
from services.sending_rules import MessageNotFound, TicketClosed, WindowClosed
from tests.desk import events, stored
from tests.factories import make_message
from tests.services.sending import make_open_ticket, make_template, outbox, reply
from tests.services.test_reply_service import TEMPLATE
from tests.together import together

NOW = datetime.now(UTC)


def put_state(db: Session, message: SupportMessage, state: DeliveryState, **fields: object) -> None:
    with transaction(db):
        rows = update(OutboundMessage).where(OutboundMessage.id == message.outbound_id)
        db.execute(rows.values(state=state, **fields))
    db.expire_all()


def failed(db: Session, ticket: SupportTicket, state: DeliveryState = DeliveryState.FAILED) -> SupportMessage:
    message = reply(db, ticket, reply_content.text("Hello"))
    put_state(db, message, state, error_code=131026, error_detail="It did not go.")
    return message


def status(callback_id: str, word: str, wamid: str = "wamid.First") -> None:
    """A status webhook, taken in as the inbox does."""
    with SessionLocal() as other, transaction(other):
        [row] = find_for_statuses(other, [(wamid, callback_id)])
        assert row is not None
        apply_status(other, row, word, NOW, wamid=wamid)


def shown(message: SupportMessage) -> tuple[str, list[str]]:
    """The ticks of the row, and those of the attempts before."""
    with SessionLocal() as other:
        seen = SupportMessageSchema.of(other.get_one(SupportMessage, message.id))
        assert seen.delivery is not None
        return seen.delivery.state, [each.state for each in seen.earlier_attempts]


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNKNOWN])
def test_sending_again_is_a_new_attempt_and_the_old_one_stays(db: Session, state: DeliveryState) -> None:
    ticket = make_open_ticket(db)
    message = failed(db, ticket, state)
    assert retry(db, ticket.id, message.id).id == message.id
    first, second = outbox()
    assert (second.retry_of_id, second.payload, second.state) == (first.id, first.payload, "queued")
    assert second.callback_id != first.callback_id
    assert (first.state, first.error_code) == (state, 131026)
    assert shown(message) == ("queued", [state])
    assert events(db)[-1] == ("message.updated", ticket.id, message.id)
    put_state(db, stored(ticket.id).messages[0], DeliveryState.FAILED)
    retry(db, ticket.id, message.id)
    assert shown(message) == ("queued", [state, "failed"])


@pytest.mark.parametrize(
    "state", [each for each in DeliveryState if each not in (DeliveryState.FAILED, DeliveryState.UNKNOWN)]
)
def test_what_is_on_its_way_is_not_sent_again(db: Session, state: DeliveryState) -> None:
    ticket = make_open_ticket(db)
    message = failed(db, ticket, state)
    with pytest.raises(NothingToRetry):
        retry(db, ticket.id, message.id)
    assert len(outbox()) == 1


def test_of_ten_who_send_again_one_does(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = failed(db, ticket)
    ids = ticket.id, message.id
    found = together(10, lambda other, _number: retry(other, *ids).id)
    assert sorted(type(each).__name__ for each in found) == ["NothingToRetry"] * 9 + ["int"]
    assert len(outbox()) == 2


def test_what_cannot_be_sent_again(db: Session) -> None:
    ticket, other = make_open_ticket(db), make_open_ticket(db)
    with pytest.raises(NothingToRetry):
        retry(db, ticket.id, make_message(db, ticket).id)
    message = failed(db, ticket)
    for message_id in (999_999, 0, 2**40):
        with pytest.raises(MessageNotFound):
            retry(db, ticket.id, message_id)
    with pytest.raises(MessageNotFound):
        retry(db, other.id, message.id)
    with transaction(db):
        db.get_one(SupportTicket, ticket.id).status = TicketStatus.CLOSED
    with pytest.raises(TicketClosed):
        retry(db, ticket.id, message.id)


def test_outside_the_window_only_a_template_is_sent_again(db: Session) -> None:
    make_template(db)
    ticket = make_open_ticket(db)
    message, template = failed(db, ticket), reply(db, ticket, TEMPLATE)
    put_state(db, template, DeliveryState.FAILED)
    with transaction(db):
        conversation = db.get_one(SupportTicket, ticket.id).conversation
        assert conversation is not None
        conversation.last_customer_message_at = NOW - timedelta(days=2)
    db.expire_all()
    with pytest.raises(WindowClosed):
        retry(db, ticket.id, message.id)
    retry(db, ticket.id, template.id)
    assert shown(template) == ("queued", ["failed"])


def test_a_late_status_settles_the_old_attempt_alone(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = failed(db, ticket, DeliveryState.UNKNOWN)
    retry(db, ticket.id, message.id)
    first, second = outbox()
    status(first.callback_id, "failed")
    assert shown(message) == ("queued", ["failed"])
    assert events(db)[-1] == ("message.updated", ticket.id, message.id)
    with transaction(db):
        db.get_one(OutboundMessage, second.id).state = DeliveryState.SENDING
    status(first.callback_id, "delivered")
    assert shown(message) == ("sending", ["delivered"])
    status(second.callback_id, "delivered", wamid="wamid.Second")
    assert shown(message) == ("delivered", ["delivered"])
    assert stored(ticket.id).messages[0].wamid == "wamid.Second"


@pytest.mark.parametrize("word", ["sent", "delivered", "read"])
def test_a_retry_that_proves_needless_in_time_is_called_off(db: Session, word: str) -> None:
    ticket = make_open_ticket(db)
    message = failed(db, ticket, DeliveryState.UNKNOWN)
    retry(db, ticket.id, message.id)
    first, second = outbox()
    status(first.callback_id, word)
    assert shown(message) == (word, ["failed"])
    assert stored(ticket.id).messages[0].wamid == "wamid.First"
    first, second = outbox()
    assert (second.state, second.error_detail, second.next_attempt_at) == ("failed", CALLED_OFF, None)
    assert events(db)[-1] == ("message.updated", ticket.id, message.id)
    status(first.callback_id, "read")
    assert shown(message) == ("read", ["failed"])


def test_the_newest_of_several_retries_is_called_off(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = failed(db, ticket, DeliveryState.UNKNOWN)
    for _ in range(2):
        retry(db, ticket.id, message.id)
        put_state(db, stored(ticket.id).messages[0], DeliveryState.UNKNOWN)
    retry(db, ticket.id, message.id)
    first = outbox()[0]
    status(first.callback_id, "delivered")
    assert shown(message) == ("delivered", ["unknown", "unknown", "failed"])


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNKNOWN])
def test_a_retry_that_came_to_nothing_hides_no_attempt_that_arrived(
    db: Session, state: DeliveryState
) -> None:
    ticket = make_open_ticket(db)
    message = failed(db, ticket, DeliveryState.UNKNOWN)
    retry(db, ticket.id, message.id)
    put_state(db, stored(ticket.id).messages[0], state, error_detail="It did not go.")
    status(outbox()[0].callback_id, "delivered")
    assert shown(message) == ("delivered", [state])
    assert outbox()[1].error_detail == "It did not go."
    with pytest.raises(NothingToRetry):
        retry(db, ticket.id, message.id)


def test_what_was_called_off_and_fails_later_can_be_sent_again(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = failed(db, ticket, DeliveryState.UNKNOWN)
    retry(db, ticket.id, message.id)
    first = outbox()[0]
    status(first.callback_id, "sent")
    status(first.callback_id, "failed")
    retry(db, ticket.id, message.id)
    assert shown(message) == ("queued", ["failed", "failed"])
    assert [each.state for each in outbox()] == ["failed", "failed", "queued"]


def test_not_sending_again_is_decided_once_and_told_once(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = failed(db, ticket, DeliveryState.UNKNOWN)
    assert dismiss(db, ticket.id, message.id).id == message.id
    decided_at = outbox()[0].dismissed_at
    told = events(db)
    assert decided_at
    assert told[-1] == ("message.updated", ticket.id, message.id)
    dismiss(db, ticket.id, message.id)
    assert (outbox()[0].dismissed_at, events(db)) == (decided_at, told)
    assert shown(message) == ("unknown", [])
    with pytest.raises(NothingToRetry):
        retry(db, ticket.id, message.id)
    assert len(outbox()) == 1


def test_of_those_who_send_again_and_those_who_decide_against_it_one_side_gets_its_way(db: Session) -> None:
    ticket = make_open_ticket(db)
    ids = ticket.id, failed(db, ticket, DeliveryState.UNKNOWN).id
    found = together(6, lambda other, number: (retry, dismiss)[number % 2](other, *ids).id)
    refused = sorted({type(each).__name__ for each in found if not isinstance(each, int)})
    assert refused == (
        ["NothingToRetry"] if outbox()[0].dismissed_at else ["NothingToDismiss", "NothingToRetry"]
    )
    assert len(outbox()) == (1 if outbox()[0].dismissed_at else 2)


@pytest.mark.parametrize("state", [each for each in DeliveryState if each is not DeliveryState.UNKNOWN])
def test_where_it_is_known_there_is_nothing_to_decide(db: Session, state: DeliveryState) -> None:
    ticket = make_open_ticket(db)
    message = failed(db, ticket, state)
    with pytest.raises(NothingToDismiss):
        dismiss(db, ticket.id, message.id)
    with pytest.raises(NothingToDismiss):
        dismiss(db, ticket.id, make_message(db, ticket).id)


def test_evidence_still_settles_what_was_decided(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = failed(db, ticket, DeliveryState.UNKNOWN)
    dismiss(db, ticket.id, message.id)
    status(outbox()[0].callback_id, "failed")
    assert shown(message) == ("failed", [])
    retry(db, ticket.id, message.id)  # now it is known not to be there
    assert shown(message) == ("queued", ["failed"])
