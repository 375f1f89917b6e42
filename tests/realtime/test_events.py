import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction
from models import DeskEvent
from realtime.bus import EVENTS, bus
from realtime.events import EventKind, last_seq, oldest_seq, record, since
from tests.together import together


def all_events(db: Session) -> list[tuple[int, str, int | None, int | None]]:
    db.rollback()
    return [(each.seq, each.kind, each.ticket_id, each.message_id) for each in since(db, 0)]


def tell(db: Session, *ticket_ids: int) -> None:
    with transaction(db):
        for ticket_id in ticket_ids:
            record(db, EventKind.TICKET_UPDATED, ticket_id)


def test_changes_are_numbered_from_one_in_the_order_in_which_they_were_told(db: Session) -> None:
    assert (last_seq(db), oldest_seq(db), since(db, 0)) == (0, None, [])
    with transaction(db):
        record(db, EventKind.TICKET_CREATED, 7)
        record(db, EventKind.MESSAGE_CREATED, 7, 1)
        record(db, EventKind.MESSAGE_CREATED, 7, 2)
    with transaction(db):
        record(db, EventKind.MESSAGE_UPDATED, 7, 1)
    assert all_events(db) == [
        (1, "ticket.created", 7, None),
        (2, "message.created", 7, 1),
        (3, "message.created", 7, 2),
        (4, "message.updated", 7, 1),
    ]
    assert (last_seq(db), oldest_seq(db)) == (4, 1)


def test_the_same_change_twice_in_an_act_is_told_once_and_in_two_acts_twice(db: Session) -> None:
    tell(db, 1, 2, 1, 1)
    tell(db, 1)
    assert all_events(db) == [
        (1, "ticket.updated", 1, None),
        (2, "ticket.updated", 2, None),
        (3, "ticket.updated", 1, None),
    ]


def test_nothing_is_told_of_an_act_that_fails_and_no_number_is_lost(db: Session) -> None:
    woken: list[int] = []
    deaf = bus.listen(EVENTS, lambda: woken.append(1))
    tell(db, 1)
    with pytest.raises(RuntimeError), transaction(db):  # noqa: PT012 - what has to fail is the whole act
        record(db, EventKind.TICKET_UPDATED, 2)
        raise RuntimeError
    with transaction(db):
        pass
    tell(db, 3)
    deaf()
    assert [(seq, ticket) for seq, _, ticket, _ in all_events(db)] == [(1, 1), (2, 3)]
    assert woken == [1, 1]


def test_listeners_hear_once_per_act_and_only_when_it_can_be_read(db: Session) -> None:
    heard: list[int] = []

    def look() -> None:
        with SessionLocal() as other:
            heard.append(last_seq(other))

    deaf = bus.listen(EVENTS, look)
    tell(db, 1, 2, 3)
    tell(db, 4)
    deaf()
    assert heard == [3, 4]


def test_a_change_outside_of_an_act_is_a_mistake(db: Session) -> None:
    with pytest.raises(KeyError):
        record(db, EventKind.TICKET_UPDATED, 1)


def test_a_reader_takes_what_follows_his_cursor_a_page_at_a_time(db: Session) -> None:
    tell(db, *range(1, 11))
    assert [each.seq for each in since(db, 4)] == [5, 6, 7, 8, 9, 10]
    assert [each.seq for each in since(db, 4, limit=2)] == [5, 6]
    assert since(db, 10) == since(db, 99) == []


@pytest.mark.promise("P17")
def test_writers_side_by_side_leave_no_gap_and_no_reader_misses_one(db: Session) -> None:
    """A cursor never passes a number that becomes visible later, which an auto-increment id would allow."""
    writers, acts = 6, 15
    read: list[int] = []

    def write_or_read(session: Session, number: int) -> None:
        if number < writers:
            for act in range(acts):
                tell(session, *range(number * 1000 + act * 10, number * 1000 + act * 10 + 1 + act % 3))
            return
        while len(read) < writers * sum(1 + act % 3 for act in range(acts)):
            read.extend(each.seq for each in since(session, read[-1] if read else 0))
            session.rollback()

    assert together(writers + 1, write_or_read) == [None] * (writers + 1)
    assert read == list(range(1, len(read) + 1))
    assert last_seq(db) == len(read) == db.scalar(select(func.count()).select_from(DeskEvent))
    for number in range(writers):
        own = [
            ticket for _, _, ticket, _ in all_events(db) if ticket is not None and ticket // 1000 == number
        ]
        assert own == sorted(own)
    assert together(1, lambda session, _: last_seq(session)) == [len(read)]


def test_each_act_stands_together(db: Session) -> None:
    def write(session: Session, number: int) -> None:
        for _ in range(5):
            tell(session, number * 10 + 1, number * 10 + 2, number * 10 + 3)

    assert together(5, write) == [None] * 5
    found = [ticket for _, _, ticket, _ in all_events(db)]
    for begin in range(0, len(found), 3):
        first = found[begin] or 0
        assert found[begin : begin + 3] == [first, first + 1, first + 2]


def test_the_sequence_is_taken_as_the_last_thing_before_the_commit(db: Session) -> None:
    """Whoever has told something, but is not at the end yet, holds nobody else up."""
    if db.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with transaction(db):
        record(db, EventKind.TICKET_UPDATED, 1)
        assert together(1, lambda session, _: tell(session, 2)) == [None]
    assert [ticket for _, _, ticket, _ in all_events(db)] == [2, 1]
