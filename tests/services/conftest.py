from collections.abc import Iterator
from functools import partial

import pytest

from realtime.bus import EVENTS, INBOX, OUTBOX, bus


@pytest.fixture
def woken() -> Iterator[list[str]]:
    """The topics that are woken meanwhile."""
    topics: list[str] = []
    deaf = [bus.listen(topic, partial(topics.append, topic)) for topic in (EVENTS, INBOX, OUTBOX)]
    yield topics
    for each in deaf:
        each()
