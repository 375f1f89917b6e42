"""What follows from the result of a send. Pure but for the jitter."""

import random
from dataclasses import dataclass
from datetime import timedelta

from models.outbound_message import DeliveryState
from whatsapp.client import Refused, Unknown, Unreached
from whatsapp.errors import MAY_HAVE_GONE_OUT, PAIR_RATE, ErrorClass, plain_words

ATTEMPTS = 10
LONGEST_WAIT_SECONDS = 300.0
LONGEST_UNREACHED_WAIT_SECONDS = 60.0
LONGEST_ASKED_WAIT_SECONDS = 3600.0
UNREACHED_PERIOD = timedelta(hours=24)
"""A message that had to wait for longer than that is not sent any more."""

UNREACHED = "WhatsApp cannot be reached. The message leaves by itself as soon as it can."
OVERDUE = "WhatsApp could not be reached for 24 hours. The message was not sent; send it again."
NO_ADDRESS = (
    "WhatsApp has told neither a phone number nor a user id of this customer. Wait until they write again."
)
SAMPLE = "This is a sample customer without a phone. Nothing was sent."
BLOCKED = "This customer is blocked. The message was not sent; unblock them to write to them."
TAKEN_OVER = f"The desk stopped before WhatsApp answered. {MAY_HAVE_GONE_OUT}"


@dataclass(frozen=True)
class Step:
    """The state that a row takes, and why. `wait` is in seconds and only has a meaning for QUEUED.

    `counts` is False where the attempt did not reach WhatsApp.
    """

    state: DeliveryState
    error_code: int | None
    error_detail: str
    wait: float = 0.0
    counts: bool = True


def after(result: Refused | Unreached | Unknown, attempts: int, unit: float = 1.0) -> Step:
    """The step after the given attempt, the first being 1.

    `unit` is the first wait in seconds. Only what surely did not go out is queued again.
    """
    if isinstance(result, Unknown):
        words = plain_words(result.code) if result.code is not None else _no_answer()
        return Step(DeliveryState.UNKNOWN, result.code, words)
    if isinstance(result, Unreached):
        return Step(DeliveryState.QUEUED, None, UNREACHED, counts=False)
    words = plain_words(result.code, result.detail)
    if result.kind is not ErrorClass.RETRY:
        return Step(
            DeliveryState.FAILED, result.code, words if result.code is not None else _not_graph(result)
        )
    if attempts >= ATTEMPTS:
        given_up = f"{words} It was tried {attempts} times; send it again later."
        return Step(DeliveryState.FAILED, result.code, given_up)
    factor = 4 if result.code == PAIR_RATE else 2
    wait = min(unit * factor ** (attempts - 1), LONGEST_WAIT_SECONDS) * _jitter()
    wait = max(wait, min(result.retry_after, LONGEST_ASKED_WAIT_SECONDS))
    return Step(DeliveryState.QUEUED, result.code, f"{words} It is tried again by itself.", wait)


def unreached_wait(failures: int, unit: float = 1.0) -> float:
    """Seconds to leave WhatsApp alone after so many vain tries, one after the other, to reach it."""
    doublings = min(failures - 1, 16)
    return min(unit * 2.0**doublings, LONGEST_UNREACHED_WAIT_SECONDS) * _jitter()


def _no_answer() -> str:
    return f"WhatsApp did not answer. {MAY_HAVE_GONE_OUT}"


def _not_graph(result: Refused) -> str:
    return (
        f"Something other than WhatsApp answered ({result.detail}). "
        "An administrator must check WHATSAPP_API_BASE_URL."
    )


def _jitter() -> float:
    return random.uniform(0.8, 1.2)  # noqa: S311 - it spreads retries and keeps no secret
