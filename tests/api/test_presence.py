"""Who is at the desk, told to every dashboard and kept nowhere."""

import asyncio
import json
import uuid
from typing import Any, NoReturn

import pytest
from sqlalchemy.orm import Session

from api import presence_feed
from api.event_stream import EventTail, Listener
from api.presence_feed import PresenceFeed
from models import DeskEvent
from models.admin import Role
from realtime.bus import Bus
from realtime.presence import Presence, Sign
from services import api_token_service, people_service
from services.actor import Caller
from tests.api.test_support import refusal
from tests.desk import count
from tests.factories import make_admin
from tests.running_desk import RunningDesk

PATH = "/api/support/presence"


def test_a_sign_reaches_the_other_dashboards_and_moves_no_cursor(desk: RunningDesk, db: Session) -> None:
    bola = make_admin(db, name="Bola")
    theirs = {"Authorization": f"Bearer {api_token_service.create(db, bola.email, 'tests')[1]}"}
    sign = {"tab": str(uuid.uuid4()), "ticket_id": 7, "typing": True}
    events = count(DeskEvent)
    with desk.api.stream("GET", "/api/events") as stream:
        lines = stream.iter_lines()

        def next_presence() -> Any:
            for line in lines:
                assert not line.startswith("id: ") or line == f"id: {first}"
                if line == "event: presence":
                    return json.loads(next(lines).removeprefix("data: "))["people"]
            raise AssertionError("the stream ended")

        first = next(line for line in lines if line.startswith("id: ")).removeprefix("id: ")
        desk.data("POST", PATH, json=sign, headers=theirs)
        expected = {"admin_id": bola.id, "name": "Bola", "viewing": [7], "typing": [7]}
        while expected not in next_presence():  # who was here before is told first
            pass
        assert expected in desk.data("GET", PATH)["people"]
        desk.data("POST", PATH, json=sign | {"gone": True}, headers=theirs)
        assert all(person["admin_id"] != bola.id for person in next_presence())
    assert count(DeskEvent) == events


def test_what_is_no_sign(desk: RunningDesk) -> None:
    right = {"tab": str(uuid.uuid4())}
    for change in ({"tab": "x"}, {"ticket_id": 0}, {"name": "Somebody else"}, {"admin_id": 1}):
        assert refusal(desk, "POST", PATH, 400, json=right | change) == "malformed_request"


def test_who_is_disabled_is_gone_at_once(desk: RunningDesk, db: Session) -> None:
    bola = make_admin(db, name="Bola", role=Role.AGENT)
    theirs = {"Authorization": f"Bearer {api_token_service.create(db, bola.email, 'tests')[1]}"}
    desk.data("POST", PATH, json={"tab": str(uuid.uuid4()), "ticket_id": 7}, headers=theirs)
    assert bola.id in {each["admin_id"] for each in desk.data("GET", PATH)["people"]}
    people_service.disable(db, Caller(make_admin(db), "127.0.0.1"), bola.id)
    assert bola.id not in {each["admin_id"] for each in desk.data("GET", PATH)["people"]}


def test_what_once_could_not_be_told_does_not_end_the_telling(monkeypatch: pytest.MonkeyPatch) -> None:
    """As without memory for it; it ended in silence, and nobody was seen at the desk until a restart."""
    presence, tail = Presence(Bus("")), EventTail()
    monkeypatch.setattr(presence_feed, "LOOK_SECONDS", 0.01)

    async def tell() -> list[bytes]:
        listener = Listener()
        tail._listeners.add(listener)
        feed = PresenceFeed(presence, tail)
        feed.start()
        await asyncio.sleep(0)
        people, failures = presence.people, [MemoryError(), MemoryError()]
        presence.people = lambda: people() if not failures else raised(failures.pop())  # type: ignore[method-assign]
        presence.give(Sign(1, "Ada", "tab"))
        async with asyncio.timeout(10):
            told = [each for _, each in await listener.fresh()]
        await feed.stop()
        return told

    assert b"Ada" in asyncio.run(tell())[0]


def raised(error: Exception) -> NoReturn:
    raise error
