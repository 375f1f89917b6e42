"""From a customer's message to rows: the timeline, the ticket, the bot's answer, what the desk is told."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction
from models import Conversation, DeskEvent, OutboundMessage, SupportMessage, SupportTicket
from models.outbound_message import DeliveryState
from models.support_ticket import SenderType, TicketStatus
from realtime.bus import OUTBOX, bus
from services.support_service import SupportService
from services.ticket_lifecycle import REOPENING_PERIOD
from tests.webhooks import PHONE, deliver, message, messages_body, receive_text, settle, tap

META_TIME = datetime.fromtimestamp(1795000000, UTC)


def tickets(db: Session) -> list[SupportTicket]:
    query = select(SupportTicket).order_by(SupportTicket.id)
    return list(db.scalars(query.execution_options(populate_existing=True)))


def answers(db: Session) -> list[str]:
    """What the bot put into the outbox."""
    payloads = db.scalars(select(OutboundMessage.payload).order_by(OutboundMessage.id))
    return [
        each["interactive"]["body"]["text"] if each["type"] == "interactive" else each["text"]["body"]
        for each in payloads
    ]


def rows_of(db: Session) -> list[SupportMessage]:
    query = select(SupportMessage).order_by(SupportMessage.id)
    return list(db.scalars(query.execution_options(populate_existing=True)))


def row_of(db: Session, wamid: str) -> SupportMessage:
    return next(row for row in rows_of(db) if row.wamid == wamid)


def state_of(db: Session) -> str:
    return db.scalars(select(Conversation.state)).one()


def test_a_newcomer_is_welcomed_with_the_menu_and_has_no_ticket(db: Session) -> None:
    wamid = receive_text(db, "Good morning")
    [payload] = db.scalars(select(OutboundMessage.payload))
    assert payload["type"] == "interactive"
    assert "Welcome" in payload["interactive"]["body"]["text"]
    ids = [row["id"] for row in payload["interactive"]["action"]["sections"][0]["rows"]]
    assert ids == ["chat_support", "how_it_works", "safety"]
    assert row_of(db, wamid).ticket_id is None
    assert tickets(db) == []
    assert db.scalars(select(DeskEvent)).all() == []


def test_chat_support_opens_a_ticket_with_everything_that_hangs_on_it(db: Session) -> None:
    woken: list[int] = []
    deaf = bus.listen(OUTBOX, lambda: woken.append(1))
    wamid = receive_text(db, "Chat Support")
    deaf()
    [ticket] = tickets(db)
    row = row_of(db, wamid)
    assert (ticket.status, ticket.phone_number, ticket.sender_name) == (TicketStatus.OPEN, PHONE, f"+{PHONE}")
    assert (ticket.unread_count, ticket.issue_description) == (1, "")
    assert ticket.live_contact_id == ticket.contact_id == row.contact_id
    assert (row.ticket_id, row.message, row.occurred_at) == (ticket.id, "Chat Support", META_TIME)
    assert ticket.waiting_since is not None
    [answer] = answers(db)
    assert f"#{ticket.id}" in answer
    assert state_of(db) == "chat_support"
    assert woken
    kinds = sorted((each.kind, each.message_id) for each in db.scalars(select(DeskEvent)))
    said = rows_of(db)[-1]
    assert (said.sender_type, said.ticket_id) == (SenderType.BOT, ticket.id)
    assert kinds == [
        ("message.created", row.id),
        ("message.created", said.id),
        ("ticket.created", None),
        ("ticket.updated", None),
    ]


def test_a_ticket_shows_its_last_message_also_the_first_and_by_metas_clock(db: Session) -> None:
    receive_text(db, "Chat Support")
    [ticket] = tickets(db)
    assert (ticket.last_message_preview, ticket.last_message_at) == ("Chat Support", META_TIME)
    receive_text(db, "Second\n  line", timestamp="1795000005")
    receive_text(db, "Came late", timestamp="1795000003")
    [ticket] = tickets(db)
    assert ticket.last_message_preview == "Second line"
    assert ticket.last_message_at == META_TIME + timedelta(seconds=5)
    assert [row.message for row in ticket.messages if row.sender_type == SenderType.USER] == [
        "Chat Support",
        "Came late",
        "Second\n  line",
    ]


def test_the_next_words_are_the_description_and_the_bot_is_silent(db: Session) -> None:
    receive_text(db, "Chat Support")
    receive_text(db, "My phone came broken")
    receive_text(db, "And the box is torn")
    [ticket] = tickets(db)
    assert ticket.issue_description == "My phone came broken"
    assert ticket.unread_count == 3
    assert len(answers(db)) == 1


def test_one_delivery_may_hold_the_whole_talk(db: Session) -> None:
    talk = ["Hi", "Chat Support", "My phone came broken", "menu", "2"]
    deliver(db, messages_body(*(message(text) for text in talk)))
    settle(db)
    [ticket] = tickets(db)
    assert ticket.issue_description == "My phone came broken"
    assert [
        row.message for row in rows_of(db) if row.ticket_id and row.sender_type == SenderType.USER
    ] == talk[1:3]
    assert len(answers(db)) == 3  # the fourth would stand behind three that have not left yet
    assert state_of(db) == "menu"


def test_menu_leaves_the_ticket_open_and_an_answer_leads_back(db: Session) -> None:
    just_now = str(int(datetime.now(UTC).timestamp()))
    receive_text(db, "Chat Support", timestamp=just_now)
    receive_text(db, "menu", timestamp=just_now)
    [ticket] = tickets(db)
    assert (ticket.status, state_of(db)) == (TicketStatus.OPEN, "menu")
    outside = receive_text(db, "Is anybody there?")
    assert row_of(db, outside).ticket_id is None
    SupportService.add_message(db, ticket.id, "admin", "Ada", "I am here")
    db.rollback()
    assert state_of(db) == "chat_support"
    inside = receive_text(db, "Finally")
    assert row_of(db, inside).ticket_id == ticket.id


@pytest.mark.parametrize("status", ["RESOLVED", "CLOSED"])
def test_an_ended_ticket_is_reopened_by_a_tap(db: Session, status: str) -> None:
    receive_text(db, "Chat Support")
    [ticket] = tickets(db)
    SupportService.update_ticket_status(db, ticket.id, status)
    receive_text(db, "Thank you")
    [menu] = [
        payload["interactive"]
        for payload in db.scalars(select(OutboundMessage.payload))
        if payload["type"] == "interactive"
    ]
    assert menu["action"]["sections"][0]["rows"][0]["id"] == f"reopen:{ticket.id}"
    deliver(db, messages_body(tap(f"reopen:{ticket.id}")))
    settle(db)
    [ticket] = tickets(db)
    assert (ticket.status, ticket.resolved_at) == (TicketStatus.OPEN, None)
    assert state_of(db) == "chat_support"


def quote(db: Session, ticket: SupportTicket) -> str:
    """The customer replies to what was said in this ticket."""
    with transaction(db):
        db.execute(
            update(SupportMessage)
            .where(SupportMessage.ticket_id == ticket.id, SupportMessage.sender_type == SenderType.BOT)
            .values(wamid=f"wamid.said-{ticket.id}")
        )
    return receive_text(db, "Still broken", context={"id": f"wamid.said-{ticket.id}"})


def test_a_reply_within_the_period_reopens_and_a_later_one_does_not(db: Session) -> None:
    receive_text(db, "Chat Support")
    [ticket] = tickets(db)
    for days, status in ((-1, TicketStatus.OPEN), (1, TicketStatus.RESOLVED)):
        SupportService.update_ticket_status(db, ticket.id, "RESOLVED")
        with transaction(db):
            ended = datetime.now(UTC) - REOPENING_PERIOD - timedelta(days=days)
            db.execute(update(SupportTicket).values(resolved_at=ended))
        wamid = quote(db, ticket)
        [ticket] = tickets(db)
        assert ticket.status == status
        row = row_of(db, wamid)
        assert row.ticket_id == (ticket.id if status == TicketStatus.OPEN else None)
        assert row.reply_to_id is not None


def test_a_reply_to_another_customers_ticket_reopens_nothing_and_leads_nowhere(db: Session) -> None:
    receive_text(db, "Chat Support")
    [ticket] = tickets(db)
    SupportService.update_ticket_status(db, ticket.id, "RESOLVED")
    quote(db, ticket)
    SupportService.update_ticket_status(db, ticket.id, "RESOLVED")
    stranger = {"from": "2348030000009", "context": {"id": f"wamid.said-{ticket.id}"}}
    receive_text(db, "Still broken", **stranger)
    assert [each.status for each in tickets(db)] == [TicketStatus.RESOLVED]
    receive_text(db, "Chat Support", **stranger)
    receive_text(db, "menu", **stranger)
    outside = row_of(db, receive_text(db, "Still broken", **stranger))
    assert (outside.ticket_id, outside.reply_to_id) == (None, None)


def test_what_the_desk_did_meanwhile_counts_also_in_a_session_that_saw_it_before(db: Session) -> None:
    receive_text(db, "Chat Support")
    [ticket] = tickets(db)
    conversation = db.scalars(select(Conversation)).one()
    with SessionLocal() as desk:
        SupportService.update_ticket_status(desk, ticket.id, "RESOLVED")
    deliver(db, messages_body(tap(f"reopen:{ticket.id}")))
    settle(db)
    with SessionLocal() as desk:
        [found] = tickets(desk)
        assert (found.status, found.live_contact_id) == (TicketStatus.OPEN, ticket.contact_id)
        SupportService.update_ticket_status(desk, ticket.id, "RESOLVED")
    outside = receive_text(db, "Thank you")
    assert row_of(db, outside).ticket_id is None
    assert conversation.state == "menu"


def test_a_reaction_says_nothing_to_the_bot_and_opens_no_window(db: Session) -> None:
    written = message(None, type="reaction", reaction={"emoji": "👍", "message_id": "wamid.X"})
    deliver(db, messages_body(written))
    settle(db)
    assert answers(db) == []
    assert db.scalars(select(Conversation.last_customer_message_at)).one() is None
    receive_text(db, "Hello")
    assert db.scalars(select(Conversation.last_customer_message_at)).one() == META_TIME


def test_the_window_runs_from_the_latest_message_whatever_came_last(db: Session) -> None:
    receive_text(db, "Later", timestamp="1795000100")
    receive_text(db, "Earlier", timestamp="1795000050")
    latest = db.scalars(select(Conversation.last_customer_message_at)).one()
    assert latest == META_TIME + timedelta(seconds=100)


def test_the_bot_stops_when_three_answers_have_not_left_and_goes_on_later(db: Session) -> None:
    for number in range(6):
        receive_text(db, f"Nonsense {number}")
    assert len(answers(db)) == 3
    with transaction(db):
        db.execute(update(OutboundMessage).values(state=DeliveryState.SENT))
    receive_text(db, "Nonsense again")
    assert len(answers(db)) == 4


def test_the_same_customer_at_two_business_numbers_has_two_talks_and_one_ticket(db: Session) -> None:
    other = {"phone_number_id": "200000000000002"}
    deliver(db, messages_body(message("Chat Support")))
    deliver(db, messages_body(message("Chat Support"), metadata=other))
    settle(db)
    [ticket] = tickets(db)
    assert db.scalar(select(func.count()).select_from(Conversation)) == 2
    assert ticket.unread_count == 2


def test_a_photo_is_on_the_ticket_whatever_is_written_below_it(db: Session) -> None:
    receive_text(db, "Chat Support")
    for caption in ("Menu", "0"):
        photo = message(None, type="image", image={"id": f"7{caption}", "caption": caption})
        deliver(db, messages_body(photo))
        settle(db)
        assert row_of(db, photo["id"]).ticket_id == tickets(db)[0].id
    assert state_of(db) == "chat_support"
    receive_text(db, "menu")
    receipt = message(None, type="image", image={"id": "8", "caption": "This is the receipt"})
    deliver(db, messages_body(receipt))
    settle(db)
    assert row_of(db, receipt["id"]).ticket_id == tickets(db)[0].id
