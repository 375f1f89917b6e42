"""Following is fetching: what was seen once and then told of changes is what a fresh fetch shows."""

import json
import random
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from config.database import SessionLocal
from realtime.events import last_seq
from services import outbound_message_service
from tests.faults.scenario import nothing_under_way
from tests.running_desk import RunningDesk
from tests.together import wait_until

WRITERS = 3
Shown = dict[int, dict[str, Any]]


def newest() -> int:
    with SessionLocal() as db:
        return last_seq(db)


class View:
    """A dashboard's: tickets and the messages of each, by their ids, up to a cursor."""

    def __init__(self, desk: RunningDesk) -> None:
        self.cursor = newest()
        self.tickets: Shown = {}
        self.messages: dict[int, Shown] = {}
        for each in desk.data("GET", "/api/support/tickets?limit=100")["tickets"]:
            self.messages[each["id"]] = {row["id"]: row for row in desk.ticket(each["id"])["messages"]}
            self.tickets[each["id"]] = each

    def take(self, kind: str, data: Any) -> None:
        """As the documentation of the events says."""
        if kind.startswith("message."):
            self.messages.setdefault(data["ticket_id"], {})[data["message"]["id"]] = data["message"]
        elif "ticket" in data:
            ticket = data["ticket"]
            self.messages.setdefault(ticket["id"], {})
            self.tickets[ticket["id"]] = ticket

    def follow(self, desk: RunningDesk, chance: random.Random, until: int) -> None:
        """Read the stream up to this change, hanging up now and then, and resuming at the cursor."""
        while self.cursor < until:
            patience = chance.randint(1, 40)
            with desk.api.stream("GET", f"/api/events?cursor={self.cursor}", timeout=20) as answer:
                for number, (cursor, kind, data) in enumerate(events(answer)):
                    self.cursor = cursor
                    if kind not in ("", "ready"):
                        self.take(kind, data)
                    if number == patience or self.cursor >= until:
                        break

    def differences(self, fresh: "View") -> Iterator[str]:
        """Between this and what has been fetched now."""
        for name in ("tickets", "messages"):
            own, other = getattr(self, name), getattr(fresh, name)
            if own.keys() != other.keys():
                yield f"{name}: {own.keys() ^ other.keys()}"
            for key in own.keys() & other.keys():
                parts = own[key].keys() | other[key].keys()
                for part in parts:
                    if own[key].get(part) != other[key].get(part):
                        yield f"{name} {key}: {own[key].get(part)} is {other[key].get(part)}"


def events(answer: httpx2.Response) -> Iterator[tuple[int, str, Any]]:
    """Cursor, kind and content of each; a frame without a kind only moves the cursor."""
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
            continue
        if "id" in fields:
            yield int(fields["id"]), fields.get("event", ""), json.loads(fields.get("data", "null"))
        fields = {}


class Desk:
    """What people and customers do, each act chosen by chance."""

    def __init__(self, desk: RunningDesk, chance: random.Random) -> None:
        self.desk, self.chance = desk, chance
        self.customers = [str(n) for n in (1, 2, 3)]
        self.tags = [self.call("POST", "/tags", name=f"Tag {n}")["id"] for n in range(2)]

    def call(self, method: str, path: str, **body: Any) -> Any:
        """What the desk refuses changes nothing, and is no matter here."""
        answer = self.desk.api.request(method, f"/api/support{path}", json=body)
        assert answer.status_code < 500, answer.text
        return answer.json().get("data")

    def ticket(self) -> dict[str, Any]:
        tickets: list[dict[str, Any]] = self.desk.data("GET", "/api/support/tickets?limit=100")["tickets"]
        return self.chance.choice(tickets)

    def act(self, _number: int) -> None:
        often = [self.customer_writes, self.admin_answers, self.ticket_changes]
        seldom = [self.admin_notes, self.read, self.contact_changes, self.retry]
        self.chance.choice([*often, *often, *seldom])()

    def customer_writes(self) -> None:
        self.desk.meta.write(
            self.chance.choice(["Hello", "Chat Support", "Still broken"]), self.chance.choice(self.customers)
        )

    def admin_answers(self) -> None:
        self.call(
            "POST",
            f"/tickets/{self.ticket()['id']}/messages",
            message="Try this",
            client_id=str(uuid.uuid4()),
        )

    def admin_notes(self) -> None:
        self.call("POST", f"/tickets/{self.ticket()['id']}/notes", message="Rude")

    def ticket_changes(self) -> None:
        changes: list[dict[str, Any]] = [
            {"status": self.chance.choice(["OPEN", "IN_PROGRESS", "RESOLVED", "CLOSED"])},
            {"priority": self.chance.choice(["LOW", "HIGH"])},
            {"assigned_admin_id": self.chance.choice([1, None])},
            {"add_tag_ids": self.tags[:1]},
            {"add_tag_ids": self.tags[1:], "remove_tag_ids": self.tags[:1]},
        ]
        change = self.chance.choice(changes)
        self.call("PATCH", f"/tickets/{self.ticket()['id']}", **change)

    def read(self) -> None:
        self.call("POST", f"/tickets/{self.ticket()['id']}/read")

    def contact_changes(self) -> None:
        contact = self.ticket()["contact_id"]
        name = self.chance.choice(["Amara", "Amara O.", "Bola"])
        self.call("PATCH", f"/contacts/{contact}", **self.chance.choice([{"name": name}, {"note": name}]))

    def retry(self) -> None:
        ticket = self.desk.ticket(self.ticket()["id"])
        rows = [row["id"] for row in ticket["messages"] if row["sender_type"] == "admin"]
        if rows:
            self.call("POST", f"/tickets/{ticket['id']}/messages/{self.chance.choice(rows)}/retry")


def settle(desk: RunningDesk, acts: int) -> None:
    """Wait until all is told: of many answers to one customer the last go out one in six seconds."""

    def done() -> bool:
        told = nothing_under_way() and desk.meta.has_nothing_to_tell()
        return told and nothing_under_way()

    wait_until(done, seconds=30 + acts)


def go_on(desk: RunningDesk, seed: int, acts: int) -> list[str]:
    """Three at a time act by chance while two follow; what these show in the end, and should not."""
    chance = random.Random(seed)  # noqa: S311 - the same choices every time
    people = Desk(desk, chance)
    for customer in people.customers:
        desk.meta.write("Chat Support", customer)
    wait_until(lambda: len(desk.data("GET", "/api/support/tickets")["tickets"]) == len(people.customers))
    views = [View(desk) for _ in range(2)]
    desk.meta.misbehave(sends={"drop_answer": True, "times": 3})
    with ThreadPoolExecutor(WRITERS) as pool:
        done = [pool.submit(people.act, number) for number in range(acts)]
        for view in views:
            view.follow(desk, chance, newest())
        for each in done:
            each.result()
    settle(desk, acts)
    for view in views:
        view.follow(desk, chance, newest())
    for customer in people.customers:  # who reads last changes what was shown long ago
        desk.meta.post(f"/customers/{customer}/open")
    settle(desk, acts)
    fresh = View(desk)
    while fresh.cursor != newest():  # a status came while it was fetched
        fresh = View(desk)
    for view in views:
        view.follow(desk, chance, fresh.cursor)
    return [difference for view in views for difference in view.differences(fresh)]


@pytest.mark.promise("P17")
@pytest.mark.parametrize("seed", [17, 71])
def test_following_is_fetching(
    desk: RunningDesk, seed: int, exhaustive: bool, cases: Callable[[int], None]
) -> None:
    acts = 1000 if exhaustive else 60
    assert go_on(desk, seed, acts) == []
    cases(acts)


@pytest.mark.promise("P17")
def test_a_desk_that_keeps_a_change_to_itself_is_found_out(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound_message_service, "tell_desk", lambda db, ids: None)
    assert go_on(desk, 17, 30)
