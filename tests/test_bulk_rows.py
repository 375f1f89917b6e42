"""Rows written together: the same as the flush would write, in few statements."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config import bulk_rows
from config.bulk_rows import insert_row, insert_rows, new_row, write_changes
from config.database import SessionLocal, transaction, utc_now
from models.contact import Contact
from models.conversation import Conversation
from models.support_ticket import (
    MessageKind,
    NoteNeverLeaves,
    SenderType,
    SupportMessage,
    SupportTicket,
    TicketPriority,
)
from services.support_service import SupportService
from tests.factories import Insert, insert_by_flush


def open_tickets(db: Session, count: int) -> list[SupportTicket]:
    return [SupportService.create_ticket(db, f"080355501{n:02}", "Amara", "A lamp") for n in range(count)]


def change(db: Session, rows: list[SupportTicket], act: Callable[[SupportTicket], None]) -> list[str]:
    """Change the rows and write them, in an act; the statements that did it."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("UPDATE support_tickets"):
            sent.append(statement)

    with transaction(db):
        for row in rows:
            act(row)
        sa.event.listen(db.get_bind(), "before_cursor_execute", note)
        try:
            write_changes(db, rows)
            written = list(sent)
            db.flush()
        finally:
            sa.event.remove(db.get_bind(), "before_cursor_execute", note)
        assert sent == written, "nothing is left to the flush"
    return written


def stored() -> list[SupportTicket]:
    with SessionLocal() as fresh:
        return list(fresh.scalars(sa.select(SupportTicket).order_by(SupportTicket.id)))


def test_new_rows_are_what_the_flush_would_write(db: Session) -> None:
    def make(contact: Contact, kind: Callable[..., SupportMessage]) -> list[SupportMessage]:
        rows = [
            kind(
                contact_id=contact.id,
                sender_type=SenderType.USER,
                sender_name="Amara",
                message=words,
                payload=None,
                created_at=at,
                occurred_at=at - timedelta(days=index),
            )
            for index, words in enumerate(("one", "50% \N{GRINNING FACE}", "three's"))
        ]
        rows[1].payload, rows[1].wamid = {"choice": "a"}, "wamid.1"
        return rows

    at = utc_now()
    with transaction(db):
        contact = Contact(name="Amara")
        db.add(contact)
        db.flush()
        rows, flushed = make(contact, partial(new_row, SupportMessage)), make(contact, SupportMessage)
        insert_rows(db, rows)
        db.add_all(flushed)
    columns = [column for column in SupportMessage.__table__.c if column.key != "id"]
    is_null = SupportMessage.payload.is_(None)  # JSON's null is none of SQL's
    with SessionLocal() as fresh:
        found = fresh.execute(sa.select(*columns, is_null).order_by(SupportMessage.id)).all()
        ids = list(fresh.scalars(sa.select(SupportMessage.id).order_by(SupportMessage.id)))
    assert found[:3] == found[3:]
    assert [row.id for row in (*rows, *flushed)] == ids


def test_a_new_row_is_checked_by_its_class() -> None:
    at = utc_now().replace(microsecond=7)
    assert new_row(SupportMessage, occurred_at=at).occurred_at.microsecond == 0
    with pytest.raises(NoteNeverLeaves):
        new_row(SupportMessage, kind=MessageKind.NOTE, wamid="wamid.1")


def test_each_row_gets_its_own_values_by_one_statement(db: Session) -> None:
    tickets = open_tickets(db, 5)
    before = [ticket.updated_at for ticket in tickets]

    def act(ticket: SupportTicket) -> None:
        ticket.issue_description = f'Lamp {ticket.id}, "50%" off, it\'s {{late}} \N{GRINNING FACE}'
        ticket.priority = TicketPriority.HIGH
        ticket.waiting_since = ticket.created_at + timedelta(microseconds=ticket.id)

    assert len(change(db, tickets, act)) == 1
    found = stored()
    assert [(each.issue_description, each.waiting_since) for each in found] == [
        (each.issue_description, each.waiting_since) for each in tickets
    ]
    assert {each.issue_description.split(",")[0] for each in found} == {f"Lamp {each.id}" for each in tickets}
    assert {each.priority for each in found} == {TicketPriority.HIGH}
    assert all(each.updated_at > at for each, at in zip(found, before, strict=True))


def test_rows_with_other_columns_have_statements_of_their_own(db: Session) -> None:
    tickets = open_tickets(db, 3)

    def act(ticket: SupportTicket) -> None:
        if ticket is tickets[2]:
            ticket.sender_name = "Bola"
        else:
            ticket.unread_count = ticket.id

    assert len(change(db, tickets, act)) == 2
    numbers = [each.id for each in tickets]
    assert [(each.unread_count, each.sender_name) for each in stored()] == [
        (numbers[0], "Amara"),
        (numbers[1], "Amara"),
        (0, "Bola"),
    ]


def test_many_rows_come_in_parts(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_rows, "AT_ONCE", 2)
    tickets = open_tickets(db, 5)
    assert len(change(db, tickets, lambda ticket: setattr(ticket, "unread_count", ticket.id))) == 3
    assert all(each.unread_count == each.id for each in stored())


def test_what_did_not_change_is_not_written(db: Session) -> None:
    tickets = open_tickets(db, 2)
    assert change(db, tickets, lambda ticket: setattr(ticket, "unread_count", 0)) == []


def test_what_changes_afterwards_is_left_to_the_flush(db: Session) -> None:
    [ticket] = open_tickets(db, 1)
    with transaction(db):
        ticket.unread_count = 9
        write_changes(db, [ticket])
        ticket.unread_count = 10
    assert [each.unread_count for each in stored()] == [10]


@pytest.mark.parametrize("insert", [insert_rows, insert_by_flush])
def test_what_changes_in_a_row_that_was_taken_in_is_written(
    db: Session, monkeypatch: pytest.MonkeyPatch, insert: Insert
) -> None:
    monkeypatch.setattr(bulk_rows, "insert_rows", insert)
    with transaction(db):
        contact = Contact(name="Amara")
        insert_row(db, contact)
        assert (contact in db, contact.version, contact.note) == (True, 1, None)
        contact.note = "Writes in the evening"
    with SessionLocal() as fresh:
        assert fresh.scalars(sa.select(Contact)).one().note == "Writes in the evening"


def test_new_rows_are_left_to_the_flush(db: Session) -> None:
    with transaction(db):
        contact = Contact(name="Amara")
        talk = Conversation(contact=contact, phone_number_id="1", state="new")
        db.add(talk)
        write_changes(db, [talk])
        assert talk in db.new
    with SessionLocal() as fresh:
        assert fresh.scalars(sa.select(Conversation)).one().state == "new"
