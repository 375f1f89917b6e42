"""SIGKILL at the events of the database, one after the other: nothing lost, nothing twice, nothing stuck."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.checker import Promised
from tests.faults.processes import WEBHOOK, desks
from tests.faults.scenario import Talk
from tests.pretend_meta import PretendMeta


def enumerate_kills(
    meta: PretendMeta,
    folder: Path,
    step: int,
    broken: str = "",
    first: int = 1,
    act: Callable[[Talk], None] = Talk.go_on,
) -> tuple[int, list[str]]:
    """Kill at the event `first` of the act, the one `step` later…, until one comes too late or breaks it.

    Gives the number of kills, and what was broken.
    """
    others = Promised()
    with desks(meta.graph_url, folder, broken=broken) as [process]:
        meta.point_at(process.url + WEBHOOK)
        kills, event = 0, first
        while True:
            talk = Talk(process, meta)
            process.kill_at(event)
            act(talk)
            process.spare()
            found = talk.violations(others)
            talk.forget()
            if found or not talk.deaths:
                return kills, found
            kills += 1
            event += step


@pytest.mark.promise("P1", "P7", "P9")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("act", "quick_step"), [(Talk.go_on, 19), (Talk.go_on_in_bulk, 101)])
def test_a_kill_at_any_event_loses_and_repeats_nothing(
    pretend_meta: PretendMeta,
    tmp_path: Path,
    act: Callable[[Talk], None],
    quick_step: int,
    exhaustive: bool,
    cases: Callable[[int], None],
) -> None:
    """`--exhaustive` takes every event, of some five hundred and of a thousand."""
    step = 1 if exhaustive else quick_step
    kills, found = enumerate_kills(pretend_meta, tmp_path, step, act=act)
    assert found == []
    assert kills * step > 100
    cases(kills)


@pytest.mark.promise("P1", "P10")
@pytest.mark.parametrize(
    ("broken", "first", "step", "words"),
    [
        ("answer_before_storing", 1, 1, "is in the thread 0 times"),
        ("send_again", 100, 5, "went out 2 times"),  # nothing is sent before
    ],
)
def test_the_checker_catches_a_desk_that_breaks_its_word(
    pretend_meta: PretendMeta, tmp_path: Path, broken: str, first: int, step: int, words: str
) -> None:
    _, found = enumerate_kills(pretend_meta, tmp_path, step, broken, first)
    assert any(words in each for each in found)
