from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from whatsapp.window import is_open, window_expires_at

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_window_ends_24_hours_after_the_customers_last_message() -> None:
    assert window_expires_at(NOON) == datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_there_is_no_window_before_the_customer_has_written() -> None:
    assert window_expires_at(None) is None
    assert not is_open(None, NOON)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3)))
def test_it_is_open_for_less_than_24_hours(age: timedelta) -> None:
    assert is_open(NOON, NOON + age) == (age < timedelta(days=1))


def test_it_is_closed_at_the_very_end() -> None:
    end = NOON + timedelta(hours=24)
    assert is_open(NOON, end - timedelta(microseconds=1))
    assert not is_open(NOON, end)
