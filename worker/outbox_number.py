"""Sending for one of the business's numbers, while its lease is ours."""

import asyncio
import time
from collections.abc import Coroutine, Iterable
from contextlib import ExitStack
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from models.outbound_message import DeliveryState
from realtime.bus import rest
from whatsapp.client import CONNECTIONS, Refused, Result, Sent, Unknown, Unreached, WhatsAppClient
from whatsapp.errors import ErrorClass
from whatsapp.media import MediaClient
from worker import lease, outbox_store, outbox_uploads
from worker.outbox_database import DatabaseThread
from worker.outbox_reach import Reachability
from worker.outbox_results import ResultWriter
from worker.outbox_store import Job
from worker.outbox_uploads import Upload
from worker.pair_rate import PairRate, Throughput

FREED_SLOTS = 20
"""With a full second behind us we wait until so many may go at once, rather than claim them one by one."""

LAST_WRITES_SECONDS = 5.0
UPLOADS_AT_ONCE = 4

log = structlog.get_logger()


@dataclass(frozen=True)
class Pace:
    """Intervals in seconds; `retry_unit` is the first wait after a refusal or a failed connection."""

    poll: float = 1.0
    lease: float = 10.0
    renew: float = 3.0
    retry_unit: float = 1.0


class NumberSender:
    """Claims what is due, sends it side by side, writes the results together.

    A customer is in `_in_flight` from the claim until the result is committed, so that their messages go
    one after the other.
    """

    def __init__(
        self,
        number: str,
        owner: str,
        clients: tuple[WhatsAppClient, MediaClient],
        database: DatabaseThread,
        pace: Pace,
    ) -> None:
        self._number, self._owner, self._pace = number, owner, pace
        self._client, self._media_client = clients
        self._database = database
        self._lease_name = outbox_store.lease_name(number)
        self._is_leased = False
        self._renewed_at = float("-inf")
        self._claim_is_unsure = False
        self._pair_rate, self._throughput = PairRate(), Throughput()
        self._reach = Reachability(pace.retry_unit)
        self._in_flight: dict[int, int] = {}
        self._sends: set[asyncio.Task[None]] = set()
        self._upload_places = asyncio.Semaphore(UPLOADS_AT_ONCE)
        self._results = ResultWriter(database, pace.poll, pace.retry_unit, self._forget)
        self._woken = asyncio.Event()
        self._is_stopping = False
        self._stop_timeout = 0.0

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    def stop(self, timeout: float) -> None:
        """Claim nothing more, and end once all answers are there or so many seconds have passed."""
        self._is_stopping = True
        self._stop_timeout = timeout
        self.wake()

    async def run(self) -> None:
        """Send until stopped; then write the last results and give the lease back."""
        self._results.start()
        while not self._is_stopping:
            wait = await self._try_round()
            try:
                async with asyncio.timeout(wait):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
        await self._finish()

    async def _try_round(self) -> float:
        try:
            return await self._round()
        except lease.LeaseLost:
            log.warning("outbox.lease_lost", number=self._number)
            self._renewed_at = float("-inf")
            return 0.0
        except SQLAlchemyError as error:
            log.warning("outbox.database_trouble", number=self._number, error=type(error).__name__)
        except Exception:
            log.exception("outbox.round_failed", number=self._number)
        return self._pace.poll

    async def _round(self) -> float:
        """Send what may be sent now; returns the seconds after which to look again."""
        if not await self._keep_lease():
            return self._pace.poll
        if not await self._is_reachable():
            return min(self._pace.poll, self._reach.pause(_now()))
        now = _now()
        room = min(CONNECTIONS - len(self._in_flight), self._throughput.free(now))
        if room > 0:
            began = time.monotonic()
            blocked = {*self._in_flight.values(), *self._pair_rate.blocked(now)}
            if 0 < await self._claim_and_send(blocked, room) < room:
                await asyncio.sleep(rest(began))
        return min(self._pace.poll, self._wait_for_throughput())

    def _wait_for_throughput(self) -> float:
        now = _now()
        return self._pace.poll if self._throughput.free(now) else self._throughput.wait(now, FREED_SLOTS)

    async def _is_reachable(self) -> bool:
        if self._reach.pause(_now()):
            return False
        if not self._reach.is_in_doubt(_now()):
            return True
        if await self._client.answers(self._number):
            self._reach.answers(_now())
            return True
        self._reach.fails(_now())
        log.warning("outbox.unreachable", number=self._number)
        await self._database.run(outbox_store.fail_overdue, self._number)
        return False

    async def _keep_lease(self) -> bool:
        now, length = _now(), self._pace.lease
        if now - self._renewed_at >= self._pace.renew:
            if self._is_leased:
                self._is_leased = await self._database.run(lease.renew, self._lease_name, self._owner, length)
            if not self._is_leased:
                self._is_leased = await self._take_over(length)
            if self._is_leased:
                self._renewed_at = now
        if self._is_leased and self._claim_is_unsure:
            await self._settle_left_behind(DeliveryState.QUEUED)
        return self._is_leased

    async def _take_over(self, length: float) -> bool:
        if not await self._database.run(lease.acquire, self._lease_name, self._owner, length):
            return False
        await self._settle_left_behind(DeliveryState.UNKNOWN)
        self._pair_rate, self._throughput = PairRate(), Throughput()
        now = _now()
        for contact_id, ago in await self._database.run(outbox_store.recent_sends, self._number):
            self._pair_rate.charge(contact_id, now - ago)
            self._throughput.charge(now - ago)
        return True

    async def _settle_left_behind(self, state: DeliveryState) -> None:
        await self._database.run(
            outbox_store.settle_left_behind, self._number, self._owner, set(self._in_flight), state
        )
        self._claim_is_unsure = False

    async def _claim_and_send(self, blocked: set[int], room: int) -> int:
        self._claim_is_unsure = True  # until we know that it is committed: the answer may get lost
        claimed = await self._database.run(outbox_store.claim_due, self._number, self._owner, blocked, room)
        now = _now()
        if now >= self._renewed_at + self._pace.lease:
            # heard so late, by a process that was stopped or of a database that was silent, that another
            # may have the lease and have told the desk that nobody knows what became of these
            raise lease.LeaseLost(self._lease_name)
        self._claim_is_unsure = False
        for upload in claimed.uploads:
            self._in_flight[upload.outbound_id] = upload.contact_id
            self._begin(self._upload(upload))
        for job in claimed.jobs:
            self._in_flight[job.id] = job.contact_id
            self._pair_rate.charge(job.contact_id, now)
            self._throughput.claim()
            self._reach.started(now)
            self._begin(self._send(job, self._throughput))
        return len(claimed.jobs)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._sends.add(task)
        task.add_done_callback(self._sends.discard)

    async def _send(self, job: Job, throughput: Throughput) -> None:
        result: Result = Unknown("interrupted")
        with ExitStack() as slot:
            slot.callback(lambda: throughput.leave(_now()))
            try:
                result = await self._client.send(
                    self._number, job.address, job.payload, job.callback_id, slot.close
                )
            except Exception:
                log.exception("outbox.send_failed", message_id=job.id)
            finally:
                self._reach.ended(_now(), answered=_is_answer(result))
                self._results.put(job.id, result)

    async def _upload(self, upload: Upload) -> None:
        """Bring a file to WhatsApp. Its message is claimed afterwards, as any other."""
        result: str | Refused | Unreached = Refused(ErrorClass.RETRY, None, "interrupted", 0.0)
        try:
            async with self._upload_places:
                result = await outbox_uploads.bring(self._media_client, upload, self._number)
        except Exception:
            log.exception("outbox.upload_failed", media_id=upload.media_id)
        # it counts from its end: an upload may well take longer than an answer should
        self._reach.started(_now())
        self._reach.ended(_now(), answered=not isinstance(result, Unreached))
        try:
            if isinstance(result, str):
                await self._database.run(outbox_uploads.keep, upload, self._number, result)
            else:
                unit = self._pace.retry_unit
                await self._database.run(outbox_uploads.fail, upload, result, unit)
        except SQLAlchemyError as error:  # the message still waits, and is uploaded again
            log.warning("outbox.database_trouble", number=self._number, error=type(error).__name__)
            await asyncio.sleep(self._pace.poll)
        finally:
            self._forget([upload.outbound_id])

    def _forget(self, message_ids: Iterable[int]) -> None:
        for message_id in message_ids:
            del self._in_flight[message_id]
        self.wake()

    async def _finish(self) -> None:
        if self._sends:
            _, late = await asyncio.wait(self._sends, timeout=self._stop_timeout)
            for send in late:
                send.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            async with asyncio.timeout(LAST_WRITES_SECONDS):
                await self._results.close()
                if self._is_leased:
                    await self._database.run(lease.release, self._lease_name, self._owner)
        except (TimeoutError, SQLAlchemyError) as error:
            log.warning("outbox.stopped_early", number=self._number, error=type(error).__name__)


def _is_answer(result: Result) -> bool:
    """Whether it comes from Graph itself, and not from its absence or from a gateway before it."""
    return isinstance(result, Sent | Refused) or (isinstance(result, Unknown) and result.code is not None)


def _now() -> float:
    return asyncio.get_running_loop().time()
