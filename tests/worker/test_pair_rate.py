import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.pair_rate import (
    PAIR_BURST,
    PAIR_INTERVAL,
    THROUGHPUT,
    THROUGHPUT_WINDOW,
    PairRate,
    Throughput,
)

GAPS = st.lists(st.sampled_from([0.0, 0.01, 0.5, 3.0, 5.99, 6.0, 6.01, 60.0, 300.0]), max_size=200)


@given(GAPS)
def test_a_customer_owes_six_seconds_for_each_message_and_never_more_than_the_burst(
    gaps: list[float],
) -> None:
    rate, now, owed = PairRate(), 0.0, 0.0
    for gap in gaps:
        now += gap
        owed = max(0.0, owed - gap)  # the model: a debt in seconds, paid off by time
        allowed = round(owed, 6) <= (PAIR_BURST - 1) * PAIR_INTERVAL
        assert (1 not in rate.blocked(now + 1e-9)) == allowed
        if allowed:
            rate.charge(1, now)
            owed += PAIR_INTERVAL


def test_after_a_burst_of_45_one_message_goes_in_six_seconds() -> None:
    rate = PairRate()
    for _ in range(45):
        assert not rate.blocked(100.0)
        rate.charge(1, 100.0)
    assert rate.blocked(105.9) == {1}
    assert rate.ready_at(1) == 106.0
    assert not rate.blocked(106.0)


def test_customers_do_not_block_each_other() -> None:
    rate = PairRate()
    for _ in range(45):
        rate.charge(1, 0.0)
    rate.charge(2, 0.0)
    assert rate.blocked(0.0) == {1}


def test_who_owes_nothing_is_forgotten() -> None:
    rate = PairRate()
    rate.charge(1, 0.0)
    rate.blocked(6.0)
    assert not rate._paid_off


@given(st.lists(st.tuples(st.floats(0, 0.4), st.integers(0, 100)), max_size=60))
def test_no_window_ever_holds_more_than_the_throughput(steps: list[tuple[float, int]]) -> None:
    throughput, now = Throughput(), 0.0
    sent: list[float] = []
    for gap, wanted in steps:
        now += gap
        free = throughput.free(now)
        in_window = sum(1 for at in sent if at > now - THROUGHPUT_WINDOW)
        assert free == THROUGHPUT - in_window
        for _ in range(min(free, wanted)):
            throughput.charge(now)
            sent.append(now)


@given(st.lists(st.floats(0, 0.02), min_size=1, max_size=80), st.integers(1, THROUGHPUT))
def test_after_the_wait_so_many_slots_are_free(gaps: list[float], slots: int) -> None:
    throughput, now = Throughput(), 0.0
    for gap in gaps:
        now += gap
        throughput.charge(now)
    assert throughput.free(now + throughput.wait(now, slots) + 1e-9) >= slots


@given(
    st.lists(
        st.tuples(st.floats(0, 0.4), st.integers(0, 100), st.lists(st.floats(0, 0.9), min_size=1)),
        max_size=30,
    )
)
def test_no_window_holds_more_where_messages_leave_late(steps: list[tuple[float, int, list[float]]]) -> None:
    throughput, now = Throughput(), 0.0
    due: list[float] = []
    left: list[float] = []
    for gap, wanted, delays in steps:
        now += gap
        for at in sorted(at for at in due if at <= now):
            throughput.leave(at)
            left.append(at)
        due = [at for at in due if at > now]
        for number in range(min(wanted, throughput.free(now))):
            throughput.claim()
            due.append(now + delays[number % len(delays)])
    for at in [*left, *due]:
        assert sum(1 for other in [*left, *due] if at - THROUGHPUT_WINDOW < other <= at) <= THROUGHPUT


def test_while_messages_are_leaving_their_slots_are_taken() -> None:
    throughput = Throughput()
    for _ in range(THROUGHPUT):
        throughput.claim()
    assert throughput.free(100.0) == 0
    assert throughput.wait(100.0, 1) == THROUGHPUT_WINDOW
    throughput.leave(100.0)
    assert throughput.free(100.0 + THROUGHPUT_WINDOW) == 1
    assert throughput.wait(100.5, 1) == pytest.approx(THROUGHPUT_WINDOW - 0.5)


def test_there_is_no_wait_while_slots_are_free() -> None:
    throughput = Throughput()
    throughput.charge(5.0)
    assert throughput.wait(5.0, THROUGHPUT - 1) == 0.0
    assert throughput.wait(5.0, THROUGHPUT) > 1.0
