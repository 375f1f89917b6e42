"""Meta as it delivers: many at a time, and everything again until it is answered with 200."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count

import httpx2

from tests.faults.processes import WEBHOOK, Process
from tests.plain_client import plain_client
from tests.pretend_meta import APP_SECRET
from tests.running_desk import text_message, webhook
from whatsapp.signature import sign

AGAIN_SECONDS = 0.2
PAUSE_SECONDS = 0.1
CUSTOMERS = 20
_numbers = count(1)


@dataclass(frozen=True)
class Answer:
    """What one try came to: 0 where no answer came. Times are those of `time.monotonic`."""

    wamid: str
    status: int
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@dataclass
class Deliveries:
    """Every try, and the messages that were taken."""

    answers: list[Answer] = field(default_factory=list)

    @property
    def taken(self) -> list[str]:
        return [each.wamid for each in self.answers if each.status == 200]

    def between(self, since: float, until: float) -> list[Answer]:
        """Tries that began and ended in this time."""
        return [each for each in self.answers if since <= each.began and each.ended <= until]

    def first_taken_after(self, at: float) -> float | None:
        """Seconds from then to the next 200 of a try that began later, or None."""
        ends = [each.ended for each in self.answers if each.status == 200 and each.began >= at]
        return min(ends) - at if ends else None


@contextmanager
def delivering(process: Process, senders: int = 6) -> Iterator[Deliveries]:
    """Deliver to this desk all the time. At the end, what was begun is delivered, too."""
    told = Deliveries()
    stop, give_up = threading.Event(), threading.Event()

    def deliver(_sender: int) -> None:
        with plain_client(process.url, timeout=30) as client:
            while not stop.is_set():
                number = next(_numbers)
                message = text_message(f"Message {number}", number=f"2348036{number % CUSTOMERS:06}")
                body = webhook(message)
                headers = {"X-Hub-Signature-256": sign(body, APP_SECRET)}
                while not attempt(client, message["id"], body, headers) and not give_up.is_set():
                    time.sleep(AGAIN_SECONDS)
                stop.wait(PAUSE_SECONDS)

    def attempt(client: httpx2.Client, wamid: str, body: bytes, headers: dict[str, str]) -> bool:
        began, status = time.monotonic(), 0
        with suppress(httpx2.TransportError):  # no answer is an answer, too
            status = client.post(WEBHOOK, content=body, headers=headers).status_code
        told.answers.append(Answer(wamid, status, began, time.monotonic()))
        return status == 200

    with ThreadPoolExecutor(senders) as pool:
        work = [pool.submit(deliver, sender) for sender in range(senders)]
        try:
            yield told
        except BaseException:
            give_up.set()
            raise
        finally:
            stop.set()
        for each in work:
            each.result()
