from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import utc_now
from config.settings import get_settings
from models import MessageReaction
from models.outbound_message import DeliveryState
from models.support_ticket import SenderType, SupportMessage, TicketStatus
from schemas.support_message import SupportMessageSchema
from services.desk_reaction_service import CannotReact, react
from services.message_removal_service import remove
from services.outbound_message_service import apply_status
from services.sending_rules import MessageNotFound, TicketClosed, WindowClosed
from services.thread_rows import THREAD_ROWS_BY_ID, read_thread
from tests.desk import count, events
from tests.factories import make_conversation, make_message
from tests.services.sending import make_open_ticket, outbox
from whatsapp.unsendable import NotAllowed


def test_a_reaction_is_put_changed_and_taken_back(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = make_message(db, ticket, wamid="wamid.Said")
    for emoji in ("👍", "❤️", ""):
        react(db, ticket.id, message.id, emoji, "Bola")
    [own] = db.scalars(select(MessageReaction))
    assert (own.message_id, own.sender_type, own.sender_name, own.emoji) == (
        message.id,
        SenderType.ADMIN,
        "Bola",
        "",
    )
    last = {"type": "reaction", "reaction": {"message_id": "wamid.Said", "emoji": ""}}
    sent = [(each.state, each.payload) for each in outbox()]
    assert sent == [(DeliveryState.FAILED, {})] * 2 + [(DeliveryState.QUEUED, last)]
    assert [each.dismissed_at is None for each in outbox()] == [False, False, True]
    assert events(db) == [("message.updated", ticket.id, message.id)] * 3


def test_the_same_again_sends_nothing(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = make_message(db, ticket, wamid="wamid.Said")
    react(db, ticket.id, message.id, "", "Bola")
    for _ in range(3):
        react(db, ticket.id, message.id, "👍", "Bola")
    assert len(outbox()) == 1


@pytest.mark.parametrize("status", ["failed", "delivered"])
def test_the_thread_is_told_what_became_of_it(db: Session, status: str) -> None:
    ticket = make_open_ticket(db)
    message = make_message(db, ticket, wamid="wamid.Said")
    react(db, ticket.id, message.id, "👍", "Bola")
    [sent] = outbox()
    apply_status(db, db.merge(sent), status, utc_now(), 131026, "Message undeliverable")
    assert events(db) == [("message.updated", ticket.id, message.id)] * 2
    [row] = read_thread(db, THREAD_ROWS_BY_ID, {"ids": [message.id]})
    [shown] = SupportMessageSchema.of(row).reactions
    assert shown.delivery is not None
    assert shown.delivery.state == status
    assert (shown.delivery.error is not None) == (status == "failed")


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNKNOWN])
def test_the_same_again_is_sent_where_the_first_was_lost(db: Session, state: DeliveryState) -> None:
    ticket = make_open_ticket(db)
    message = make_message(db, ticket, wamid="wamid.Said")
    first = react(db, ticket.id, message.id, "👍", "Bola").reactions[0].outbound
    assert first is not None
    first.state = state
    db.commit()
    second = react(db, ticket.id, message.id, "👍", "Bola").reactions[0].outbound
    assert second is not None
    assert (second.id > first.id, second.state) == (True, DeliveryState.QUEUED)


def test_what_is_removed_takes_the_words_of_its_reaction_along(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = make_message(db, ticket, wamid="wamid.Said")
    for emoji in ("👍", "❤️"):
        react(db, ticket.id, message.id, emoji, "Bola")
    assert remove(db, SupportMessage.id == message.id) == 1
    assert [each.payload for each in outbox()] == [{}, {}]


def test_the_customers_own_reaction_stays(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = make_message(db, ticket, wamid="wamid.Said")
    message.reactions.append(MessageReaction(sender_type=SenderType.USER, emoji="😀"))
    db.commit()
    assert [each.emoji for each in react(db, ticket.id, message.id, "👍", "Bola").reactions] == ["😀", "👍"]


def test_only_what_the_customer_sent_takes_one(db: Session) -> None:
    ticket = make_open_ticket(db)
    for fields in (
        {"sender_type": SenderType.ADMIN, "wamid": "wamid.Ours"},
        {"sender_type": SenderType.BOT, "wamid": "wamid.Bot"},
        {"wamid": None},
        {"wamid": "wamid.Gone", "revoked_at": utc_now()},
    ):
        message = make_message(db, ticket, **fields)
        with pytest.raises(CannotReact):
            react(db, ticket.id, message.id, "👍", "Bola")
    elsewhere = make_message(db, make_open_ticket(db), wamid="wamid.Elsewhere")
    for message_id in (elsewhere.id, 999_999, 0):
        with pytest.raises(MessageNotFound):
            react(db, ticket.id, message_id, "👍", "Bola")
    said = make_message(db, ticket, wamid="wamid.Said")
    with pytest.raises(NotAllowed):
        react(db, ticket.id, said.id, "ok", "Bola")
    assert (outbox(), count(MessageReaction)) == ([], 0)


def test_it_goes_to_the_talk_in_which_the_message_is(db: Session) -> None:
    ticket = make_open_ticket(db, wrote=timedelta(days=2), phone_number_id="newest")
    number = get_settings().whatsapp_phone_number_id
    for each in ("newest", "earlier"):
        make_conversation(db, ticket.contact, phone_number_id=each, last_customer_message_at=utc_now())
    said = make_message(db, ticket, wamid="wamid.Said", phone_number_id="earlier")
    react(db, ticket.id, said.id, "👍", "Bola")
    assert [each.phone_number_id for each in outbox()] == ["earlier"]
    late = make_message(db, ticket, wamid="wamid.Late", phone_number_id=number)
    with pytest.raises(WindowClosed):
        react(db, ticket.id, late.id, "👍", "Bola")


def test_no_reaction_leaves_a_closed_ticket_or_window(db: Session) -> None:
    late = make_open_ticket(db, wrote=timedelta(days=2))
    with pytest.raises(WindowClosed):
        react(db, late.id, make_message(db, late, wamid="wamid.Late").id, "👍", "Bola")
    closed = make_open_ticket(db, status=TicketStatus.CLOSED)
    with pytest.raises(TicketClosed):
        react(db, closed.id, make_message(db, closed, wamid="wamid.Closed").id, "👍", "Bola")
    assert (outbox(), count(MessageReaction)) == ([], 0)
