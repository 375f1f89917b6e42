"""Who is at the desk, and on which ticket they look and write: known for a moment, kept nowhere.

Each open dashboard gives a sign of life now and then. A sign that is not given again runs out, so that
nothing has to be cleared up after a browser that died, a process that stopped or a Redis that is away;
without Redis each process knows of its own dashboards alone.
"""

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from realtime.bus import PRESENCE, Bus, bus

HERE_SECONDS = 100.0
"""Longer than a browser lets a tab out of sight sleep: it wakes it once a minute."""
TYPING_SECONDS = 8.0
MOST_SIGNS = 2_000
"""Open dashboards that are known at once; of more the oldest signs are forgotten."""


@dataclass(frozen=True)
class Sign:
    """What one dashboard says of itself; `tab` tells it from the same admin's others."""

    admin_id: int
    name: str
    tab: str
    ticket_id: int | None = None
    typing: bool = False
    gone: bool = False


@dataclass(frozen=True)
class Person:
    """An admin with what all their dashboards show."""

    admin_id: int
    name: str
    viewing: tuple[int, ...]
    typing: tuple[int, ...]


class Presence:
    """The signs that still hold. Whoever listens is called on the thread that gives a sign."""

    def __init__(self, bus: Bus, clock: Callable[[], float] = time.monotonic) -> None:
        self._bus = bus
        self._clock = clock
        self._here = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._signs: dict[tuple[int, str], tuple[Sign, float]] = {}
        bus.read(PRESENCE, self._read)

    def give(self, sign: Sign) -> None:
        """Take a sign of a dashboard of this process, and tell the other processes."""
        self._take(sign)
        self._bus.sign(PRESENCE, json.dumps({"from": self._here, "sign": asdict(sign)}))

    def drop(self, admin_id: int) -> None:
        """Take an admin with all their dashboards away, here and in the other processes."""
        with self._lock:
            theirs = [sign for sign, _ in self._signs.values() if sign.admin_id == admin_id]
        for sign in theirs:
            self.give(replace(sign, gone=True))

    def people(self) -> list[Person]:
        """All who are at the desk now, by name."""
        now = self._clock()
        with self._lock:
            held = [(sign, now - at) for sign, at in self._signs.values() if now - at < HERE_SECONDS]
        names = {sign.admin_id: sign.name for sign, _ in held}
        people = []
        for admin_id, name in names.items():
            theirs = [each for each in held if each[0].admin_id == admin_id and each[0].ticket_id is not None]
            viewing = {sign.ticket_id or 0 for sign, _ in theirs}
            typing = {sign.ticket_id or 0 for sign, age in theirs if sign.typing and age < TYPING_SECONDS}
            people.append(Person(admin_id, name, tuple(sorted(viewing)), tuple(sorted(typing))))
        return sorted(people, key=lambda person: (person.name.casefold(), person.admin_id))

    def _take(self, sign: Sign) -> None:
        key = (sign.admin_id, sign.tab)
        with self._lock:
            self._signs.pop(key, None)
            if not sign.gone:
                self._signs[key] = (sign, self._clock())
            while len(self._signs) > MOST_SIGNS:
                del self._signs[next(iter(self._signs))]
        self._bus.wake_here(PRESENCE)

    def _read(self, words: str) -> None:
        told = json.loads(words)
        if told["from"] != self._here:  # one's own come back late, after newer ones
            sign = Sign(**told["sign"])
            kinds = (sign.admin_id, int), (sign.name, str), (sign.tab, str), (sign.ticket_id, int | None)
            # another release may mean another thing by them
            if all(isinstance(value, kind) for value, kind in kinds):
                self._take(sign)


presence = Presence(bus)
