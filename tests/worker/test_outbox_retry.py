import pytest

from models.outbound_message import DeliveryState
from whatsapp.client import Refused, Unknown, Unreached
from whatsapp.errors import ErrorClass, plain_words
from worker.outbox_retry import ATTEMPTS, UNREACHED, after, unreached_wait


def refused(code: int = 130429, retry_after: float = 0.0) -> Refused:
    return Refused(ErrorClass.RETRY, code, "busy", retry_after)


@pytest.mark.parametrize("attempt", range(1, ATTEMPTS))
def test_waits_double_up_to_five_minutes(attempt: int) -> None:
    step = after(refused(), attempt)
    expected = min(2.0 ** (attempt - 1), 300.0)
    assert step.state is DeliveryState.QUEUED
    assert 0.8 * expected <= step.wait <= 1.2 * expected


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 1), (2, 4), (3, 16), (4, 64), (5, 256), (6, 300)])
def test_the_pair_rate_asks_for_powers_of_four(attempt: int, seconds: float) -> None:
    assert 0.8 * seconds <= after(refused(131056), attempt).wait <= 1.2 * seconds


def test_waits_are_spread() -> None:
    assert len({after(refused(), 5).wait for _ in range(20)}) > 1


def test_a_wait_that_is_asked_for_is_kept_within_reason() -> None:
    assert after(refused(retry_after=120.0), 1).wait == 120.0
    assert after(refused(retry_after=float("inf")), 1).wait == 3600.0


def test_after_ten_refusals_it_is_given_up() -> None:
    step = after(refused(), ATTEMPTS)
    assert (step.state, step.error_code) == (DeliveryState.FAILED, 130429)
    assert "tried 10 times" in step.error_detail


def test_a_message_that_never_left_is_queued_again_and_the_attempt_not_counted() -> None:
    step = after(Unreached("ClientConnectorError"), 1)
    assert (step.state, step.counts, step.wait) == (DeliveryState.QUEUED, False, 0.0)


def test_connections_are_tried_again_within_a_minute() -> None:
    assert 0.8 <= unreached_wait(1) <= 1.2
    assert 6.4 <= unreached_wait(4) <= 9.6
    assert 48 <= unreached_wait(100_000) <= 72


@pytest.mark.parametrize("code", [None, 131000])
def test_an_unknown_outcome_is_never_queued_again(code: int | None) -> None:
    step = after(Unknown("TimeoutError", code), 1)
    assert (step.state, step.error_code) == (DeliveryState.UNKNOWN, code)
    assert "may have been sent" in step.error_detail


def test_an_answer_that_is_not_graphs_names_the_setting() -> None:
    step = after(Refused(ErrorClass.CONFIGURATION, None, "HTTP 404", 0.0), 1)
    assert step.state is DeliveryState.FAILED
    assert "HTTP 404" in step.error_detail
    assert "WHATSAPP_API_BASE_URL" in step.error_detail


def test_every_step_says_why_in_words_and_by_its_code() -> None:
    assert after(Unreached("ClientConnectorError"), 1).error_detail == UNREACHED
    known = plain_words(131026, "of Graph's")
    failed = after(Refused(ErrorClass.PERMANENT, 131026, "of Graph's", 0.0), 1)
    assert (failed.state, failed.error_code, failed.error_detail) == (DeliveryState.FAILED, 131026, known)
    unheard_of = after(Refused(ErrorClass.PERMANENT, 999_999, "A new rule.", 0.0), 1)
    assert unheard_of.error_detail == plain_words(999_999, "A new rule.")
    again = after(refused(), 1)
    assert again.error_code == 130429
    assert again.error_detail == f"{plain_words(130429, 'busy')} It is tried again by itself."
    assert after(Unknown("TimeoutError", 131000), 1).error_detail == plain_words(131000)
