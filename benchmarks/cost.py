"""CPU seconds for each thousand messages, step by step, without a network: the steady measure of progress.

`python -m benchmarks.cost` with a DATABASE_URL whose tables are there; prints JSON. What neighbours on the
machine do changes how long a step takes, and hardly how much CPU it takes.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from api.event_stream import _frames_after
from benchmarks.processes import cpu_seconds
from benchmarks.story import LINES, NUMBER, Story, signature
from config.database import SessionLocal, transaction
from models.inbound_event import InboundEvent, InboundState
from models.outbound_message import DeliveryState, OutboundMessage
from realtime import events
from services.inbound_event_service import due_shards, store, work_off
from whatsapp.client import Sent
from whatsapp.payloads import items
from whatsapp.signature import is_signed
from worker import lease, outbox_store

CUSTOMERS = 400
SHARED = 40
"""Webhooks that share a commit, as they do at about two thousand a second."""


def main() -> None:
    """Take so many messages through every step and print what each step cost."""
    database = int(os.environ["BENCHMARK_DATABASE_PID"])
    count = CUSTOMERS * LINES
    story = Story(CUSTOMERS, f"cost {time.time()}")
    bodies = [story.body(index, int(time.time())) for index in range(count)]
    with SessionLocal() as db:
        seq = events.last_seq(db)
    told = [seq]
    gc.collect()
    gc.freeze()  # as the product does when it has started
    steps: dict[str, Callable[[], int]] = {
        "webhook": lambda: _store(bodies),
        "inbox": _work_off,
        "events": lambda: _tell(told),
        "outbox": _send,
    }
    costs = {}
    for name, step in steps.items():
        own, theirs, began = time.process_time(), cpu_seconds(database), time.perf_counter()
        done = step()
        costs[name] = {
            "done": done,
            "product": round((time.process_time() - own) * 1000 / count, 4),
            "database": round((cpu_seconds(database) - theirs) * 1000 / count, 4),
            "elapsed": round((time.perf_counter() - began) * 1000 / count, 4),
        }
    json.dump({"messages": count, "seconds_per_1000_messages": costs}, sys.stdout, indent=1)


def _store(bodies: list[bytes]) -> int:
    for batch in _batches(bodies, SHARED):
        for body in batch:
            assert is_signed(body, signature(body).encode(), "the benchmark's app secret")
        with SessionLocal() as db, transaction(db):
            store(db, [item for body in batch for item in items(body)])
    return len(bodies)


def _batches(bodies: list[bytes], size: int) -> Iterator[list[bytes]]:
    for start in range(0, len(bodies), size):
        yield bodies[start : start + size]


def _work_off() -> int:
    done = 0
    while True:
        with SessionLocal() as db:
            shards = due_shards(db)
            if not shards:
                break
            done += work_off(db, shards, "benchmark")
    with SessionLocal() as db:
        left = db.scalar(
            select(func.count()).select_from(InboundEvent).where(InboundEvent.state != InboundState.DONE)
        )
        assert left == 0, f"{left} events were not worked off"
    return done


def _tell(told: list[int]) -> int:
    count = 0
    while frames := _frames_after(told[0]):
        told[0] = frames[-1][0]
        count += len(frames)
    return count


def _send() -> int:
    owner, done = "benchmark", 0
    with SessionLocal() as db:
        assert lease.acquire(db, outbox_store.lease_name(NUMBER), owner, 600)
        while True:
            heads = outbox_store.due_heads(db, NUMBER, set(), 80)
            if not heads:
                break
            jobs = outbox_store.claim(db, NUMBER, owner, heads).jobs
            sent = {job.id: Sent(f"wamid.out.{job.callback_id}", None) for job in jobs}
            outbox_store.write_results(db, sent, 1.0)
            done += len(jobs)
        lease.release(db, outbox_store.lease_name(NUMBER), owner)
        left = db.scalar(
            select(func.count())
            .select_from(OutboundMessage)
            .where(OutboundMessage.state == DeliveryState.QUEUED)
        )
        assert left == 0, f"{left} messages were not sent"
    return done


if __name__ == "__main__":
    main()
