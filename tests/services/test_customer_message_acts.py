"""Customers' messages to the letter: what a new ticket is, what comes twice, what is not ours to answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models import Contact, Conversation, OutboundMessage, SupportMessage, SupportTicket
from models.support_ticket import SenderType, TicketStatus
from services import customer_message_service
from services.conversation_service import ConversationState, Manner
from services.customer_batch import Customer, Desk
from services.customer_message_service import new_ticket, receive
from services.known_messages import KnownMessages
from services.support_service import SupportService
from tests.desk import events
from tests.webhooks import NUMBER, PHONE, message, tap
from whatsapp.incoming import IncomingMessage, parse_echo, parse_message

OTHER_PHONE = "2348060000001"
MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def said(text: str | None = "Hello", *, standby: bool = False, **fields: Any) -> IncomingMessage:
    """A customer writes."""
    payload = {"number": NUMBER, "message": message(text, **fields)}
    return parse_message(payload, utc_now(), standby=standby)


def answered(text: str | None = "I will call", *, standby: bool = False, **fields: Any) -> IncomingMessage:
    """Somebody else answers a customer."""
    payload = {"number": NUMBER, "message": message(text, **{"from": "1", "to": PHONE} | fields)}
    return parse_echo(payload, utc_now(), standby=standby)


def take_in(db: Session, *messages: IncomingMessage) -> SupportMessage:
    """All at once; the row of the last."""
    with transaction(db):
        receive(db, messages)
    db.expire_all()
    return db.scalars(select(SupportMessage).where(SupportMessage.wamid == messages[-1].wamid)).one()


def ticket_of(db: Session) -> SupportTicket:
    return db.scalars(select(SupportTicket)).one()


def facts(db: Session) -> list[object]:
    """Everything that a message could have changed."""
    db.expire_all()
    found = [(row.wamid, row.payload, row.ticket_id) for row in db.scalars(select(SupportMessage))]
    tickets = [(each.version, each.unread_count, each.status) for each in db.scalars(select(SupportTicket))]
    return [found, tickets, db.scalars(select(OutboundMessage.id)).all(), events(db)]


def test_a_new_ticket_is_open_unread_and_as_old_as_it_is() -> None:
    contact = Contact(id=5, name="Ada", phone_number=PHONE)
    ticket = new_ticket(contact, "1001", "My lamp is torn", MOMENT)
    fields = {name: value for name, value in vars(ticket).items() if not name.startswith("_")}
    assert fields == {
        "contact": contact,
        "contact_id": 5,
        "live_contact_id": 5,
        "phone_number_id": "1001",
        "phone_number": PHONE,
        "sender_name": "Ada",
        "issue_description": "My lamp is torn",
        "status": TicketStatus.OPEN,
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "waiting_since": MOMENT,
        "last_message_at": MOMENT,
        "last_message_preview": "",
        "unread_count": 0,
        "version": 1,
    }


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (said(id="wamid.A"), said(id="wamid.A")),
        (said(id="wamid.A"), said(id="wamid.A", standby=True)),
        (said(id="wamid.A", standby=True), said(id="wamid.A", standby=True)),
        (answered(id="wamid.A"), answered(id="wamid.A")),
        (answered(id="wamid.A", standby=True), answered(id="wamid.A", standby=True)),
        (answered(id="wamid.A", standby=True), answered(id="wamid.A")),
    ],
    ids=["ours", "ours, then aside", "aside", "echo", "echo aside", "echo aside, then ours"],
)
def test_what_comes_twice_changes_nothing(
    db: Session, first: IncomingMessage, again: IncomingMessage
) -> None:
    take_in(db, said("Chat Support"))
    take_in(db, first)
    before = facts(db)
    take_in(db, again)
    assert facts(db) == before


def test_a_message_from_aside_that_is_ours_after_all_keeps_what_else_is_known_of_it(db: Session) -> None:
    fields: dict[str, Any] = {"id": "wamid.A", "context": {"forwarded": True}}
    row = take_in(db, said(standby=True, **fields))
    assert row.payload == {"forwarded": "once", "standby": True}
    assert take_in(db, said(**fields)).payload == {"forwarded": "once"}


def test_each_answer_on_the_phone_is_a_change_of_its_moment(db: Session) -> None:
    take_in(db, said("Chat Support"))
    for number in range(3):
        now = MOMENT + timedelta(days=number)
        with time_machine.travel(now, tick=False):
            row = take_in(db, answered())
        assert (row.created_at, ticket_of(db).updated_at) == (now, now)
        assert ticket_of(db).status is TicketStatus.IN_PROGRESS


def test_of_a_blocked_customer_words_are_kept_and_no_more_but_our_own_are_filed(db: Session) -> None:
    take_in(db, said("Chat Support"))
    ticket = ticket_of(db)
    with transaction(db):
        db.execute(update(Contact).values(blocked_at=utc_now()))
    before = facts(db)[1:3]
    assert take_in(db, said("Where are you?")).ticket_id is None
    assert facts(db)[1:3] == before
    assert take_in(db, answered()).ticket_id == ticket.id


def test_the_desk_hears_of_what_is_on_a_ticket_and_of_each_change_to_it(db: Session) -> None:
    outside = take_in(db, said("Good morning"))
    assert outside.ticket_id is None
    assert events(db) == []
    opening = take_in(db, said("Chat Support"))
    ticket = ticket_of(db).id
    heard = len(events(db))
    edit = {"original_message_id": opening.wamid, "message": {"type": "text", "text": {"body": "New"}}}
    with transaction(db):
        receive(db, [said(None, type="edit", edit=edit)])
    assert events(db)[heard:] == [("message.updated", ticket, opening.id), ("ticket.updated", ticket, None)]
    with transaction(db):
        receive(db, [said(None, type="edit", edit=edit, timestamp="1700000000")])
    assert len(events(db)) == heard + 2, "older than what stands there"


def test_a_ticket_counts_from_its_opening_and_again_from_its_reopening(db: Session) -> None:
    with time_machine.travel(MOMENT, tick=False):
        take_in(db, said("Chat Support"))
    ticket = ticket_of(db)
    assert ticket.phone_number_id == NUMBER
    assert {ticket.created_at, ticket.updated_at, ticket.waiting_since} == {MOMENT}
    with transaction(db):
        ticket.status, ticket.live_contact_id = TicketStatus.RESOLVED, None
        ticket.resolved_at, ticket.waiting_since = MOMENT, None
        db.execute(update(SupportMessage).where(SupportMessage.wamid.is_(None)).values(wamid="wamid.bot"))
    later = MOMENT + timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        take_in(db, said("Still broken", context={"id": "wamid.bot"}))
    ticket = ticket_of(db)
    assert (ticket.status, ticket.created_at) == (TicketStatus.OPEN, MOMENT)
    assert {ticket.updated_at, ticket.waiting_since} == {later}


def test_a_ticket_belongs_to_the_number_that_was_written_to(db: Session) -> None:
    payload = {"number": "2002", "message": message("Chat Support")}
    take_in(db, parse_message(payload, utc_now(), standby=False))
    assert ticket_of(db).phone_number_id == "2002"


def test_the_bot_stops_amid_a_batch_when_three_answers_have_not_left(db: Session) -> None:
    take_in(db, *(said(f"Nonsense {number}") for number in range(6)))
    assert len(db.scalars(select(OutboundMessage.id)).all()) == 3


def test_two_who_ask_for_a_person_at_once_get_a_ticket_each(db: Session) -> None:
    other: dict[str, Any] = {"from": OTHER_PHONE}
    take_in(db, said("Good morning"), said("Good morning", **other))
    take_in(db, said("Chat Support"), said("Chat Support", **other))
    tickets = db.scalars(select(SupportTicket).order_by(SupportTicket.id)).all()
    assert [each.phone_number for each in tickets] == [PHONE, OTHER_PHONE]
    assert {each.state for each in db.scalars(select(Conversation))} == {ConversationState.CHAT_SUPPORT}
    created = [ticket for kind, ticket, _ in events(db) if kind == "ticket.created"]
    assert created == [each.id for each in tickets]
    asked = select(SupportMessage).where(SupportMessage.sender_type == SenderType.USER)
    assert {row.phone_number_id for row in db.scalars(asked)} == {NUMBER}
    answered_to = [row.contact_id for row in db.scalars(select(OutboundMessage).order_by(OutboundMessage.id))]
    assert answered_to == [each.contact_id for each in tickets] * 2


def test_the_window_is_opened_by_customers_alone_and_by_metas_clock(db: Session) -> None:
    def window() -> datetime | None:
        return db.scalars(select(Conversation.last_customer_message_at)).one()

    take_in(db, answered())
    assert window() is None
    for at, last in ((1795000010, 1795000010), (1795000000, 1795000010), (1795000020, 1795000020)):
        take_in(db, said(timestamp=str(at)))
        assert window() == datetime.fromtimestamp(last, UTC)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (said("Help"), ("Help", Manner.WORDS, "")),
        (said("Help", group_id="G1"), ("Help", Manner.SILENT, "")),
        (said(None, type="reaction", reaction={"emoji": "x", "message_id": "y"}), ("", Manner.SILENT, "")),
        (said(None, type="request_welcome"), ("", Manner.GREETING, "")),
        (said(None, type="sticker", sticker={"id": "7"}), ("", Manner.STICKER, "")),
        (said(None, type="image", image={"id": "7"}), ("", Manner.WORDLESS, "")),
        (said(None, type="image", image={"id": "7", "caption": "Torn"}), ("Torn", Manner.WORDS, "")),
        (said(None, type="audio", audio={"id": "7"}), ("", Manner.WORDLESS, "Audio file")),
        (said(None, type="audio", audio={"id": "7", "voice": True}), ("", Manner.WORDLESS, "Voice note")),
        (
            said(None, type="order", order={"product_items": [{"product_retailer_id": "A", "quantity": 2}]}),
            ("", Manner.WORDLESS, "2 x A"),
        ),
    ],
    ids=lambda each: each.type if isinstance(each, IncomingMessage) else "",
)
def test_what_the_bot_is_told_of_each_kind(
    db: Session, message: IncomingMessage, expected: tuple[str, Manner, str]
) -> None:
    customer = Customer(Contact(id=1), Conversation(), Desk(None, None, 0))
    told = customer_message_service._said(message, customer, KnownMessages(db, []))
    assert (told.text, told.manner, told.description) == expected


def test_a_reaction_to_our_words_on_the_live_ticket_is_an_answer(db: Session) -> None:
    take_in(db, said("Chat Support"))
    ours = take_in(db, answered())
    assert ticket_of(db).waiting_since is None
    reaction = {"message_id": ours.wamid, "emoji": "👍"}
    with transaction(db):
        receive(db, [said(None, type="reaction", reaction=reaction, timestamp="1795000100")])
    db.expire_all()
    assert ticket_of(db).last_message_preview == "Reacted with 👍"


def test_what_the_bot_could_not_read_is_on_the_ticket_that_it_sent_the_customer_to(db: Session) -> None:
    photo = take_in(db, said(None, type="image", image={"id": "7"}))
    place = {"latitude": 6.5, "longitude": 3.4}
    take_in(db, said(None, type="location", location=place, timestamp="1795000001"))
    take_in(db, said("Hm", timestamp="1795000002"))
    take_in(db, said(None, type="image", image={"id": "8"}, group_id="G1", timestamp="1795000003"))
    other: dict[str, Any] = {"from": OTHER_PHONE}
    take_in(db, said(None, type="image", image={"id": "9"}, **other))
    take_in(db, said(None, type="audio", audio={"id": "10", "voice": True}), said("Chat Support"))
    ticket = ticket_of(db)
    on_it = select(SupportMessage).where(
        SupportMessage.ticket_id == ticket.id, SupportMessage.sender_type == SenderType.USER
    )

    def kinds() -> list[str]:
        return sorted(row.kind for row in db.scalars(on_it.execution_options(populate_existing=True)))

    assert kinds() == ["image", "location", "text", "voice"]
    assert db.get_one(SupportMessage, photo.id).ticket_id == ticket.id
    assert ("message.created", ticket.id, photo.id) in events(db)
    SupportService.update_ticket_status(db, ticket.id, "RESOLVED")
    take_in(db, said(None, type="video", video={"id": "11"}, timestamp="1795000100"))
    take_in(db, parse_message({"number": NUMBER, "message": tap(f"reopen:{ticket.id}")}, utc_now()))
    assert kinds() == ["image", "interactive", "location", "text", "video", "voice"]
