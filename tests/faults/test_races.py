"""Many at once on one ticket, one message, one customer: one wins, nothing is lost, nothing is hidden."""

import random
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from config.database import SessionLocal, transaction
from models import Contact, DeskEvent, InboundEvent, OutboundMessage, SupportMessage, SupportTicket
from models.support_ticket import MessageKind, SenderType
from services import api_token_service
from tests.factories import make_admin
from tests.plain_client import plain_client
from tests.running_desk import RunningDesk, outbox_states, text_message, webhook
from tests.together import wait_until

EIGHT_DAYS = timedelta(days=8)
AGENTS = 10
ROUNDS = 12
EXHAUSTIVE_ROUNDS = 200


@pytest.fixture
def rounds(exhaustive: bool) -> int:
    return EXHAUSTIVE_ROUNDS if exhaustive else ROUNDS


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What they give, all begun at one moment."""
    begin = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        begin.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def agents(desk: RunningDesk) -> Iterator[list[tuple[str, httpx2.Client]]]:
    """Ten admins by name, each with a client of their own."""
    found = []
    with SessionLocal() as db:
        for number in range(AGENTS):
            admin = make_admin(db, name=f"Agent {number}")
            token = api_token_service.create(db, admin.email, "races")[1]
            headers = {"Authorization": f"Bearer {token}"}
            client = plain_client(desk.url, timeout=30, headers=headers)
            found.append((admin.name, client))
    yield found
    for _, client in found:
        client.close()


@pytest.mark.promise("P18")
def test_ten_claim_one_ticket(
    desk: RunningDesk, agents: list[tuple[str, httpx2.Client]], rounds: int, cases: Callable[[int], None]
) -> None:
    for number in range(rounds):
        ticket = desk.open_ticket(f"0803555{number:04}")
        path = f"/api/support/tickets/{ticket['id']}/claim"
        answers = at_once([partial(client.post, path, json={}) for _, client in agents])
        assert Counter(each.status_code for each in answers) == {200: 1, 409: AGENTS - 1}
        winner = next(name for (name, _), each in zip(agents, answers, strict=True) if each.is_success)
        assert all(winner in each.json()["message"] for each in answers if not each.is_success)
        with SessionLocal() as db:
            rows = db.scalars(
                select(SupportMessage).where(
                    SupportMessage.ticket_id == ticket["id"], SupportMessage.kind == MessageKind.ACTIVITY
                )
            ).all()
        assert [(row.payload or {})["activity"] for row in rows] == ["assignee"]
    cases(rounds)


@pytest.mark.promise("P21")
def test_of_ten_with_the_same_version_one_changes_the_ticket(
    desk: RunningDesk, agents: list[tuple[str, httpx2.Client]], rounds: int, cases: Callable[[int], None]
) -> None:
    ticket = desk.open_ticket()
    path = f"/api/support/tickets/{ticket['id']}"
    for number in range(rounds):
        version = desk.ticket(ticket["id"])["version"]
        wanted = ("URGENT", "MEDIUM") if number % 2 else ("HIGH", "LOW")  # never what it is already
        bodies = [{"priority": wanted[n % 2], "version": version} for n in range(AGENTS)]
        acts = [
            partial(client.patch, path, json=body) for (_, client), body in zip(agents, bodies, strict=True)
        ]
        answers = at_once(acts)
        assert Counter(each.status_code for each in answers) == {200: 1, 409: AGENTS - 1}
        [won] = [each.json()["data"] for each in answers if each.is_success]
        now = desk.ticket(ticket["id"])
        assert (now["priority"], now["version"]) == (won["priority"], won["version"])
    cases(rounds)


@pytest.mark.promise("P19")
def test_a_message_that_races_the_close_is_never_hidden(
    desk: RunningDesk, rounds: int, cases: Callable[[int], None]
) -> None:
    """It is in the ticket before its end, or the customer is answered by the bot after it; never neither."""
    for number in range(rounds):
        phone = f"2348035557{number:03}"
        ticket_id = desk.open_ticket(f"+{phone}")["id"]
        message = text_message("Wait, it is not solved", number=phone)
        close = {"status": ("CLOSED", "RESOLVED")[number // 2 % 2]}
        path = f"/api/support/tickets/{ticket_id}"
        acts = [partial(desk.deliver, webhook(message)), partial(desk.api.patch, path, json=close)]
        answers = at_once(acts if number % 2 else acts[::-1])
        assert [each.status_code for each in answers] == [200, 200]
        desk.settle()
        with SessionLocal() as db:
            row = db.scalars(select(SupportMessage).where(SupportMessage.wamid == message["id"])).one()
            ended = db.scalars(
                select(SupportMessage).where(
                    SupportMessage.ticket_id == ticket_id, SupportMessage.kind == MessageKind.ACTIVITY
                )
            ).one()
            ticket = db.get_one(SupportTicket, ticket_id)
            told = dict(
                db.execute(
                    select(DeskEvent.message_id, DeskEvent.seq).where(DeskEvent.kind == "message.created")
                ).all()
            )
            if row.ticket_id == ticket_id:
                assert ticket.unread_count == 1
                assert told[row.id] < told[ended.id]
            else:
                assert row.ticket_id is None
                asked = select(func.count()).where(
                    SupportMessage.contact_id == row.contact_id,
                    SupportMessage.sender_type == SenderType.BOT,
                )
                assert db.scalar(asked) == 1
    cases(rounds)


@pytest.mark.promise("P8")
def test_one_click_is_one_reply(desk: RunningDesk, rounds: int, cases: Callable[[int], None]) -> None:
    desk.deliver(webhook(text_message("Chat Support")))
    desk.settle()
    [ticket] = desk.data("GET", "/api/support/open-tickets")["tickets"]
    path = f"/api/support/tickets/{ticket['id']}/messages"
    for number in range(rounds):
        body = {"message": f"Answer {number}", "client_id": str(uuid.uuid4())}
        answers = at_once([partial(desk.api.post, path, json=body)] * 20)
        assert {each.status_code for each in answers} == {200}
        assert len({each.json()["data"]["id"] for each in answers}) == 1
        assert desk.api.post(path, json=body | {"message": "Something else"}).status_code == 409
    with SessionLocal() as db:
        replies = select(func.count()).where(SupportMessage.sender_type == SenderType.ADMIN)
        assert db.scalar(replies) == rounds
        assert db.scalar(select(func.count(OutboundMessage.id))) == rounds + 1
    # after a burst one customer gets a message every six seconds
    wait_until(lambda: f"Answer {rounds - 1}" in sent_texts(desk), seconds=30 + 6 * rounds)
    assert Counter(text for text in sent_texts(desk) if text.startswith("Answer")) == {
        f"Answer {number}": 1 for number in range(rounds)
    }
    cases(rounds * 20)


def sent_texts(desk: RunningDesk) -> list[str]:
    return [each["body"].get("text", {}).get("body", "") for each in desk.meta.requests()]


@pytest.mark.promise("P4")
def test_a_webhook_delivered_again_after_eight_days_is_still_the_same(desk: RunningDesk) -> None:
    body = webhook(text_message("Chat Support"))
    assert {each.status_code for each in at_once([partial(desk.deliver, body)] * 50)} == {200}
    desk.settle()
    wait_until(lambda: outbox_states() == ["failed"])  # Meta knows no such customer: nothing more is told
    before = everything()
    with SessionLocal() as db, transaction(db):  # as if all of it had been eight days ago
        for event in db.scalars(select(InboundEvent)):
            event.received_at -= EIGHT_DAYS
        for row in db.scalars(select(SupportMessage)):
            row.created_at, row.occurred_at = row.created_at - EIGHT_DAYS, row.occurred_at - EIGHT_DAYS
    assert {each.status_code for each in at_once([partial(desk.deliver, body)] * 50)} == {200}
    desk.settle()
    assert everything() == before


def everything() -> dict[str, int]:
    with SessionLocal() as db:
        return {
            table.__tablename__: db.scalar(select(func.count()).select_from(table)) or 0
            for table in (InboundEvent, Contact, SupportTicket, SupportMessage, DeskEvent, OutboundMessage)
        } | {"unread": db.scalar(select(func.sum(SupportTicket.unread_count))) or 0}


@pytest.mark.promise("P16")
def test_the_thread_stands_in_the_customers_order_whatever_order_it_came_in(
    desk: RunningDesk, exhaustive: bool, cases: Callable[[int], None]
) -> None:
    """Twenty messages, five of one second, three of them two hours late, in random permutations."""
    chance = random.Random(16)  # noqa: S311 - the same orders every time
    permutations = 50 if exhaustive else 8
    for turn in range(permutations):
        phone = f"2348035558{turn:03}"
        desk.open_ticket(f"+{phone}")
        at = 1_790_000_000
        times = [at + 10 * min(n, 10) if n < 15 else at + 10 * n for n in range(20)]
        messages = [text_message(f"{n:02}", number=phone, at=times[n]) for n in range(20)]
        late = chance.sample(range(20), 3)
        first = [each for n, each in enumerate(messages) if n not in late]
        chance.shuffle(first)
        for part in (first[:9], first[9:], [messages[n] for n in late]):
            assert desk.deliver(webhook(*part)).status_code == 200
            desk.settle()
        with SessionLocal() as db:
            contact = select(Contact.id).where(Contact.phone_number == phone).scalar_subquery()
            ticket_id = db.scalars(select(SupportTicket.id).where(SupportTicket.contact_id == contact)).one()
        shown = [desk.ticket(ticket_id)["messages"] for _ in range(2)]
        assert shown[0] == shown[1]
        order = [each["message"] for each in shown[0] if each["sender_type"] == "user"]
        assert sorted(order) == [f"{n:02}" for n in range(20)]
        assert [times[int(text)] for text in order] == sorted(times)
        came = [each["text"]["body"] for each in (*first, *(messages[n] for n in late))]
        same_second = [text for text in order if times[int(text)] == at + 100]
        assert same_second == sorted(same_second, key=came.index)
    cases(permutations)
