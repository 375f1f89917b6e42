"""Whether WhatsApp answers at all. While it does not, messages stay where they are.

A message that is sent into a hole ends as unknown, and a person must look after it; so once an answer
fails to come, a harmless request goes ahead before the next message does.
"""

from worker.outbox_retry import unreached_wait

SILENCE_SECONDS = 5.0
"""With messages on their way and no answer to any for so long, something is wrong."""


class Reachability:
    """What the sends of one number tell about it. `retry_unit` is the first pause in seconds."""

    def __init__(self, retry_unit: float) -> None:
        self._retry_unit = retry_unit
        self._on_their_way = 0
        self._silent_since = 0.0
        self._in_doubt = False
        self._failures = 0
        self._paused_until = float("-inf")

    def started(self, now: float) -> None:
        """A message left."""
        if self._on_their_way == 0:
            self._silent_since = now
        self._on_their_way += 1

    def ended(self, now: float, *, answered: bool) -> None:
        """A message is no longer on its way: WhatsApp answered, or it did not and will not."""
        self._on_their_way -= 1
        if answered:
            self.answers(now)
        else:
            self._in_doubt = True

    def answers(self, now: float) -> None:
        """WhatsApp said something."""
        self._silent_since = now
        self._in_doubt = False
        self._failures, self._paused_until = 0, float("-inf")

    def fails(self, now: float) -> None:
        """The request that went ahead got no answer."""
        self._failures += 1
        self._paused_until = now + unreached_wait(self._failures, self._retry_unit)

    def pause(self, now: float) -> float:
        """Seconds to leave it alone."""
        return max(0.0, self._paused_until - now)

    def is_in_doubt(self, now: float) -> bool:
        """Whether a request must go ahead before the next message."""
        return self._in_doubt or (self._on_their_way > 0 and now - self._silent_since > SILENCE_SECONDS)
