import uuid

import pytest
from sqlalchemy.orm import Session

from config.database import transaction
from models import OutboundMessage, SupportMessage
from models.support_ticket import MessageKind, NoteNeverLeaves, SenderType, TicketStatus
from services import note_service, reply_content, reply_service, retry_service
from services.client_ids import ClientIdReused
from services.message_text import EmptyMessage, MessageTooLong
from services.reply_service import Author, CannotQuote
from services.retry_service import NothingToRetry
from services.support_service import SupportService
from services.thread_collision import ThreadHasMoved
from tests.desk import count, events, stored
from tests.factories import make_admin, make_message, make_ticket


def test_a_note_changes_nothing_for_the_customer(db: Session) -> None:
    ada = make_admin(db, name="Ada")
    ticket = make_ticket(db, unread_count=1)
    before = stored(ticket.id)
    row = note_service.add(db, ticket.id, ada, "  She called twice.\n")
    after = stored(ticket.id)
    for name in ("status", "version", "waiting_since", "unread_count", "last_message_preview", "updated_at"):
        assert getattr(after, name) == getattr(before, name), name
    [found] = after.messages
    assert (found.kind, found.message, found.sender_name) == (MessageKind.NOTE, "She called twice.", "Ada")
    assert (found.sender_type, found.admin_id) == (SenderType.ADMIN, ada.id)
    assert events(db) == [("message.created", ticket.id, row.id)]
    assert count(OutboundMessage) == 0


def test_a_closed_ticket_takes_notes(db: Session) -> None:
    ticket = make_ticket(db, status=TicketStatus.CLOSED)
    note_service.add(db, ticket.id, make_admin(db), "Refunded by hand")
    assert len(stored(ticket.id).messages) == 1


@pytest.mark.parametrize(("words", "error"), [(" \n", EmptyMessage), ("x" * 4097, MessageTooLong)])
def test_what_is_no_note(db: Session, words: str, error: type[Exception]) -> None:
    ticket = make_ticket(db)
    with pytest.raises(error):
        note_service.add(db, ticket.id, make_admin(db), words)


def test_the_same_client_id_is_the_same_note_and_never_an_answer(db: Session) -> None:
    ada = make_admin(db)
    ticket = make_ticket(db)
    client_id = str(uuid.uuid4())
    first = note_service.add(db, ticket.id, ada, "Once", client_id=client_id)
    assert note_service.add(db, ticket.id, ada, "Once", client_id=client_id).id == first.id
    with pytest.raises(ClientIdReused):
        note_service.add(db, ticket.id, ada, "Twice", client_id=client_id)
    author = Author(SenderType.ADMIN, ada.name, ada.id)
    with pytest.raises(ClientIdReused):
        reply_service.add(db, ticket.id, author, reply_content.text("Once"), client_id=client_id)
    assert (count(SupportMessage), count(OutboundMessage)) == (1, 0)


def test_an_answers_client_id_makes_no_note(db: Session) -> None:
    ada = make_admin(db)
    ticket = make_ticket(db)
    client_id = str(uuid.uuid4())
    SupportService.add_message(db, ticket.id, "admin", "Ada", "Hello", client_id=client_id)
    with pytest.raises(ClientIdReused):
        note_service.add(db, ticket.id, ada, "Hello", client_id=client_id)


def test_a_note_is_neither_sent_again_nor_quoted(db: Session) -> None:
    ada = make_admin(db)
    ticket = make_ticket(db)
    row = note_service.add(db, ticket.id, ada, "Between us")
    with pytest.raises(NothingToRetry):
        retry_service.retry(db, ticket.id, row.id)
    author = Author(SenderType.ADMIN, ada.name, ada.id)
    with pytest.raises(CannotQuote):
        reply_service.add(db, ticket.id, author, reply_content.text("Hello"), reply_to_id=row.id)
    assert count(OutboundMessage) == 0


def test_no_row_can_be_a_note_and_on_its_way(db: Session) -> None:
    ada = make_admin(db)
    ticket = make_ticket(db)
    sent = SupportService.add_message(db, ticket.id, "admin", "Ada", "Hello")
    note = note_service.add(db, ticket.id, ada, "Between us")
    with pytest.raises(NoteNeverLeaves):
        note.outbound_id = sent.outbound_id
    with pytest.raises(NoteNeverLeaves):
        note.outbound = sent.outbound
    with pytest.raises(NoteNeverLeaves):
        note.wamid = "wamid.x"
    with pytest.raises(NoteNeverLeaves):
        sent.kind = MessageKind.NOTE
    for fields in ({"kind": MessageKind.NOTE, "outbound_id": 1}, {"outbound_id": 1, "kind": "note"}):
        with pytest.raises(NoteNeverLeaves):
            SupportMessage(**fields)
    with transaction(db):
        note.message = "Changed"


def test_a_colleagues_note_is_news_to_who_writes_an_answer(db: Session) -> None:
    ada, bola = make_admin(db, name="Ada"), make_admin(db)
    ticket = make_ticket(db)
    seen = make_message(db, ticket).id
    note_service.add(db, ticket.id, ada, "Do not answer, I have her on the phone")
    author = Author(SenderType.ADMIN, bola.name, bola.id)
    with pytest.raises(ThreadHasMoved, match=r"^Ada wrote"):
        reply_service.add(db, ticket.id, author, reply_content.text("Hello"), last_seen_message_id=seen)
