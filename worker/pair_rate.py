"""How fast WhatsApp lets a number send: to one customer, and in all. Times are seconds of one clock."""

from collections import deque

PAIR_INTERVAL = 6.0
"""Meta's pair rate limit: one message in 6 s from a number to one customer…"""

PAIR_BURST = 45
"""…of which up to 45 may be sent at once, borrowed from the time that follows (error 131056 beyond it)."""

THROUGHPUT = 80
"""Meta's default throughput of a number: 80 messages a second (error 130429 beyond it)."""

THROUGHPUT_WINDOW = 1.03
"""The second in which THROUGHPUT is counted, longer by what the network may squeeze out of it."""


class PairRate:
    """One number's pair rate limit, by the generic cell rate algorithm (ITU-T I.371).

    For each customer it keeps the time at which the debt is paid off, and forgets who owes nothing.
    """

    def __init__(self) -> None:
        self._paid_off: dict[int, float] = {}

    def ready_at(self, contact_id: int) -> float:
        """The time from which a message to this customer is allowed."""
        return self._paid_off.get(contact_id, float("-inf")) - (PAIR_BURST - 1) * PAIR_INTERVAL

    def charge(self, contact_id: int, now: float) -> None:
        """Count a message to this customer, sent now."""
        self._paid_off[contact_id] = max(self._paid_off.get(contact_id, now), now) + PAIR_INTERVAL

    def blocked(self, now: float) -> set[int]:
        """The customers to whom nothing may be sent now."""
        self._paid_off = {contact: paid for contact, paid in self._paid_off.items() if paid > now}
        return {contact for contact in self._paid_off if self.ready_at(contact) > now}


class Throughput:
    """One number's throughput: never more than THROUGHPUT messages in any THROUGHPUT_WINDOW.

    A message takes its slot when it is claimed, and the window counts from when it goes out: of those that
    are claimed together some still wait for their connections when the next second begins.
    """

    def __init__(self) -> None:
        self._sent: deque[float] = deque(maxlen=THROUGHPUT)
        self._leaving = 0

    def free(self, now: float) -> int:
        """How many messages may be claimed now."""
        return THROUGHPUT - self._leaving - sum(1 for sent in self._sent if sent > now - THROUGHPUT_WINDOW)

    def wait(self, now: float, slots: int) -> float:
        """Seconds until so many messages (at most THROUGHPUT) may be claimed, if those leaving leave now."""
        counted = len(self._sent) + self._leaving + slots - THROUGHPUT
        if counted > len(self._sent):
            return THROUGHPUT_WINDOW
        return max(0.0, self._sent[counted - 1] + THROUGHPUT_WINDOW - now) if counted > 0 else 0.0

    def claim(self) -> None:
        """Take a slot for a message that is to go out; `leave` follows."""
        self._leaving += 1

    def leave(self, now: float) -> None:
        """The message of a `claim` goes out now."""
        self._leaving -= 1
        self.charge(now)

    def charge(self, now: float) -> None:
        """Count a message that went out at this time. Times may not go back."""
        self._sent.append(now)
