"""How long WhatsApp is left alone after what it answered. The seconds are of no clock."""

import pytest
from sqlalchemy.orm import Session

from models.media_file import MediaState
from services.media_storage import MediaStorage
from tests.pretend_media import File, PretendMedia, photo
from tests.worker.media_desk import fetching, now, pass_time, receive, wait_for
from tests.worker.outbox_desk import wait_until
from worker import media_brake
from worker.media_brake import Brake


def length_of_pause(brake: Brake, began: int) -> int:
    return next(seconds for seconds in range(4000) if not brake.is_shut(began + seconds))


def test_who_wants_fewer_requests_is_left_alone_for_longer_each_time() -> None:
    brake, at, pauses = Brake(), 0, []
    for _ in range(7):
        for _together in range(4):
            brake.limited(at)
        pauses.append(length_of_pause(brake, at))
        at += pauses[-1]
    assert pauses == [10, 30, 90, 270, 600, 600, 600]
    brake.answered(at)
    brake.limited(at)
    assert length_of_pause(brake, at) == 10


def test_one_file_that_may_not_be_asked_for_yet_holds_up_the_others_only_shortly(
    db: Session, graph: PretendMedia, storage: MediaStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_brake, "FIRST_LIMIT_SECONDS", 0.5)
    _, bad = receive(db, graph, File(photo()))
    graph.describe = lambda media_id, number: "429" if media_id == bad.provider_media_id else None
    with fetching(graph, storage):
        wait_until(lambda: now(bad).error is not None)
        _, good = receive(db, graph, File(photo()))
        wait_for(good, MediaState.STORED)
    assert graph.asked[str(bad.provider_media_id)] == 1


def test_a_token_that_is_bad_for_days_uses_up_no_files_tries(
    db: Session, graph: PretendMedia, storage: MediaStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_brake, "FIRST_PAUSE_SECONDS", 0.01)
    _, row = receive(db, graph, File(photo()))
    graph.describe = lambda media_id, number: "401" if number <= 12 else None
    with fetching(graph, storage):
        for asked in range(1, 13):
            wait_until(lambda asked=asked: graph.asked.total() == asked and now(row).error is not None)  # type: ignore[misc]
            assert (now(row).state, now(row).attempts) == (MediaState.PENDING, 1)
            pass_time(db, row, hours=2)
        row = wait_for(row, MediaState.STORED)
    assert row.attempts == 2


def test_files_that_are_refused_where_they_lie_say_nothing_of_the_token(
    db: Session, graph: PretendMedia, storage: MediaStorage
) -> None:
    bad = [receive(db, graph, File(photo()))[1] for _ in range(3)]
    names = {row.provider_media_id for row in bad}
    graph.download = lambda media_id, number: "403" if media_id in names else None
    with fetching(graph, storage):
        wait_until(lambda: all(now(row).error for row in bad))
        _, good = receive(db, graph, File(photo()))
        wait_for(good, MediaState.STORED)
    assert now(bad[0]).error == "WhatsApp does not give the file. It is fetched again by itself."
