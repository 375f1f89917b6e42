"""Every kind of message on its way from the webhook to the thread, past the bot."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import MediaFile, OutboundMessage, SupportMessage, SupportTicket
from models.conversation import Conversation
from models.media_file import MediaState
from realtime.bus import MEDIA, bus
from tests.webhooks import NUMBER, deliver, message, messages_body, receive_text, settle, tap
from tests.whatsapp.examples import example

IMAGE = {"type": "image", "image": {"id": "77", "mime_type": "image/png", "sha256": "ab" * 32}}
VOICE = {"type": "audio", "audio": {"id": "78", "mime_type": "audio/ogg; codecs=opus", "voice": True}}
STICKER = {"type": "sticker", "sticker": {"id": "79", "mime_type": "image/webp", "animated": True}}
LOCATION = {"type": "location", "location": {"latitude": 6.5, "longitude": 3.4, "name": "Chat Support"}}
WELCOME = {"type": "request_welcome"}


def receive(db: Session, **fields: Any) -> SupportMessage:
    """This comes, and goes all the way."""
    written = message(None) | fields
    deliver(db, messages_body(written))
    settle(db)
    query = select(SupportMessage).where(SupportMessage.wamid == written["id"])
    return db.scalars(query.execution_options(populate_existing=True)).one()


def answers(db: Session) -> list[str]:
    """What the bot put into the outbox."""
    payloads = db.scalars(select(OutboundMessage.payload).order_by(OutboundMessage.id))
    return [
        each["interactive"]["body"]["text"] if each["type"] == "interactive" else each["text"]["body"]
        for each in payloads
    ]


def ticket_of(db: Session) -> SupportTicket:
    return db.scalars(select(SupportTicket).execution_options(populate_existing=True)).one()


def test_a_file_waits_to_be_fetched_once_its_row_is_there(db: Session) -> None:
    woken: list[int] = []
    deaf = bus.listen(MEDIA, lambda: woken.append(1))
    row = receive(db, **IMAGE)
    deaf()
    [media] = db.scalars(select(MediaFile))
    assert woken
    assert (row.kind, row.message, row.payload) == ("image", "", None)
    assert (media.message_id, media.state, media.kind) == (row.id, MediaState.PENDING, "image")
    assert (media.provider_media_id, media.mime_type, media.sha256) == ("77", "image/png", "ab" * 32)
    assert (media.phone_number_id, media.provider_media_at) == (NUMBER, row.occurred_at)


def test_no_media_is_waited_for_where_none_came(db: Session) -> None:
    woken: list[int] = []
    deaf = bus.listen(MEDIA, lambda: woken.append(1))
    receive_text(db, "Hello")
    deaf()
    assert not woken


@pytest.mark.parametrize("number", ["03", "04", "05", "06", "07", "08"])
def test_each_file_of_the_examples_has_a_row(db: Session, number: str) -> None:
    deliver(db, example(number))
    settle(db)
    [media] = db.scalars(select(MediaFile))
    row = db.get_one(SupportMessage, media.message_id)
    assert media.kind == row.kind
    assert media.sha256 is not None


def test_every_row_knows_its_number(db: Session) -> None:
    deliver(db, messages_body(message("Chat Support"), metadata={"phone_number_id": "200000000000002"}))
    settle(db)
    rows = db.execute(select(SupportMessage.sender_type, SupportMessage.phone_number_id)).all()
    assert [tuple(row) for row in rows] == [("user", "200000000000002"), ("bot", "200000000000002")]


def test_a_ticket_is_answered_from_the_number_that_the_customer_wrote_to_last(db: Session) -> None:
    receive_text(db, "Chat Support")
    assert ticket_of(db).phone_number_id == NUMBER
    other = {"phone_number_id": "200000000000002"}
    deliver(db, messages_body(message("Chat Support", timestamp="1795000100"), metadata=other))
    settle(db)
    assert ticket_of(db).phone_number_id == "200000000000002"
    receive_text(db, "Came late", timestamp="1795000050")
    assert ticket_of(db).phone_number_id == "200000000000002"


def test_what_a_bot_cannot_read_is_answered_with_how_to_reach_a_person(db: Session) -> None:
    receive_text(db, "Hello")
    for content in (IMAGE, VOICE, LOCATION, {"type": "unsupported"}):
        receive(db, **content)
    assert len(answers(db)) == 3  # no more of them wait at a time
    assert ["only read words" in each for each in answers(db)] == [False, True, True]
    assert db.scalars(select(SupportTicket)).all() == []


def test_a_sticker_is_answered_with_nothing_and_a_newcomer_with_the_menu(db: Session) -> None:
    row = receive(db, **STICKER)
    assert ["Welcome" in each for each in answers(db)] == [True]
    assert row.payload == {"animated": True}
    receive(db, **STICKER)
    assert len(answers(db)) == 1


def test_who_opens_the_chat_sees_the_menu_and_the_window_is_open(db: Session) -> None:
    row = receive(db, **WELCOME)
    receive(db, **WELCOME)
    assert ["Welcome" in each for each in answers(db)] == [True, True]
    assert (row.kind, row.message) == ("other", "The customer opened the chat.")
    assert db.scalars(select(Conversation.last_customer_message_at)).one() is not None


@pytest.mark.parametrize(
    ("content", "description"),
    [
        (VOICE, "Voice note"),
        (IMAGE, "My lamp is torn"),
        (STICKER, "My lamp is torn"),
        (LOCATION, "My lamp is torn"),
        ({"type": "image", "image": {"id": "1", "caption": "Torn"}}, "Torn"),
        (
            {"type": "order", "order": {"product_items": [{"product_retailer_id": "A", "quantity": 2}]}},
            "2 x A",
        ),
    ],
    ids=str,
)
def test_the_first_words_describe_the_problem_also_under_a_photo_or_spoken(
    db: Session, content: dict[str, Any], description: str
) -> None:
    receive_text(db, "Chat Support")
    row = receive(db, **content)
    receive_text(db, "My lamp is torn")
    ticket = ticket_of(db)
    assert ticket.issue_description == description
    assert (row.ticket_id, ticket.unread_count) == (ticket.id, 3)
    assert len(answers(db)) == 1


def test_the_list_names_what_has_no_words(db: Session) -> None:
    receive_text(db, "Chat Support")
    for second, (content, preview) in enumerate(
        ((VOICE, "Voice note"), (IMAGE, "Photo"), (STICKER, "Sticker"), (LOCATION, "Chat Support")), start=1
    ):
        receive(db, **content, timestamp=str(1795000000 + second))
        assert ticket_of(db).last_message_preview == preview


def test_a_photo_at_the_menu_beside_a_live_ticket_belongs_to_it(db: Session) -> None:
    receive_text(db, "Chat Support")
    receive_text(db, "menu")
    row = receive(db, **IMAGE)
    assert row.ticket_id == ticket_of(db).id
    assert len(answers(db)) == 2


def test_a_tap_is_shown_with_its_words_and_its_id(db: Session) -> None:
    deliver(db, messages_body(tap("csat:5")))
    settle(db)
    row = db.scalars(select(SupportMessage).where(SupportMessage.sender_type == "user")).one()
    assert (row.kind, row.message, row.payload) == ("interactive", "A row", {"choice": "csat:5"})


def test_a_quote_of_the_same_delivery_is_found(db: Session) -> None:
    first = message("Which one?")
    second = message("This one", context={"id": first["id"]})
    deliver(db, messages_body(first, second))
    settle(db)
    rows = {row.wamid: row for row in db.scalars(select(SupportMessage))}
    assert rows[second["id"]].reply_to_id == rows[first["id"]].id


def test_a_group_is_kept_shown_in_the_live_ticket_and_not_answered(db: Session) -> None:
    outside = receive(db, type="text", text={"body": "Hello all"}, group_id="G1")
    assert (outside.ticket_id, answers(db)) == (None, [])
    assert db.scalars(select(Conversation.last_customer_message_at)).one() is None
    receive_text(db, "Chat Support")
    inside = receive(db, type="text", text={"body": "menu"}, group_id="G1")
    assert inside.ticket_id == ticket_of(db).id
    assert inside.sender_name.endswith("(in a group)")
    assert len(answers(db)) == 1


def test_a_customer_at_two_numbers_who_asks_at_both_at_once_has_one_ticket(db: Session) -> None:
    other = {"phone_number_id": "200000000000002"}
    deliver(
        db, messages_body(message("Chat Support")), messages_body(message("Chat Support"), metadata=other)
    )
    settle(db)
    assert ticket_of(db).unread_count == 2
