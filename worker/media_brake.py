"""How often WhatsApp may be asked for files. Pure: times are seconds of any one clock.

Some providers shut an account out of its files for half an hour after twenty errors within an hour.
"""

from collections import deque

HOUR_SECONDS = 3600.0
MOST_REFUSALS = 16
"""Refusals within an hour after which nothing is tried again; files never asked for still are."""

MOST_DENIALS = 3
FIRST_PAUSE_SECONDS = 300.0

FIRST_LIMIT_SECONDS = 10.0
LONGEST_LIMIT_SECONDS = 600.0


class Brake:
    """What the answers of the last hour allow. One of each process."""

    def __init__(self) -> None:
        self._refusals: deque[float] = deque()
        self._denials = self._limits = 0
        self._paused_until = float("-inf")

    def answered(self, now: float) -> None:
        """WhatsApp gave a file."""
        self._denials = self._limits = 0

    def refused(self, now: float) -> None:
        """WhatsApp answered with an error."""
        self._refusals.append(now)

    def denied(self, now: float) -> None:
        """The access token was not accepted; after the third time in a row nothing is asked for a while."""
        self._denials += 1
        if self._denials >= MOST_DENIALS:
            self._pause(now, FIRST_PAUSE_SECONDS * 2.0 ** min(self._denials - MOST_DENIALS, 4))

    def limited(self, now: float) -> None:
        """WhatsApp wants fewer requests, perhaps for one file alone: so the first pause is short."""
        if not self.is_shut(now):  # several that were asked together count as one
            self._pause(now, min(FIRST_LIMIT_SECONDS * 3.0 ** min(self._limits, 4), LONGEST_LIMIT_SECONDS))
            self._limits += 1

    def _pause(self, now: float, seconds: float) -> None:
        self._paused_until = max(self._paused_until, now + min(seconds, HOUR_SECONDS))

    def is_shut(self, now: float) -> bool:
        """Whether nothing may be asked at all."""
        return now < self._paused_until

    def allows_retries(self, now: float) -> bool:
        """Whether something that failed before may be asked for."""
        while self._refusals and self._refusals[0] <= now - HOUR_SECONDS:
            self._refusals.popleft()
        return len(self._refusals) < MOST_REFUSALS
