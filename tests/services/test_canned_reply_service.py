import pytest
from sqlalchemy.orm import Session

from models import CannedReply
from services.canned_reply_service import (
    VARIABLES,
    CannedReplyChanged,
    CannedReplyNotFound,
    CannedText,
    ShortcutTaken,
    UnknownVariable,
    WrongCannedReply,
    change,
    create,
    list_all,
    remove,
)
from services.errors import DeskError
from services.message_text import EmptyMessage, MessageTooLong
from tests.desk import count, events
from tests.together import together

HOURS = CannedText("hours", "Opening hours", "We are open from 8 to 6.")


def test_kept_as_it_is_meant_and_told_to_the_desk(db: Session) -> None:
    row = create(db, CannedText(" /Hours ", " Opening \n hours", " Hello {{ contact.first_name }}\n"))
    assert (row.shortcut, row.title, row.text) == ("hours", "Opening hours", "Hello {{ contact.first_name }}")
    assert events(db) == [("account.updated", None, None)]
    create(db, CannedText("ẹkú", "Greeting", "Ẹ káàárọ̀"))
    assert [each.shortcut for each in list_all(db)] == ["hours", "ẹkú"]


def test_every_variable_that_there_is_may_stand_in_a_text(db: Session) -> None:
    text = " ".join(f"{{{{{name}}}}}" for name in VARIABLES)
    assert create(db, CannedText("all", "All", text)).text == text


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (CannedText("", "T", "x"), WrongCannedReply),
        (CannedText("/", "T", "x"), WrongCannedReply),
        (CannedText("two words", "T", "x"), WrongCannedReply),
        (CannedText("-a", "T", "x"), WrongCannedReply),
        (CannedText("a" * 41, "T", "x"), WrongCannedReply),
        (CannedText("a", " ", "x"), WrongCannedReply),
        (CannedText("a", "T" * 121, "x"), WrongCannedReply),
        (CannedText("a", "T", " "), EmptyMessage),
        (CannedText("a", "T", "x" * 4097), MessageTooLong),
        (CannedText("a", "T", "Hello {{name}}"), UnknownVariable),
        (CannedText("a", "T", "Hello {{}}"), UnknownVariable),
        (CannedText("a", "T", "Hello {{contact.first_name}"), WrongCannedReply),
        (CannedText("a", "T", "Hello contact.name}}"), WrongCannedReply),
        (CannedText("a", "T", "{{{{contact.name}}}}"), WrongCannedReply),
    ],
)
def test_what_cannot_be_kept(db: Session, wanted: CannedText, error: type[DeskError]) -> None:
    with pytest.raises(error):
        create(db, wanted)
    row = create(db, HOURS)
    with pytest.raises(error):
        change(db, row.id, 1, wanted)
    assert count(CannedReply) == 1


def test_an_unknown_variable_is_named_with_those_that_there_are() -> None:
    with pytest.raises(
        UnknownVariable, match=r"no variable 'contact.surname'; use \{\{contact.first_name\}\}"
    ):
        CannedText("a", "T", "{{contact.surname}}").checked()


def test_a_shortcut_leads_to_one_text(db: Session) -> None:
    create(db, HOURS)
    other = create(db, CannedText("price", "Price", "It costs 5."))
    with pytest.raises(ShortcutTaken):
        create(db, CannedText("HOURS", "Again", "x"))
    with pytest.raises(ShortcutTaken):
        change(db, other.id, 1, HOURS)
    made = together(5, lambda session, _: create(session, CannedText("race", "Race", "x")))
    assert sorted(type(each).__name__ for each in made) == ["CannedReply"] + ["ShortcutTaken"] * 4


def test_of_two_editors_the_second_is_told(db: Session) -> None:
    row = create(db, HOURS)
    assert change(db, row.id, 1, CannedText("hours", "Hours", "From 9.")).version == 2
    with pytest.raises(CannedReplyChanged):
        change(db, row.id, 1, CannedText("hours", "Hours", "From 10."))
    reply_id = row.id

    def edit(session: Session, number: int) -> CannedReply:
        return change(session, reply_id, 2, CannedText("hours", "Hours", f"From {number}."))

    made = together(5, edit)
    assert sorted(type(each).__name__ for each in made) == ["CannedReply"] + ["CannedReplyChanged"] * 4


def test_gone_is_gone(db: Session) -> None:
    row = create(db, HOURS)
    remove(db, row.id)
    assert list_all(db) == []
    for reply_id in (row.id, 0, 10**12):
        with pytest.raises(CannedReplyNotFound):
            remove(db, reply_id)
        with pytest.raises(CannedReplyNotFound):
            change(db, reply_id, 1, HOURS)
