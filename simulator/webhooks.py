"""Delivery of webhooks: signed, in order for each customer, retried until the desk answers 200."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from simulator.misbehaviour import Misbehaviour
from simulator.webhook_payloads import encode, envelope, signature
from simulator.world import Account

ANSWER_SECONDS = 10
FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 60
MOST_ATTEMPTS = 30
"""About twenty minutes of retries; Meta goes on for days."""
MOST_WAITING = 10_000


@dataclass(frozen=True)
class Update:
    """A webhook on its way, and whom to tell when it was taken."""

    lane: str
    body: bytes
    on_delivered: Callable[[], None]


class Webhooks:
    """One lane for each customer. Meta promises no order at all; here it is kept unless told otherwise."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.misbehaviour = Misbehaviour()
        self._lanes: dict[str, deque[Update]] = {}
        self._kept: deque[Update] = deque(maxlen=MOST_WAITING)
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open what is needed to post."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        # Meta's addresses come from outside: a proxy or a cookie of this machine has no part in it.
        self._session = aiohttp.ClientSession(
            timeout=timeout, trust_env=False, cookie_jar=aiohttp.DummyCookieJar()
        )

    async def stop(self) -> None:
        """Drop what has not been delivered and wait for the tasks to end."""
        self.forget()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    @property
    def waiting(self) -> int:
        """How many webhooks the desk has not yet taken, kept ones included."""
        return len(self._kept) + sum(len(lane) for lane in self._lanes.values())

    def add(
        self,
        lane: str,
        value: dict[str, Any],
        on_delivered: Callable[[], None] = lambda: None,
        field: str = "messages",
    ) -> None:
        """Post this `value` in an envelope as soon as the lane is free. Call it within the event loop."""
        update = Update(lane, encode(envelope(self.account, value, field)), on_delivered)
        how = self.misbehaviour.webhooks
        if how.hold or how.reorder > 1:
            self._kept.append(update)
            if not how.hold and len(self._kept) >= how.reorder:
                self._post_reversed()
            return
        self._enqueue(update)

    def behave(self, misbehaviour: Misbehaviour) -> None:
        """From now on act like this; what was kept back goes out first, in its order."""
        self.misbehaviour = misbehaviour
        while self._kept:
            self._enqueue(self._kept.popleft())

    def forget(self) -> None:
        """Drop everything that has not been delivered."""
        self._kept.clear()
        self._lanes.clear()
        for task in self._tasks:
            task.cancel()

    def _enqueue(self, update: Update) -> None:
        lane = self._lanes.get(update.lane)
        if lane is not None:
            if len(lane) < MOST_WAITING:
                lane.append(update)
            return
        self._lanes[update.lane] = deque([update])
        self._run(self._drain(update.lane, self._lanes[update.lane]))

    def _post_reversed(self) -> None:
        """One after the other over all customers, or lanes would put them in order again."""
        batch = list(reversed(self._kept))
        self._kept.clear()
        self._run(self._post_all(batch))

    def _run(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _post_all(self, batch: list[Update]) -> None:
        for update in batch:
            await self._deliver(update)

    async def _drain(self, name: str, lane: deque[Update]) -> None:
        while lane:
            await self._deliver(lane[0])
            lane.popleft()
        if self._lanes.get(name) is lane:
            del self._lanes[name]

    async def _deliver(self, update: Update) -> None:
        how = self.misbehaviour.webhooks
        await asyncio.sleep(how.delay_ms / 1000)
        for attempt in range(MOST_ATTEMPTS):
            if await self._post(update.body):
                update.on_delivered()
                break
            # The first retry comes at once, as Meta's does.
            pause = FIRST_RETRY_SECONDS * 2**attempt if attempt else 0.0
            await asyncio.sleep(min(pause, LONGEST_RETRY_SECONDS))
        for _ in range(how.duplicates):
            await self._post(update.body)

    async def _post(self, body: bytes) -> bool:
        assert self._session is not None, "start() the simulator first"
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": signature(self.account.app_secret, body),
        }
        try:
            async with self._session.post(
                self.account.webhook_url, data=body, headers=headers, allow_redirects=False
            ) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False
