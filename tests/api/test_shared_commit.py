"""Webhooks that wait together: what they share, and what one of them must not do to the others."""

import asyncio
import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from api import shared_commit
from api.shared_commit import InboxUnavailable, SharedCommit
from models.inbound_event import InboundEvent, InboundState
from services.inbound_event_service import store
from whatsapp.payloads import Item


def body(number: int, filling: str = "") -> bytes:
    message = {"id": f"wamid.{number}", "from": "2348035550142", "type": "text", "text": {"body": filling}}
    value = {"metadata": {"phone_number_id": "1"}, "messages": [message]}
    return json.dumps({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).encode()


def stored(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(InboundEvent)) or 0


async def deliver(bodies: list[bytes]) -> list[BaseException | None]:
    shared = SharedCommit()
    waiting = [asyncio.ensure_future(shared.store(each)) for each in bodies]
    await asyncio.sleep(0)  # all are waiting before the first commit
    shared.start()
    try:
        return await asyncio.gather(*waiting, return_exceptions=True)
    finally:
        await asyncio.to_thread(shared.stop)


def test_all_that_wait_are_stored_when_they_are_answered(db: Session) -> None:
    assert asyncio.run(deliver([body(number) for number in range(50)])) == [None] * 50
    assert stored(db) == 50


def test_more_requests_than_there_is_room_for_are_refused(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_commit, "MOST_WAITING", 3)
    ends = asyncio.run(deliver([body(number) for number in range(5)]))
    assert ends[:3] == [None] * 3
    assert [type(end) for end in ends[3:]] == [InboxUnavailable] * 2
    assert stored(db) == 3


def test_more_bytes_than_there_is_room_for_are_refused(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_commit, "MOST_WAITING_BYTES", 10_000)
    ends = asyncio.run(deliver([body(1, "a" * 9_000), body(2, "b" * 9_000), body(3)]))
    assert ends[:2] == [None, None]
    assert type(ends[2]) is InboxUnavailable
    assert stored(db) == 2


def test_it_is_pressed_while_many_wait_for_their_answers_and_a_moment_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared_commit, "PRESSED_SECONDS", 0.5)  # so that a busy machine sees it

    async def seen_after_a_moment(shared: SharedCommit) -> list[bool]:
        at_once = shared.is_pressed()
        await asyncio.sleep(shared_commit.PRESSED_SECONDS)
        return [at_once, shared.is_pressed()]

    async def seen() -> list[bool]:
        shared = SharedCommit()
        waiting = [asyncio.ensure_future(shared.store(body(number))) for number in range(shared_commit.PRESS)]
        looks = [shared.is_pressed()]
        await asyncio.sleep(0)
        looks += await seen_after_a_moment(shared)
        gone = waiting.pop()  # who does not wait any more presses nobody
        gone.cancel()
        await asyncio.wait([gone])
        looks += await seen_after_a_moment(shared)
        waiting += [asyncio.ensure_future(shared.store(body(100)))]
        await asyncio.sleep(0)
        looks.append(shared.is_pressed())
        shared.start()
        await asyncio.gather(*waiting)
        await asyncio.to_thread(shared.stop)
        return [*looks, *await seen_after_a_moment(shared)]

    assert asyncio.run(seen()) == [False, True, True, True, False, True, True, False]


def test_room_comes_back(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_commit, "MOST_WAITING_BYTES", 100)

    async def one_after_the_other() -> None:
        shared = SharedCommit()
        shared.start()
        for number in range(5):
            await shared.store(body(number, "a" * 500))
        await asyncio.to_thread(shared.stop)

    asyncio.run(one_after_the_other())
    assert stored(db) == 5


def test_a_body_at_fault_does_not_fail_the_others(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses_one(db: Session, found: list[Item]) -> None:
        if any("poison" in item.payload for item in found):
            raise ValueError
        store(db, found)

    monkeypatch.setattr("api.shared_commit.store", refuses_one)
    ends = asyncio.run(deliver([body(1), body(2, "poison"), body(3)]))
    assert [end if end is None else type(end) for end in ends] == [None, InboxUnavailable, None]
    assert stored(db) == 2


@pytest.mark.promise("P3")
def test_a_body_that_cannot_be_stored_as_what_it_is_is_kept_as_it_came(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses_messages(db: Session, found: list[Item]) -> None:
        if any("poison" in item.payload and item.problem is None for item in found):
            raise OperationalError("INSERT", {}, Exception(4025, "CONSTRAINT failed"))
        store(db, found)

    monkeypatch.setattr("api.shared_commit.store", refuses_messages)
    assert asyncio.run(deliver([body(1), body(2, "poison"), body(3)])) == [None, None, None]
    assert stored(db) == 3
    kept = db.scalars(select(InboundEvent).where(InboundEvent.state == InboundState.QUARANTINED)).one()
    assert kept.payload == body(2, "poison").decode()


LOST = OperationalError("COMMIT", {}, Exception(2013, "Lost connection"))


def test_what_cannot_be_stored_now_is_told_in_metas_words() -> None:
    error = InboxUnavailable()
    assert (error.status, error.code) == (503, "inbox_unavailable")
    assert str(error) == "The event could not be stored just now. Deliver it again."
    assert error.headers == {"Retry-After": "5"}


def test_trouble_of_the_database_refuses_all_and_keeps_none(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def lost(_db: Session, found: list[Item]) -> None:
        tries.append(len(found))
        raise LOST

    monkeypatch.setattr("api.shared_commit.store", lost)
    with capture_logs() as logs:
        ends = asyncio.run(deliver([body(1), body(2)]))
    assert [type(end) for end in ends] == [InboxUnavailable] * 2
    assert tries == [2], "one by one would be as vain"
    assert logs == [
        {"event": "webhook.not_stored", "log_level": "error", "requests": 2, "error": "OperationalError"}
    ]
    assert stored(db) == 0


def test_what_can_be_kept_in_no_way_is_left_to_meta(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = []

    def fail(_db: Session, found: list[Item]) -> None:
        problems.append(found[0].problem)
        raise ValueError if found[0].problem is None else KeyError

    monkeypatch.setattr("api.shared_commit.store", fail)
    with capture_logs() as logs:
        [end] = asyncio.run(deliver([body(1)]))
    assert type(end) is InboxUnavailable
    assert problems == [None, "It could not be stored as it is: ValueError."]
    assert logs == [
        {"event": "webhook.not_stored", "log_level": "error", "requests": 1, "error": "ValueError"},
        {"event": "webhook.not_kept", "log_level": "error", "error": "KeyError"},
    ]


def test_the_longest_batch_is_a_commit_and_the_rest_the_next(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = []

    def noted(db: Session, found: list[Item]) -> None:
        commits.append(len(found))
        store(db, found)

    monkeypatch.setattr("api.shared_commit.store", noted)
    monkeypatch.setattr(shared_commit, "MOST_AT_ONCE", 3)
    assert asyncio.run(deliver([body(number) for number in range(7)])) == [None] * 7
    assert commits == [3, 3, 1]


def test_who_does_not_wait_any_more_is_not_stored(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_commit, "PATIENCE_SECONDS", 0.05)

    async def impatient() -> None:
        shared = SharedCommit()
        with pytest.raises(InboxUnavailable):
            await shared.store(body(1))
        monkeypatch.setattr(shared_commit, "PATIENCE_SECONDS", 30)
        waiting = asyncio.ensure_future(shared.store(body(2)))
        await asyncio.sleep(0)
        shared.start()
        await waiting
        await asyncio.to_thread(shared.stop)

    asyncio.run(impatient())
    assert stored(db) == 1


def test_it_goes_on_after_a_time_in_which_all_gave_up(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_commit, "PATIENCE_SECONDS", 0.05)

    async def all_give_up() -> None:
        shared = SharedCommit()
        with pytest.raises(InboxUnavailable):
            await shared.store(body(1))
        monkeypatch.setattr(shared_commit, "PATIENCE_SECONDS", 5)
        shared.start()
        while shared._waiting:  # noqa: ASYNC110 - another thread takes it
            await asyncio.sleep(0.01)
        await shared.store(body(2))
        await asyncio.to_thread(shared.stop)

    asyncio.run(all_give_up())
    assert stored(db) == 1


def test_a_turn_that_fails_is_not_the_last(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_commit, "PATIENCE_SECONDS", 5)
    settle, failures = shared_commit._settle, [MemoryError()]

    def fail_once(batch: list[shared_commit._Waiting], error: Exception | None) -> None:
        if failures:
            raise failures.pop()
        settle(batch, error)

    monkeypatch.setattr(shared_commit, "_settle", fail_once)

    async def twice() -> None:
        shared = SharedCommit()
        first = asyncio.ensure_future(shared.store(body(1)))
        await asyncio.sleep(0)
        shared.start()
        while failures:  # noqa: ASYNC110 - another thread takes it
            await asyncio.sleep(0.01)
        await shared.store(body(2))
        assert not first.done(), "it is told when its patience ends"
        first.cancel()
        await asyncio.to_thread(shared.stop)

    asyncio.run(twice())
    assert stored(db) == 2


def test_it_takes_no_more_once_it_ends_and_can_begin_again(db: Session) -> None:
    async def again() -> None:
        shared = SharedCommit()
        shared.stop()
        shared.start()
        thread = shared._thread
        assert thread is not None
        assert (thread.name, thread.daemon) == ("shared-commit", True)
        assert shared.alive()
        await shared.store(body(1))
        await asyncio.to_thread(shared.stop)
        assert not shared.alive()
        with pytest.raises(InboxUnavailable):
            await shared.store(body(2))
        shared.start()
        await shared.store(body(3))
        await asyncio.to_thread(shared.stop)

    asyncio.run(again())
    assert stored(db) == 2


def test_what_is_refused_takes_no_room(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(body(1))
    monkeypatch.setattr(shared_commit, "MOST_WAITING_BYTES", 2 * size)

    async def fill() -> None:
        shared = SharedCommit()
        waiting = [asyncio.ensure_future(shared.store(body(number))) for number in range(3)]
        await asyncio.sleep(0)
        assert shared._waiting_bytes == 2 * size
        shared.start()
        ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(end) for end in ends] == [type(None), type(None), InboxUnavailable]
        assert shared._waiting_bytes == 0
        await asyncio.to_thread(shared.stop)

    asyncio.run(fill())
