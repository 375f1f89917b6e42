"""The outbox with what the desk decides meanwhile: windows that close, retries, lines that join."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from models import Conversation, OutboundMessage, SupportMessage, SupportTicket
from models.outbound_message import DeliveryState
from models.support_ticket import SenderType
from services import desk_setting_service, reply_content, reply_service
from services.desk_setting_service import SettingsChange
from services.outbound_message_service import (
    CALLED_OFF,
    apply_status,
    enqueue,
    find_for_statuses,
)
from services.reply_service import Author
from services.retry_service import retry
from tests.factories import make_admin, make_contact, make_conversation, make_ticket
from tests.pretend_graph import HANG_UP, Answer, PretendGraph
from tests.together import together
from tests.worker.outbox_desk import NUMBER, arrived, run_out_lease, running, states, text, wait_until
from whatsapp.client import Sent
from whatsapp.errors import plain_words
from whatsapp.window import WINDOW
from worker import outbox_store

TEMPLATE = {"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}}
AUTHOR = Author(SenderType.ADMIN, "Bola")


@pytest.fixture
def graph() -> Iterator[PretendGraph]:
    with PretendGraph() as graph:
        yield graph


def make_customer(db: Session, wrote: timedelta = timedelta(minutes=1)) -> Conversation:
    last = datetime.now(UTC) - wrote
    return make_conversation(db, make_contact(db), phone_number_id=NUMBER, last_customer_message_at=last)


def make_open_ticket(db: Session) -> SupportTicket:
    return make_ticket(db, make_customer(db).contact, phone_number_id=NUMBER)


def write(db: Session, ticket: SupportTicket, line: str, author: Author = AUTHOR) -> SupportMessage:
    return reply_service.add(db, ticket.id, author, reply_content.text(line))


def look_again(db: Session) -> None:
    """See what others have committed since."""
    db.rollback()
    db.expire_all()


def test_a_window_that_closed_meanwhile_keeps_free_text_back(db: Session, graph: PretendGraph) -> None:
    late = make_customer(db, WINDOW).contact_id
    in_time = make_customer(db, WINDOW - timedelta(minutes=5)).contact_id
    stranger = make_contact(db).id
    with transaction(db):
        enqueue(db, late, NUMBER, text("too late"))
        enqueue(db, late, NUMBER, TEMPLATE)
        enqueue(db, in_time, NUMBER, text("in time"))
        enqueue(db, stranger, NUMBER, text("never wrote"))
    with running(graph.url):
        wait_until(lambda: states() == ["failed", "sent", "sent", "sent"])
    look_again(db)
    kept_back = db.get_one(OutboundMessage, min(db.scalars(select(OutboundMessage.id))))
    assert (kept_back.error_code, kept_back.error_detail) == (131047, plain_words(131047))
    assert (kept_back.attempts, kept_back.claimed_at) == (0, None)
    assert sorted(post["type"] for post in graph.posts) == ["template", "text", "text"]
    assert "too late" not in str(graph.posts)


def test_the_window_of_another_number_closes_nothing(db: Session, graph: PretendGraph) -> None:
    contact = make_customer(db).contact
    long_ago = datetime.now(UTC) - timedelta(days=9)
    make_conversation(db, contact, phone_number_id="another", last_customer_message_at=long_ago)
    with transaction(db):
        enqueue(db, contact.id, NUMBER, text("Hello"))
    with running(graph.url):
        wait_until(lambda: states() == ["sent"])


@pytest.mark.promise("P14")
def test_a_retry_is_really_sent(db: Session, graph: PretendGraph) -> None:
    graph.answer = lambda number, body: HANG_UP if number == 1 else Answer()
    ticket = make_open_ticket(db)
    message = write(db, ticket, "Hello")
    with running(graph.url):
        wait_until(lambda: states() == ["unknown"])
        retry(db, ticket.id, message.id)
        wait_until(lambda: states() == ["unknown", "sent"])
    first, second = graph.posts
    assert first.pop("biz_opaque_callback_data") != second.pop("biz_opaque_callback_data")
    assert first == second
    look_again(db)
    assert db.get_one(SupportMessage, message.id).wamid == "wamid.2"


def test_a_result_that_comes_late_calls_the_retry_off(db: Session) -> None:
    ticket = make_open_ticket(db)
    message = write(db, ticket, "Hello")
    first = db.scalars(select(OutboundMessage.id)).one()
    with transaction(db):
        db.get_one(OutboundMessage, first).state = DeliveryState.UNKNOWN
    retry(db, ticket.id, message.id)
    outbox_store.write_results(db, {first: Sent("wamid.First", None)}, 1.0)
    assert states() == ["sent", "failed"]
    look_again(db)
    shown = db.get_one(SupportMessage, message.id)
    assert (shown.outbound_id, shown.wamid) == (first, "wamid.First")


def test_a_retry_is_sent_or_called_off_and_never_both(db: Session, graph: PretendGraph) -> None:
    """While the sender takes the retries, statuses prove that each first attempt arrived."""
    tickets = [make_open_ticket(db) for _ in range(20)]
    messages = [write(db, ticket, "Hello") for ticket in tickets]
    with transaction(db):
        for row in db.scalars(select(OutboundMessage)):
            row.state = DeliveryState.UNKNOWN
    firsts = {row.contact_id: row.callback_id for row in db.scalars(select(OutboundMessage))}
    pairs = [(message.ticket_id, message.contact_id, message.id) for message in messages]

    def prove(other: Session, number: int) -> None:
        chance = random.Random(number)  # noqa: S311
        for ticket_id, contact_id, message_id in pairs[number::4]:
            retry(other, ticket_id or 0, message_id)
            time.sleep(chance.uniform(0, 0.03))
            with transaction(other):
                [row] = find_for_statuses(other, [(f"wamid.First{contact_id}", firsts[contact_id])])
                assert row is not None
                apply_status(other, row, "delivered", datetime.now(UTC), wamid=f"wamid.First{contact_id}")

    with running(graph.url):
        assert together(4, prove) == [None] * 4
        wait_until(lambda: not {"queued", "sending"} & set(states()))
    look_again(db)
    rows = db.scalars(select(OutboundMessage)).all()
    called_off = [row for row in rows if row.error_detail == CALLED_OFF]
    sent = [row for row in rows if row.state == DeliveryState.SENT]
    assert len(called_off) + len(sent) == len(tickets)
    posted = {post["biz_opaque_callback_data"] for post in graph.posts}
    assert posted == {row.callback_id for row in sent}
    shown = {row.outbound_id for row in db.scalars(select(SupportMessage))}
    assert not shown & {row.id for row in called_off}


def test_lines_are_held_a_moment_and_arrive_together(
    db: Session, graph: PretendGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.line_merging.HOLD", timedelta(milliseconds=300))
    desk_setting_service.change(db, SettingsChange(merge_lines=True))
    ticket = make_open_ticket(db)
    author = Author(SenderType.ADMIN, "Bola", make_admin(db).id)
    with running(graph.url):
        rows = [write(db, ticket, line, author) for line in ("Hello", "I looked", "It left today")]
        wait_until(lambda: set(states()) == {"sent"})
    assert "\n".join(arrived(graph)) == "Hello\nI looked\nIt left today"
    look_again(db)
    shown = [db.get_one(SupportMessage, row.id) for row in rows]
    assert all(row.wamid and row.outbound and row.outbound.state == "sent" for row in shown)


def test_every_line_leaves_once_while_the_sender_takes_them(
    db: Session, graph: PretendGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.line_merging.HOLD", timedelta(milliseconds=5))
    desk_setting_service.change(db, SettingsChange(merge_lines=True))
    author = Author(SenderType.ADMIN, "Bola", make_admin(db).id)
    tickets = [make_open_ticket(db) for _ in range(4)]

    def type_lines(other: Session, number: int) -> None:
        chance = random.Random(number)  # noqa: S311
        for line in range(10):
            write(other, tickets[number], f"{number}-{line}", author)
            time.sleep(chance.uniform(0, 0.02))

    with running(graph.url):
        assert together(4, type_lines) == [None] * 4
        wait_until(lambda: set(states()) == {"sent"})
    for number, ticket in enumerate(tickets):
        lines = "\n".join(arrived(graph, ticket.contact)).split("\n")
        assert lines == [f"{number}-{line}" for line in range(10)]


def test_a_held_line_survives_a_change_of_process(db: Session, graph: PretendGraph) -> None:
    desk_setting_service.change(db, SettingsChange(merge_lines=True))
    ticket = make_open_ticket(db)
    write(db, ticket, "Hello", Author(SenderType.ADMIN, "Bola", make_admin(db).id))
    with running(graph.url):
        run_out_lease(db)
    assert states() == ["queued"]
    with running(graph.url):
        wait_until(lambda: states() == ["sent"])
    assert arrived(graph) == ["Hello"]
