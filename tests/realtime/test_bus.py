import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import redis
from structlog.testing import capture_logs

from config.settings import ROOT
from realtime import bus as bus_module
from realtime.bus import EVENTS, INBOX, LONGEST_REST_SECONDS, OUTBOX, Bus, rest
from realtime.presence import Presence
from tests.faults.proxy import Fault, FaultProxy
from tests.redis_server import RedisServer
from tests.together import wait_until


class Ear:
    """Counts the wake-ups of each topic."""

    def __init__(self, bus: Bus) -> None:
        self.heard: Counter[str] = Counter()
        for topic in (EVENTS, INBOX, OUTBOX):
            bus.listen(topic, partial(self.heard.update, [topic]))


@contextmanager
def started(url: str) -> Iterator[Bus]:
    bus = Bus(url)
    bus.start()
    try:
        yield bus
    finally:
        bus.stop()


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is missing")
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _brisk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bus_module, "RECONNECT_SECONDS", 0.05)
    with capture_logs():
        yield


def hears(ear: Ear, bus: Bus, topic: str = EVENTS) -> None:
    """Wait until a wake-up from this bus is heard; until both are connected, one may be lost."""
    before = ear.heard[topic]

    def woken() -> bool:
        bus.wake(topic)
        return ear.heard[topic] > before

    wait_until(woken)


@pytest.mark.parametrize("start", [False, True])
def test_within_a_process_a_wake_up_is_a_call(start: bool) -> None:
    bus = Bus("")
    if start:
        bus.start()
    ear = Ear(bus)
    bus.wake(EVENTS)
    bus.wake(EVENTS)
    bus.wake(INBOX)
    bus.wake("a topic nobody listens to")
    assert ear.heard == {EVENTS: 2, INBOX: 1}
    bus.stop()


def test_who_has_stopped_listening_hears_no_more() -> None:
    bus = Bus("")
    heard: list[int] = []
    ends = [bus.listen(EVENTS, partial(heard.append, number)) for number in (1, 2)]
    bus.wake(EVENTS)
    ends[0]()
    bus.wake(EVENTS)
    ends[1]()
    bus.wake(EVENTS)
    assert heard == [1, 2, 2]


def test_a_listener_may_leave_while_it_is_woken() -> None:
    bus = Bus("")
    heard: list[str] = []

    def leave() -> None:
        heard.append("first")
        end()

    end = bus.listen(EVENTS, leave)
    bus.listen(EVENTS, lambda: heard.append("second"))
    bus.wake(EVENTS)
    bus.wake(EVENTS)
    assert heard == ["first", "second", "second"]


def test_many_threads_listen_wake_and_leave() -> None:
    bus = Bus("")
    heard: list[int] = []
    bus.listen(EVENTS, lambda: heard.append(1))

    def come_and_go() -> None:
        for _ in range(200):
            end = bus.listen(EVENTS, lambda: None)
            bus.wake(EVENTS)
            end()

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 800


def test_wake_ups_reach_other_instances_under_their_topic(server: RedisServer) -> None:
    with started(server.url) as one, started(server.url) as two:
        ears = {one: Ear(one), two: Ear(two)}
        hears(ears[two], one)
        hears(ears[one], two)
        wait_until(lambda: not one._outgoing)
        quiet = ears[two].heard[OUTBOX]
        hears(ears[two], one, INBOX)
        assert ears[two].heard[OUTBOX] == quiet


def test_a_wake_up_is_a_call_at_once_also_with_redis(server: RedisServer) -> None:
    with started(server.url) as bus:
        here: list[str] = []
        bus.listen(OUTBOX, lambda: here.append(threading.current_thread().name))
        bus.wake(OUTBOX)
        assert threading.current_thread().name in here


def test_wake_ups_cross_processes(server: RedisServer) -> None:
    program = (
        "import sys, time\n"
        "from realtime.bus import INBOX, Bus\n"
        "bus = Bus(sys.argv[1])\n"
        "bus.start()\n"
        "while True:\n"
        "    bus.wake(INBOX)\n"
        "    time.sleep(0.05)\n"
    )
    bus = Bus(server.url)
    ear = Ear(bus)
    bus.start()
    try:
        wait_until(lambda: ear.heard[INBOX] > 0)  # its own, at the connection
        before = ear.heard[INBOX]
        other = subprocess.Popen([sys.executable, "-c", program, server.url], cwd=ROOT)
        try:
            wait_until(lambda: ear.heard[INBOX] > before)
        finally:
            other.kill()
            other.wait()
    finally:
        bus.stop()


def test_what_was_missed_before_the_connection_is_made_up_for(server: RedisServer) -> None:
    bus = Bus(server.url)
    ear = Ear(bus)
    bus.start()
    wait_until(lambda: set(ear.heard) == {EVENTS, INBOX, OUTBOX})
    bus.stop()


@pytest.mark.promise("P24")
def test_redis_may_be_killed_and_come_back(server: RedisServer) -> None:
    with started(server.url) as one, started(server.url) as two:
        ear = Ear(two)
        hears(ear, one)
        for _ in range(2):
            server.kill()
            here = Ear(one)
            one.wake(EVENTS)
            assert here.heard == {EVENTS: 1}
            server.start()
            hears(ear, one)


@pytest.mark.promise("P24")
def test_a_line_that_fell_silent_is_left_for_another(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_module, "SILENCE_SECONDS", 0.2)
    port = int(server.url.rsplit(":", 1)[1].split("/")[0])
    with (
        FaultProxy(port) as proxy,
        started(server.url) as one,
        started(f"redis://127.0.0.1:{proxy.port}/0") as two,
    ):
        ear = Ear(two)
        hears(ear, one)
        proxy.become(Fault.BLACKHOLE)
        proxy.become(Fault.NONE)  # what was open stays dead
        hears(ear, one)
        with capture_logs() as said:
            time.sleep(2)  # one that is quiet because there is nothing to say is kept
        assert said == []


@pytest.mark.promise("P24")
def test_without_redis_everything_else_goes_on_and_it_stops() -> None:
    with started("redis://127.0.0.1:9/0") as bus:
        ear = Ear(bus)
        for _ in range(100):
            bus.wake(INBOX)
        assert ear.heard == {INBOX: 100}
    assert not any(thread.name.startswith("bus-") for thread in threading.enumerate())


def test_it_may_start_again_after_it_has_stopped(server: RedisServer) -> None:
    bus = Bus(server.url)
    ear = Ear(bus)
    for _ in range(2):
        bus.start()
        bus.start()
        hears(ear, bus)
        assert len([each for each in threading.enumerate() if each.name.startswith("bus-")]) == 2
        bus.stop()
        assert not any(thread.name.startswith("bus-") for thread in threading.enumerate())


def test_the_rest_is_as_long_as_the_work_and_never_long() -> None:
    assert 0.01 <= rest(time.monotonic() - 0.01) < LONGEST_REST_SECONDS
    assert rest(time.monotonic() - 10) == LONGEST_REST_SECONDS
    assert rest(time.monotonic() - 10, 0.01) == 0.01


@pytest.mark.parametrize("words", [b"\xff", b"presence no JSON", b'presence {"from": "x", "sign": {"a": 1}}'])
def test_what_is_not_understood_is_passed_over(server: RedisServer, words: bytes) -> None:
    with started(server.url) as one, started(server.url) as two:
        Presence(two)
        ear = Ear(two)
        hears(ear, one)
        with redis.Redis.from_url(server.url) as stranger:
            stranger.publish(bus_module.CHANNEL, words)
        two.wake(OUTBOX)
        hears(ear, one)
        assert all(thread.is_alive() for thread in two._threads)


def test_something_that_is_no_redis_is_tried_again() -> None:
    with started("not an address") as bus:
        time.sleep(0.2)
        assert all(thread.is_alive() for thread in bus._threads)
