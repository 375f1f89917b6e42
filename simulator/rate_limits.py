"""The two limits Meta holds a business number to, counted on the monotonic clock."""

import time
from collections import deque

from simulator.graph_errors import GraphError

PAIR_SECONDS = 6.0
PAIR_BURST = 45


class RateLimits:
    """Throughput counts messages in and out over one second.

    The pair rate is one message in six seconds to the same customer, of which up to 45 may be borrowed from
    the future.
    """

    def __init__(self, messages_per_second: int) -> None:
        self.messages_per_second = messages_per_second
        self._recent: deque[float] = deque()
        self._pair_free_at: dict[str, float] = {}

    def count_inbound(self) -> None:
        """A customer's message uses throughput but is never refused."""
        self._recent.append(time.monotonic())

    def check_outbound(self, customer_id: str) -> None:
        """Count one message to this customer. Raises GraphError 130429 or 131056, and then counts nothing."""
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self.messages_per_second:
            raise GraphError(130429)
        owed_until = max(self._pair_free_at.get(customer_id, 0.0), now) + PAIR_SECONDS
        if owed_until - now > PAIR_BURST * PAIR_SECONDS:
            raise GraphError(131056)
        self._pair_free_at[customer_id] = owed_until
        self._recent.append(now)

    def forget(self) -> None:
        """Start as if nothing had been sent."""
        self._recent.clear()
        self._pair_free_at.clear()
