"""Wake-ups: whoever waits for new rows hears at once that there are some.

A wake-up carries no data and may be lost; the rows are in the database and everyone also polls, slowly.
A sign carries a few words that nobody keeps, and may be lost as well: whoever gives one gives it again.
Within a process both are a call; with REDIS_URL they also reach the other processes.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable

import redis
import structlog

from config.settings import get_settings

EVENTS = "events"
GRAPH_TASKS = "graph_tasks"
INBOX = "inbox"
MEDIA = "media"
OUTBOX = "outbox"
PRESENCE = "presence"
TOPICS = (EVENTS, GRAPH_TASKS, INBOX, MEDIA, OUTBOX)

CHANNEL = "chat-support:wake"
RECONNECT_SECONDS = 2.0
REDIS_TIMEOUT_SECONDS = 1.0
SILENCE_SECONDS = 5.0
"""After so long without a word Redis is asked for one, and after as long again the line counts as dead: what
lies between may keep it open with nobody behind it, and the other processes would not be heard any more."""

LONGEST_REST_SECONDS = 0.05
"""Who was woken for a little rests as long as the work took, at most so long. An act for one costs the CPU as
much as one for twenty: under load more gathers meanwhile, and a change that comes alone waits for nothing."""

MOST_WAITING = 1_000
"""Signs that wait for Redis; more of them than that are old news."""

log = structlog.get_logger()


def rest(began: float, longest: float = LONGEST_REST_SECONDS) -> float:
    """Seconds to rest after work that began then, by `time.monotonic`."""
    return min(time.monotonic() - began, longest)


class Bus:
    """Topics and who is woken by them. Listeners are called on the waking thread: they must only signal."""

    def __init__(self, redis_url: str) -> None:
        self._listeners: dict[str, list[Callable[[], object]]] = defaultdict(list)
        self._readers: dict[str, list[Callable[[str], object]]] = defaultdict(list)
        self._redis_url = redis_url
        self._outgoing: dict[str, None] = {}
        self._has_outgoing = threading.Condition()
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def listen(self, topic: str, listener: Callable[[], object]) -> Callable[[], None]:
        """Call the listener at each wake-up of the topic; returns what ends it."""
        self._listeners[topic].append(listener)
        return lambda: self._listeners[topic].remove(listener)

    def read(self, topic: str, reader: Callable[[str], object]) -> None:
        """Call the reader with every sign of the topic; over Redis one's own come back as well."""
        self._readers[topic].append(reader)

    def wake(self, topic: str) -> None:
        """Wake the listeners of this process now, and those of the others as soon as Redis takes it."""
        self._call(topic)
        self._tell_others(topic)

    def wake_here(self, topic: str) -> None:
        """Wake the listeners of this process alone."""
        self._call(topic)

    def sign(self, topic: str, words: str) -> None:
        """Give the words to the readers of the other processes, as soon as Redis takes them or never."""
        self._tell_others(f"{topic} {words}")

    def _tell_others(self, message: str) -> None:
        if self._threads:
            with self._has_outgoing:
                if len(self._outgoing) < MOST_WAITING:
                    self._outgoing[message] = None
                self._has_outgoing.notify()

    def start(self) -> None:
        """Connect to the other processes, if there is a Redis. It may come and go."""
        if self._redis_url and not self._threads:
            self._stopped.clear()
            self._threads = [
                threading.Thread(target=self._forever, args=(step,), name=f"bus-{name}", daemon=True)
                for name, step in (("publish", self._publish), ("subscribe", self._subscribe))
            ]
            for thread in self._threads:
                thread.start()

    def stop(self) -> None:
        """Leave the other processes."""
        self._stopped.set()
        with self._has_outgoing:
            self._has_outgoing.notify()
        for thread in self._threads:
            thread.join(timeout=2 * REDIS_TIMEOUT_SECONDS)
        self._threads = []

    def _call(self, message: str) -> None:
        topic, is_sign, words = message.partition(" ")
        if is_sign:
            for reader in list(self._readers[topic]):
                reader(words)
        else:
            for listener in list(self._listeners[topic]):
                listener()

    def _hear(self, message: bytes) -> None:
        try:
            self._call(message.decode())
        except Exception as error:  # noqa: BLE001 - of another program, or of another release of this one
            log.warning("redis.message_not_understood", error=type(error).__name__)

    def _connect(self) -> redis.Redis:
        return redis.Redis.from_url(
            self._redis_url,
            socket_timeout=REDIS_TIMEOUT_SECONDS,
            socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        )

    def _forever(self, step: Callable[[redis.Redis], None]) -> None:
        while not self._stopped.is_set():
            try:
                with self._connect() as connection:
                    step(connection)
            except Exception as error:  # noqa: BLE001 - whatever is the matter, it may be over in a moment
                log.warning("redis.unreachable", error=type(error).__name__)
                self._stopped.wait(RECONNECT_SECONDS)

    def _publish(self, connection: redis.Redis) -> None:
        while not self._stopped.is_set():
            with self._has_outgoing:
                self._has_outgoing.wait_for(lambda: self._outgoing or self._stopped.is_set())
                messages, self._outgoing = self._outgoing, {}
            for message in messages:
                connection.publish(CHANNEL, message)

    def _subscribe(self, connection: redis.Redis) -> None:
        with connection.pubsub(ignore_subscribe_messages=True) as subscription:
            subscription.subscribe(CHANNEL)
            for topic in TOPICS:  # what was missed while the connection was gone
                self._call(topic)
            heard, is_asked = time.monotonic(), False
            while not self._stopped.is_set():
                message = subscription.get_message(timeout=REDIS_TIMEOUT_SECONDS / 2)
                if message is not None:  # the answer to a ping is one as well
                    self._hear(bytes(message["data"]))
                elif time.monotonic() - heard <= SILENCE_SECONDS:
                    continue
                elif is_asked:
                    raise redis.TimeoutError("Redis does not answer on this line any more.")
                else:
                    subscription.ping()
                heard, is_asked = time.monotonic(), message is None


bus = Bus(get_settings().redis_url)
