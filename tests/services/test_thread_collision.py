import uuid

import pytest
from sqlalchemy.orm import Session

from models import Admin, OutboundMessage, SupportMessage, SupportTicket
from models.support_ticket import MessageKind, SenderType
from services import reply_content, reply_service
from services.reply_service import Author
from services.support_service import SupportService
from services.thread_collision import ThreadHasMoved
from tests.desk import count
from tests.factories import make_admin, make_message, make_ticket
from tests.together import together


def answer(
    db: Session, ticket_id: int, admin: Admin, words: str, seen: int | None, client_id: str | None = None
) -> SupportMessage:
    author = Author(SenderType.ADMIN, admin.name, admin.id)
    draft = reply_content.text(words)
    return reply_service.add(db, ticket_id, author, draft, client_id=client_id, last_seen_message_id=seen)


def test_what_the_customer_wrote_meanwhile_stops_the_answer(db: Session) -> None:
    ada = make_admin(db, name="Ada")
    seen = make_message(db)
    ticket = db.get_one(SupportTicket, seen.ticket_id)
    news = make_message(db, ticket, message="It came!\nSorry.", sender_name="Chi")
    with pytest.raises(ThreadHasMoved, match=r"^Chi wrote meanwhile\.") as refused:
        answer(db, ticket.id, ada, "I shall ask the courier", seen.id)
    assert refused.value.details == ((f"messages.{news.id}", "Chi: It came! Sorry."),)
    assert count(OutboundMessage) == 0
    answer(db, ticket.id, ada, "I shall ask the courier", news.id)
    assert count(OutboundMessage) == 1


def test_what_a_colleague_wrote_meanwhile_stops_it_and_what_oneself_wrote_does_not(db: Session) -> None:
    ada, bola = make_admin(db, name="Ada"), make_admin(db, name="Bola")
    ticket = make_ticket(db)
    seen = make_message(db, ticket).id
    for words in ("One moment", "I am looking"):
        answer(db, ticket.id, ada, words, seen)
    with pytest.raises(ThreadHasMoved, match=r"^Ada wrote meanwhile"):
        answer(db, ticket.id, bola, "How can I help?", seen)


def test_neither_the_bot_nor_an_activity_is_news_nor_another_ticket(db: Session) -> None:
    ada = make_admin(db)
    seen = make_message(db).id
    ticket = db.get_one(SupportTicket, db.get_one(SupportMessage, seen).ticket_id)
    make_message(db, ticket, sender_type=SenderType.BOT)
    make_message(db, ticket, sender_type=SenderType.ADMIN, kind=MessageKind.ACTIVITY)
    make_message(db)
    answer(db, ticket.id, ada, "Hello", seen)


def test_an_answer_from_the_phone_app_is_news(db: Session) -> None:
    ada = make_admin(db)
    ticket = make_ticket(db)
    make_message(db, ticket, sender_type=SenderType.ADMIN, sender_name="Phone app", payload={"echo": True})
    with pytest.raises(ThreadHasMoved, match=r"^Phone app wrote"):
        answer(db, ticket.id, ada, "Hello", 0)


def test_many_writers_are_named_in_short(db: Session) -> None:
    ada = make_admin(db)
    ticket = make_ticket(db)
    for name in ("Chi", "Bola", "Chi", "Dayo"):
        make_message(db, ticket, sender_name=name)
    with pytest.raises(ThreadHasMoved, match=r"^Chi and Bola and others wrote meanwhile") as refused:
        answer(db, ticket.id, ada, "Hello", 0)
    assert len(refused.value.details) == 4


def test_the_same_client_id_again_is_the_first_message_whatever_came_after_it(db: Session) -> None:
    ada = make_admin(db)
    ticket = make_ticket(db)
    seen = make_message(db, ticket).id
    client_id = str(uuid.uuid4())
    first = answer(db, ticket.id, ada, "Hello", seen, client_id)
    make_message(db, ticket)
    assert answer(db, ticket.id, ada, "Hello", seen, client_id).id == first.id


def test_of_two_answers_at_once_one_goes_out(db: Session) -> None:
    admins = [make_admin(db, name=name).id for name in ("Ada", "Bola")]
    for _ in range(20):
        ticket = make_ticket(db)
        seen = make_message(db, ticket).id
        before = count(OutboundMessage)

        def act(
            session: Session, number: int, ticket_id: int = ticket.id, seen: int = seen
        ) -> SupportMessage:
            return answer(session, ticket_id, session.get_one(Admin, admins[number]), "Hello", seen)

        results = together(2, act)
        assert sorted(isinstance(result, ThreadHasMoved) for result in results) == [False, True]
        assert count(OutboundMessage) == before + 1


def test_who_does_not_say_what_was_seen_is_not_asked(db: Session) -> None:
    ticket = make_ticket(db)
    make_message(db, ticket)
    SupportService.add_message(db, ticket.id, "admin", "Program", "Hello")
