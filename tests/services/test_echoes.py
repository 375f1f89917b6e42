"""What others say in the business's name, and talks of which another program is in charge."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from models import AccountEvent, Conversation, MediaFile, MessageReaction, OutboundMessage, SupportMessage
from models.support_ticket import SupportTicket, TicketStatus
from tests.webhooks import (
    NUMBER,
    PHONE,
    body_of,
    deliver,
    message,
    messages_body,
    receive_text,
    settle,
    status,
)
from tests.whatsapp.examples import example


def echo(text: str | None = "I will call you", **fields: Any) -> dict[str, Any]:
    """A colleague types on the phone."""
    return message(text, **{"from": "2342013300000", "to": PHONE} | fields)


def phone_app(db: Session, *echoes: dict[str, Any]) -> None:
    value = {"metadata": {"phone_number_id": NUMBER}, "message_echoes": list(echoes)}
    deliver(db, body_of(value, field="smb_message_echoes"))
    settle(db)


def standby(db: Session, **said: Any) -> None:
    deliver(db, body_of({"metadata": {"phone_number_id": NUMBER}, "standby": said}, field="standby"))
    settle(db)


def row_of(db: Session, written: dict[str, Any]) -> SupportMessage:
    query = select(SupportMessage).where(SupportMessage.wamid == written["id"])
    return db.scalars(query.execution_options(populate_existing=True)).one()


def ticket_of(db: Session) -> SupportTicket:
    return db.scalars(select(SupportTicket).execution_options(populate_existing=True)).one()


def window(db: Session) -> Any:
    return db.scalars(select(Conversation.last_customer_message_at)).one()


def sent(db: Session) -> int:
    return len(db.scalars(select(OutboundMessage.id)).all())


def test_what_a_colleague_typed_on_the_phone_is_an_answer_of_the_desk(db: Session) -> None:
    receive_text(db, "Chat Support")
    opened, unread, last = window(db), ticket_of(db).unread_count, sent(db)
    written = echo(timestamp="1795000100")
    phone_app(db, written)
    row, ticket = row_of(db, written), ticket_of(db)
    assert (row.sender_type, row.sender_name, row.outbound_id) == ("admin", "Phone app", None)
    assert (row.ticket_id, row.payload, row.phone_number_id) == (ticket.id, {"echo": True}, NUMBER)
    assert (ticket.status, ticket.waiting_since) == (TicketStatus.IN_PROGRESS, None)
    assert (ticket.unread_count, window(db), sent(db)) == (unread, opened, last)
    receive_text(db, "menu please")
    assert sent(db) == last


def test_an_answer_on_the_phone_leads_back_to_the_ticket_as_the_desks_does(db: Session) -> None:
    receive_text(db, "Chat Support")
    receive_text(db, "menu")
    phone_app(db, echo(timestamp="1795000100"))
    answers = sent(db)
    wamid = receive_text(db, "Thank you", timestamp="1795000200")
    assert row_of(db, {"id": wamid}).ticket_id == ticket_of(db).id
    assert sent(db) == answers


def test_an_answer_on_the_phone_that_comes_late_answers_nothing_written_after_it(db: Session) -> None:
    receive_text(db, "Chat Support", timestamp="1795000000")
    receive_text(db, "But where is it?", timestamp="1795000200")
    waiting, late = ticket_of(db).waiting_since, echo(timestamp="1795000100")
    phone_app(db, late)
    ticket = ticket_of(db)
    assert (row_of(db, late).ticket_id, ticket.status) == (ticket.id, TicketStatus.IN_PROGRESS)
    assert waiting is not None
    assert ticket.waiting_since == waiting
    phone_app(db, echo(timestamp="1795000300"))
    assert ticket_of(db).waiting_since is None


def test_a_colleague_may_write_first_and_send_files(db: Session) -> None:
    image = {"id": "77", "mime_type": "image/png"}
    written = echo(None, type="image", image=image)
    phone_app(db, written)
    assert row_of(db, written).ticket_id is None
    assert window(db) is None
    assert db.scalars(select(MediaFile.message_id)).all() == [row_of(db, written).id]


def test_a_colleague_edits_deletes_and_reacts_on_the_phone(db: Session) -> None:
    receive_text(db, "Chat Support")
    theirs = receive_text(db, "My lamp is torn")
    written = echo("Old words")
    words = {"type": "text", "text": {"body": "New words"}}
    edit = echo(None, type="edit", edit={"original_message_id": written["id"], "message": words})
    phone_app(db, written, edit)
    assert (row_of(db, written).message, row_of(db, written).original_message) == ("New words", "Old words")
    revoke = echo(None, type="revoke", revoke={"original_message_id": written["id"]})
    phone_app(db, revoke)
    assert row_of(db, written).revoked_at is not None
    phone_app(db, echo(None, type="revoke", revoke={"original_message_id": theirs}))
    assert row_of(db, {"id": theirs}).revoked_at is None
    phone_app(db, echo(None, type="reaction", reaction={"message_id": theirs, "emoji": "🙏"}))
    [reaction] = db.scalars(select(MessageReaction))
    assert (reaction.sender_type, reaction.sender_name, reaction.emoji) == ("admin", "Phone app", "🙏")


def test_an_echo_of_what_the_desk_sent_is_not_shown_twice(db: Session) -> None:
    receive_text(db, "Chat Support")
    with transaction(db):
        own = db.scalars(select(SupportMessage).where(SupportMessage.sender_type == "bot")).one()
        own.wamid = "wamid.Own"
    phone_app(db, echo(own.message, id="wamid.Own"))
    assert row_of(db, {"id": "wamid.Own"}).sender_type == "bot"


def test_a_message_on_standby_is_shown_refreshes_the_window_and_is_not_answered(db: Session) -> None:
    written = message("Chat Support")
    standby(db, messages=[written])
    row = row_of(db, written)
    assert (row.ticket_id, row.payload, sent(db)) == (None, {"standby": True}, 0)
    assert window(db) == row.occurred_at
    assert db.scalars(select(SupportTicket)).all() == []
    assert db.scalars(select(AccountEvent.field)).all() == ["standby"]
    standby(db, messages=[message("Again")])
    assert len(db.scalars(select(AccountEvent)).all()) == 1


def test_standby_shows_in_the_live_ticket(db: Session) -> None:
    receive_text(db, "Chat Support")
    answers = sent(db)
    asked = message("menu", timestamp="1795000010")
    answered = {"to": PHONE, "type": "text", "text": {"body": "Answer of the agent"}}
    written = {"id": "wamid.Agent", "timestamp": "1795000020", "message": answered}
    standby(db, messages=[asked])
    standby(db, message_echoes=[written])
    standby(db, statuses=[status("wamid.Agent", "delivered")])
    ticket = ticket_of(db)
    assert {row_of(db, each).ticket_id for each in (asked, written)} == {ticket.id}
    row = row_of(db, written)
    assert (row.sender_type, row.sender_name) == ("bot", "AI agent")
    assert row.payload == {"echo": True, "standby": True, "status": "delivered"}
    assert (ticket.status, ticket.last_message_preview) == (TicketStatus.OPEN, "Answer of the agent")
    assert sent(db) == answers


def test_statuses_of_echoes_only_climb(db: Session) -> None:
    written = echo()
    phone_app(db, written)
    for word in ("read", "sent", "delivered", "warning"):
        standby(db, statuses=[status(written["id"], word)])
    assert (row_of(db, written).payload or {})["status"] == "read"


def test_a_message_that_comes_on_both_streams_is_one_and_answered_once(db: Session) -> None:
    written = message("Chat Support")
    standby(db, messages=[written])
    deliver(db, messages_body(written))
    settle(db)
    row, ticket = row_of(db, written), ticket_of(db)
    assert (row.ticket_id, row.payload, ticket.unread_count) == (ticket.id, None, 1)
    assert sent(db) == 1
    standby(db, messages=[message("Other", id="wamid.Second")])
    deliver(db, messages_body(message("Other", id="wamid.Second")))
    settle(db)
    assert ticket_of(db).unread_count == 2


def test_a_handover_is_told_in_the_ticket_of_the_customer_and_on_the_health_card(db: Session) -> None:
    value = {"metadata": {"phone_number_id": NUMBER}}
    sender = {"from": "4915550203344", "from_user_id": "DE.70418825539916044127"}
    deliver(db, body_of(value | {"messages": [message("Chat Support", **sender)]}))
    settle(db)
    deliver(db, example("58"))
    settle(db)
    [row] = db.scalars(select(SupportMessage).where(SupportMessage.kind == "activity"))
    assert row.ticket_id == ticket_of(db).id
    assert row.message == (
        "A talk was passed on from ai agent to escalation. User asked for a human "
        "Customer asks about parcel AB-1042"
    )
    assert row.payload == {"activity": "handover", "to": "escalation"}
    assert db.scalars(select(AccountEvent.field)).all() == ["messaging_handovers"]


def test_a_handover_of_a_stranger_is_on_the_health_card_alone(db: Session) -> None:
    deliver(db, example("58"))
    settle(db)
    assert db.scalars(select(SupportMessage)).all() == []
    assert db.scalars(select(AccountEvent.field)).all() == ["messaging_handovers"]
