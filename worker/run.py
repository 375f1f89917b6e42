"""The workers of a process: the inbox, the outbox, the files, the calls beside messages, and the clock."""

import signal
import threading
from collections.abc import Callable

import structlog

from config.settings import get_settings
from realtime.bus import GRAPH_TASKS, MEDIA, OUTBOX, bus
from services import media_storage
from whatsapp.client import WhatsAppClient
from whatsapp.media import MediaClient
from worker.clock import Clock
from worker.graph_tasks import GraphTasks
from worker.inbox import Inbox
from worker.media import MediaFetcher
from worker.outbox import Outbox

STOP_SECONDS = 30.0
LOOK_SECONDS = 5.0

log = structlog.get_logger()


class Workers:
    """Everything that works off the queues in this process; `is_pressed` by webhooks, the inbox pauses."""

    def __init__(self, is_pressed: Callable[[], bool] = lambda: False) -> None:
        self._inbox = Inbox(is_pressed=is_pressed)
        self._clock = Clock()
        settings = get_settings()
        self._outbox = Outbox(WhatsAppClient.from_settings(settings), MediaClient.from_settings(settings))
        self._graph_tasks = GraphTasks(WhatsAppClient.from_settings(settings))
        self._media = MediaFetcher(MediaClient.from_settings(settings))
        self._end_listening: list[Callable[[], None]] = []

    def start(self) -> None:
        """Begin to work."""
        self._end_listening = [
            bus.listen(OUTBOX, self._outbox.wake),
            bus.listen(GRAPH_TASKS, self._graph_tasks.wake),
            bus.listen(MEDIA, self._media.wake),
        ]
        self._inbox.start()
        self._outbox.start()
        self._graph_tasks.start()
        self._media.start()
        self._clock.start()

    def stop(self) -> None:
        """Finish what is under way; the rest stays in the queues.

        All at once: where one waits for an answer of WhatsApp, the others would go on beginning new work, and
        together they would take longer than whoever stops us has patience.
        """
        stopping = []
        for part in self._parts():
            thread = threading.Thread(target=part.stop, args=(STOP_SECONDS,))
            try:
                thread.start()
            except RuntimeError:  # there is no room for a thread; late is better than in the middle
                part.stop(STOP_SECONDS)
            else:
                stopping.append(thread)
        for thread in stopping:
            thread.join()
        for end in self._end_listening:
            end()

    def alive(self) -> bool:
        """Whether all of them run."""
        return all(part.alive() for part in self._parts())

    def _parts(self) -> tuple[Inbox, Outbox, GraphTasks, MediaFetcher, Clock]:
        return self._inbox, self._outbox, self._graph_tasks, self._media, self._clock


def run_forever() -> bool:
    """Work until SIGTERM or SIGINT; False where a part of the work ended by itself.

    This process has nothing else to do, and another in its place has all parts again.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    media_storage.prepare()
    bus.start()
    workers = Workers()
    workers.start()
    whole = True
    while whole and not stop.wait(LOOK_SECONDS):
        whole = workers.alive()
    if not whole:
        log.critical("worker.ended")
    workers.stop()
    bus.stop()
    return whole
