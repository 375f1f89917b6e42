import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace

import pytest

from realtime import presence as module
from realtime.bus import PRESENCE, Bus
from realtime.presence import HERE_SECONDS, TYPING_SECONDS, Person, Presence, Sign
from tests.redis_server import RedisServer
from tests.together import wait_until

ADA = Sign(1, "Ada", "tab-1", ticket_id=7)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def presence(clock: Clock) -> Presence:
    return Presence(Bus(""), clock)


def test_a_sign_holds_for_a_while(presence: Presence, clock: Clock) -> None:
    presence.give(replace(ADA, typing=True))
    assert presence.people() == [Person(1, "Ada", (7,), (7,))]
    clock.now += TYPING_SECONDS
    assert presence.people() == [Person(1, "Ada", (7,), ())]
    clock.now += HERE_SECONDS - TYPING_SECONDS - 0.1
    presence.give(ADA)
    clock.now += HERE_SECONDS - 0.1
    assert presence.people() == [Person(1, "Ada", (7,), ())]
    clock.now += 0.1
    assert presence.people() == []


def test_tabs_of_one_person_are_one_person_and_others_are_others(presence: Presence) -> None:
    presence.give(ADA)
    presence.give(replace(ADA, tab="tab-2", ticket_id=9, typing=True))
    presence.give(replace(ADA, tab="tab-3", ticket_id=None, typing=True))
    presence.give(Sign(2, "bola", "tab-1"))
    assert presence.people() == [Person(1, "Ada", (7, 9), (9,)), Person(2, "bola", (), ())]
    presence.give(replace(ADA, ticket_id=8))
    assert presence.people()[0].viewing == (8, 9)


def test_who_goes_is_gone_and_takes_nobody_along(presence: Presence) -> None:
    presence.give(ADA)
    presence.give(Sign(2, "Bola", "tab-1", ticket_id=7))
    presence.give(replace(ADA, gone=True))
    assert [person.name for person in presence.people()] == ["Bola"]


def test_who_is_dropped_goes_with_all_tabs_and_takes_nobody_along(presence: Presence) -> None:
    presence.give(ADA)
    presence.give(replace(ADA, tab="tab-2", ticket_id=9))
    presence.give(Sign(2, "Bola", "tab-1", ticket_id=7))
    presence.drop(1)
    assert [person.name for person in presence.people()] == ["Bola"]


def test_the_memory_has_an_end(presence: Presence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SIGNS", 3)
    for number in range(1, 6):
        presence.give(replace(ADA, tab=f"tab-{number}", ticket_id=number))
    assert presence.people()[0].viewing == (3, 4, 5)


@pytest.fixture
def redis_url() -> Iterator[str]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is missing")
    server = RedisServer()
    yield server.url
    server.stop()


@pytest.mark.parametrize("change", [{"name": None}, {"admin_id": "two"}, {"ticket_id": [7, 8]}])
def test_a_sign_that_means_another_thing_in_another_release_is_none(
    presence: Presence, change: dict[str, object]
) -> None:
    presence._read(json.dumps({"from": "another process", "sign": asdict(ADA)}))
    presence._read(json.dumps({"from": "another process", "sign": asdict(ADA) | {"tab": "tab-2"} | change}))
    assert presence.people() == [Person(1, "Ada", (7,), ())]


def test_other_processes_know_over_redis_and_go_on_without(redis_url: str) -> None:
    buses = [Bus(redis_url), Bus(redis_url)]
    for each in buses:
        each.start()
    try:
        here, there = (Presence(each) for each in buses)
        woken: list[str] = []
        buses[1].listen(PRESENCE, lambda: woken.append("there"))

        def heard() -> bool:
            here.give(ADA)  # until both are connected, a sign may be lost
            return there.people() == [Person(1, "Ada", (7,), ())]

        wait_until(heard)
        assert woken
        here.give(replace(ADA, gone=True))
        wait_until(lambda: there.people() == [])
    finally:
        for each in buses:
            each.stop()
    here.give(ADA)
    assert here.people()
