import threading
from collections.abc import Callable
from functools import partial

import pytest
from pydantic import SecretStr
from sqlalchemy.orm import Session

from config.loop_watch import LoopWatch
from tests.pretend_graph import PretendGraph
from tests.worker.outbox_desk import make_outbox, wait_until
from whatsapp.client import WhatsAppClient
from whatsapp.media import MediaClient
from worker import run
from worker.clock import Clock
from worker.graph_tasks import GraphTasks
from worker.inbox import Inbox
from worker.media import MediaFetcher
from worker.outbox import Outbox

Part = Outbox | GraphTasks | MediaFetcher


def make_graph_tasks(url: str) -> GraphTasks:
    return GraphTasks(WhatsAppClient(url, "v25.0", SecretStr("token")))


def make_media_fetcher(url: str) -> MediaFetcher:
    return MediaFetcher(MediaClient(url, "v25.0", SecretStr("token")))


def test_a_worker_of_which_a_part_ended_makes_room_for_another(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever keeps it running starts a whole one; this one would look alive, and leave the inbox."""
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(Inbox, "_run", lambda _: None)
    assert not run.run_forever()


def test_all_parts_are_told_to_stop_before_one_is_waited_for(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each may wait half a minute for WhatsApp; one after the other they would be killed in the middle."""
    together = threading.Barrier(5)
    met = []
    for part in (Inbox, Outbox, GraphTasks, MediaFetcher, Clock):

        def stop(*given: object, stop: Callable[..., None] = part.stop) -> None:
            met.append(together.wait(20))
            stop(*given)

        monkeypatch.setattr(part, "stop", stop)
    workers = run.Workers()
    workers.start()
    workers.stop()
    assert sorted(met) == [0, 1, 2, 3, 4]


def test_all_parts_stop_where_there_is_no_room_for_a_thread(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    workers = run.Workers()
    workers.start()
    monkeypatch.setattr(threading.Thread, "start", no_room)
    workers.stop()
    assert not any(part.alive() for part in workers._parts())


@pytest.mark.parametrize("make", [make_outbox, make_graph_tasks, make_media_fetcher])
def test_a_part_that_stands_still_ends_its_process(
    db: Session, monkeypatch: pytest.MonkeyPatch, make: Callable[[str], Part]
) -> None:
    """Its thread looks alive, and nothing leaves any more, or no file comes."""
    ended = threading.Event()
    with PretendGraph() as graph:
        part = make(graph.url)
        watch = partial(LoopWatch, 0.1, 5, ended.set)
        monkeypatch.setattr(f"{type(part).__module__}.LoopWatch", watch)
        part.start()
        wait_until(lambda: part._loop is not None)
        assert part._loop is not None
        free = threading.Event()
        part._loop.call_soon_threadsafe(free.wait, 30)
        is_ended = ended.wait(20)
        free.set()
        part.stop()
    assert is_ended
