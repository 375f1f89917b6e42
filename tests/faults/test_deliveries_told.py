"""What is said about a send, in every order, and what follows from every code of Graph."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from models import OutboundMessage
from models.outbound_message import DeliveryState
from services.outbound_message_service import RANK, STATUSES, climb
from whatsapp.client import Refused, Unknown
from whatsapp.errors import ErrorClass, classify
from worker.outbox_retry import after

NOW = datetime(2026, 11, 25, tzinfo=UTC)
WORDS = ("sent", "delivered", "read", "failed")
LONGEST = 5
BEFORE_THE_ANSWER = (DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.SENT)


def sequences() -> list[tuple[str, ...]]:
    """All orders with repetition, of one to five words."""
    return [each for n in range(1, LONGEST + 1) for each in itertools.product(WORDS, repeat=n)]


@pytest.mark.promise("P13")
@pytest.mark.parametrize("state", BEFORE_THE_ANSWER)
def test_in_whatever_order_it_is_told_the_highest_word_holds(
    state: DeliveryState, cases: Callable[[int], None]
) -> None:
    assert len(sequences()) == 1364
    for words in sequences():
        outbound = OutboundMessage(state=state)
        climbed = [RANK[state]]
        for word in words:
            climb(outbound, STATUSES[word], NOW)
            climbed.append(RANK[DeliveryState(outbound.state)])
        assert climbed == sorted(climbed), words
        climb(outbound, DeliveryState.SENT, NOW)  # Graph's own answer comes last
        assert RANK[DeliveryState(outbound.state)] == max(
            RANK[state], RANK[DeliveryState.SENT], *(RANK[STATUSES[word]] for word in words)
        )
    cases(1364)


@pytest.mark.promise("P13")
def test_a_state_that_takes_every_word_is_found_out() -> None:
    """The negative control: the last word instead of the highest."""
    assert any(
        RANK[STATUSES[words[-1]]] < max(RANK[STATUSES[word]] for word in words) for words in sequences()
    )


@pytest.mark.promise("P14")
@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        (400, 130429, DeliveryState.QUEUED),
        (400, 131056, DeliveryState.QUEUED),
        (429, 4, DeliveryState.QUEUED),
        (429, 131000, DeliveryState.QUEUED),
        (500, 131057, DeliveryState.QUEUED),
        (400, 131047, DeliveryState.FAILED),
        (400, 131026, DeliveryState.FAILED),
        (400, 100, DeliveryState.FAILED),
        (401, 190, DeliveryState.FAILED),
        (400, 131051, DeliveryState.FAILED),
        # a fault of WhatsApp's own may come after it took the message: repeating it could send it twice
        (500, 131000, DeliveryState.UNKNOWN),
        (503, 131016, DeliveryState.UNKNOWN),
        (500, None, DeliveryState.UNKNOWN),
        (503, None, DeliveryState.UNKNOWN),
        (429, None, DeliveryState.UNKNOWN),
    ],
)
def test_what_follows_from_a_refusal(status: int, code: int | None, state: DeliveryState) -> None:
    kind = classify(status, None if code is None else {"code": code})
    unsure = kind is ErrorClass.UNKNOWN
    result = Unknown("", code) if unsure else Refused(kind, code, "", 0)
    step = after(result, attempts=1)
    assert step.state is state
    assert step.error_detail
    assert (step.wait > 0) == (state is DeliveryState.QUEUED)
