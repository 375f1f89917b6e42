from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import utc_now
from models import MessageReaction
from models.support_ticket import SenderType, TicketStatus
from services.desk_reaction_service import CannotReact, react
from services.sending_rules import MessageNotFound, TicketClosed, WindowClosed
from tests.desk import count, events
from tests.factories import make_message
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
    assert [each.payload for each in outbox()] == [
        {"type": "reaction", "reaction": {"message_id": "wamid.Said", "emoji": emoji}}
        for emoji in ("👍", "❤️", "")
    ]
    assert events(db) == [("message.updated", ticket.id, message.id)] * 3


def test_the_same_again_sends_nothing(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = make_message(db, ticket, wamid="wamid.Said")
    react(db, ticket.id, message.id, "", "Bola")
    for _ in range(3):
        react(db, ticket.id, message.id, "👍", "Bola")
    assert len(outbox()) == 1


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


def test_no_reaction_leaves_a_closed_ticket_or_window(db: Session) -> None:
    late = make_open_ticket(db, wrote=timedelta(days=2))
    with pytest.raises(WindowClosed):
        react(db, late.id, make_message(db, late, wamid="wamid.Late").id, "👍", "Bola")
    closed = make_open_ticket(db, status=TicketStatus.CLOSED)
    with pytest.raises(TicketClosed):
        react(db, closed.id, make_message(db, closed, wamid="wamid.Closed").id, "👍", "Bola")
    assert (outbox(), count(MessageReaction)) == ([], 0)
