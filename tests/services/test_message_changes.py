"""Reactions, edits and deletions: on their message whatever the order in which they come."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import transaction
from models import DeskEvent, MessageReaction, OutboundMessage, SupportMessage, SupportTicket
from models.conversation import Conversation
from schemas.support_message import SupportMessageSchema
from services.support_service import SupportService
from tests.factories import make_message
from tests.webhooks import deliver, message, messages_body, receive_text, settle

TARGET = "wamid.Target"


def at(second: int) -> str:
    return str(1795000000 + second)


def written(text: str = "Old words", second: int = 0) -> dict[str, Any]:
    return message(text, id=TARGET, timestamp=at(second))


def edit(text: str, second: int, target: str = TARGET) -> dict[str, Any]:
    change = {"original_message_id": target, "message": {"type": "text", "text": {"body": text}}}
    return message(None, type="edit", edit=change, timestamp=at(second))


def revoke(second: int, target: str = TARGET) -> dict[str, Any]:
    return message(None, type="revoke", revoke={"original_message_id": target}, timestamp=at(second))


def react(emoji: str | None, second: int, target: str = TARGET) -> dict[str, Any]:
    reaction = {"message_id": target} | ({"emoji": emoji} if emoji is not None else {})
    return message(None, type="reaction", reaction=reaction, timestamp=at(second))


def receive(db: Session, *messages: dict[str, Any]) -> None:
    for each in messages:
        deliver(db, messages_body(each))
        settle(db)


def row_of(db: Session, wamid: str = TARGET) -> SupportMessage:
    query = select(SupportMessage).where(SupportMessage.wamid == wamid)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def rows_of(db: Session, messages: Sequence[dict[str, Any]]) -> list[SupportMessage]:
    """The rows that these made of themselves."""
    ids = [each["id"] for each in messages]
    return list(db.scalars(select(SupportMessage).where(SupportMessage.wamid.in_(ids))))


def reaction_of(db: Session) -> str | None:
    return db.scalar(select(MessageReaction.emoji).where(MessageReaction.message_id == row_of(db).id))


def ticket_of(db: Session) -> SupportTicket:
    return db.scalars(select(SupportTicket).execution_options(populate_existing=True)).one()


@pytest.fixture(params=["one by one", "at once"])
def bring(request: pytest.FixtureRequest, db: Session) -> Any:
    """Brings messages one delivery after the other, or all in one."""

    def at_once(*messages: dict[str, Any]) -> None:
        deliver(db, messages_body(*messages))
        settle(db)

    return at_once if request.param == "at once" else lambda *messages: receive(db, *messages)


ORDERS = list(permutations(range(4)))


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_an_edit_a_later_one_and_a_deletion_end_alike_in_every_order(
    db: Session, bring: Any, order: Sequence[int]
) -> None:
    events = [written(), edit("Newer words", 10), edit("Newest words", 20), revoke(30)]
    bring(*(events[number] for number in order))
    row = row_of(db)
    assert (row.message, row.original_message) == ("Newest words", "Old words")
    assert row.edited_at is not None
    assert row.edited_at.timestamp() == 1795000020
    assert row.revoked_at is not None
    assert row.revoked_at.timestamp() == 1795000030
    early = [events[number] for number in order[: order.index(0)]]
    found = rows_of(db, events[1:])
    assert {each.wamid for each in found} == {each["id"] for each in early}
    assert {each.kind for each in found} <= {"other"}


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_reactions_end_with_the_newest_in_every_order(db: Session, bring: Any, order: Sequence[int]) -> None:
    events = [written(), react("👍", 10), react("😀", 20), react(None, 30)]
    bring(*(events[number] for number in order))
    assert reaction_of(db) == ""
    bring(react("🙏", 40))
    assert reaction_of(db) == "🙏"
    bring(react("👎", 35))
    assert reaction_of(db) == "🙏"


def test_two_changes_of_one_second_count_in_the_order_of_arrival(db: Session) -> None:
    receive(db, written(), react("👍", 10), react("😀", 10), edit("A", 20), edit("B", 20))
    assert (reaction_of(db), row_of(db).message) == ("😀", "B")


def said_in_ticket(db: Session) -> SupportTicket:
    """A ticket whose bot's answer has an id."""
    receive_text(db, "Chat Support")
    ticket = ticket_of(db)
    with transaction(db):
        bots = update(SupportMessage).where(SupportMessage.sender_type == "bot")
        db.execute(bots.values(wamid=TARGET))
    return ticket


def test_a_reaction_in_a_ticket_is_an_answer_without_a_row_or_a_word_of_the_bot(db: Session) -> None:
    ticket = said_in_ticket(db)
    reply = make_message(db, ticket, sender_type="admin", wamid="wamid.Reply")
    with transaction(db):
        db.execute(update(SupportTicket).values(unread_count=0, waiting_since=None))
    unsent = len(db.scalars(select(OutboundMessage)).all())
    given = react("👍", 100_000_000, target="wamid.Reply")
    receive(db, given)
    changed = ticket_of(db)
    assert (changed.unread_count, changed.waiting_since is not None) == (1, True)
    assert changed.last_message_preview == "Reacted with 👍"
    assert rows_of(db, [given]) == []
    assert len(db.scalars(select(OutboundMessage)).all()) == unsent
    assert db.scalars(select(MessageReaction.sender_type)).all() == ["user"]
    kinds = [(each.kind, each.message_id) for each in db.scalars(select(DeskEvent).order_by(DeskEvent.seq))]
    assert kinds[-2:] == [("message.updated", reply.id), ("ticket.updated", None)]
    receive(db, react(None, 100_000_001, target="wamid.Reply"))
    assert ticket_of(db).unread_count == 1


def test_a_reaction_after_the_end_is_shown_and_wakes_nobody(db: Session) -> None:
    ticket = said_in_ticket(db)
    SupportService.update_ticket_status(db, ticket.id, "RESOLVED")
    unread = ticket_of(db).unread_count
    receive(db, react("👍", 100))
    assert (reaction_of(db), ticket_of(db).unread_count) == ("👍", unread)


def test_a_reaction_or_a_change_to_what_is_not_here_is_a_row_and_opens_no_window(db: Session) -> None:
    events = [react("👍", 10, "wamid.X"), edit("New", 20, "wamid.X"), revoke(30, "wamid.X")]
    receive(db, *events)
    assert [row.kind for row in rows_of(db, events)] == ["other"] * 3
    assert all("not here" in row.message for row in rows_of(db, events))
    assert db.scalars(select(OutboundMessage)).all() == []
    assert db.scalars(select(Conversation.last_customer_message_at)).one() is None


def test_nobody_changes_what_another_wrote(db: Session) -> None:
    receive(db, written())
    stranger = {"from": "2348030000009"}
    events = [edit("Mine now", 10) | stranger, revoke(20) | stranger, react("👎", 30) | stranger]
    receive(db, *events)
    row = row_of(db)
    assert (row.message, row.edited_at, row.revoked_at, reaction_of(db)) == ("Old words", None, None, None)
    assert len(rows_of(db, events)) == 3


def test_a_customer_changes_nothing_that_the_desk_wrote(db: Session) -> None:
    said_in_ticket(db)
    events = [edit("Other words", 10), revoke(20)]
    before = row_of(db).message
    receive(db, *events)
    assert (row_of(db).message, row_of(db).revoked_at) == (before, None)
    assert len(rows_of(db, events)) == 2


def test_the_list_and_the_description_follow_an_edit_and_forget_what_was_deleted(db: Session) -> None:
    receive_text(db, "Chat Support")
    receive(db, written("My lamp is torn", 10))
    assert ticket_of(db).issue_description == "My lamp is torn"
    receive(db, edit("My lamp is worn", 20))
    ticket = ticket_of(db)
    assert (ticket.issue_description, ticket.last_message_preview) == ("My lamp is worn", "My lamp is worn")
    receive(db, revoke(30))
    ticket = ticket_of(db)
    assert (ticket.issue_description, ticket.last_message_preview) == ("", "Deleted message")


def test_of_a_deleted_message_only_that_it_was_there_is_given(db: Session) -> None:
    receive_text(db, "Chat Support")
    image = {"id": "77", "mime_type": "image/png", "caption": "My card number"}
    receive(db, message(None, id=TARGET, type="image", image=image, timestamp=at(5)), revoke(10))
    row = row_of(db)
    shown = SupportMessageSchema.of(row)
    assert row.message == "My card number"
    assert (shown.message, shown.media, shown.payload, shown.original_message) == ("", None, None, None)
    assert shown.revoked_at is not None


@pytest.mark.parametrize("order", [*ORDERS, (1, 3), (3, 1), (1, 2, 3), (3, 2, 1)], ids=str)
def test_no_words_of_a_deleted_message_stay_in_what_came_before_it_or_without_it(
    db: Session, bring: Any, order: Sequence[int]
) -> None:
    receive_text(db, "Chat Support")
    events = [written("My card number"), edit("My card", 10), edit("Card 4711", 20), revoke(30)]
    bring(*(events[number] for number in order))
    words = [SupportMessageSchema.of(row).message for row in rows_of(db, events)]
    assert words
    assert not [each for each in words if "ard" in each]
    ticket = ticket_of(db)
    assert "ard" not in ticket.last_message_preview + ticket.issue_description


def test_the_caption_of_a_photo_is_edited(db: Session) -> None:
    image = {"id": "77", "mime_type": "image/png", "caption": "Old"}
    new = {"type": "image", "image": {"id": "77", "caption": "New"}}
    change = {"original_message_id": TARGET, "message": new}
    receive(db, message(None, id=TARGET, type="image", image=image))
    receive(db, message(None, type="edit", edit=change, timestamp=at(9)))
    assert (row_of(db).message, row_of(db).original_message) == ("New", "Old")
