"""Starts desks that can be killed at the n-th event of their database.

It has loaded the product once and forks a desk whenever it is told `start`, a port, `orders` and perhaps
a `break`: the answer is a process id. `poll` and `wait` with a process id are answered with `running` or
the status it ended with. `orders` is a file: while it holds `<round> <n>`, the desk counts its events in
writing acts (before and after each statement, before and after each commit) and kills itself with SIGKILL
at the n-th of the round. `break` names a deliberate fault of BROKEN, to see that it is caught.
A desk's clock goes a day forward with SIGUSR1 and a day back with SIGUSR2; SQLite's, which is the machine's,
goes with it, and that of a database server does not.
"""

import asyncio
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import time_machine
import uvicorn
from sqlalchemy import Engine, bindparam, event, or_, select
from sqlalchemy.ext.compiler import compiles

from api import http_protocol, middleware
from api.http_protocol import Bounded
from api.shared_commit import SharedCommit
from config import observability
from config.database import (
    DatabaseClock,
    SessionLocal,
    UtcDateTime,
    after_commit,
    database_now,
    engine,
    quick_engine,
    transaction,
    utc_now,
)
from main import app
from models.admin import Admin, Role
from models.outbound_message import DeliveryState, OutboundMessage
from services import (
    audit_service,
    contact_export_service,
    inbound_event_service,
    message_removal_service,
    people_service,
)
from whatsapp import client
from worker import outbox_store


class Countdown:
    """Counts the events of this process and ends it at the one that was ordered."""

    def __init__(self, orders: Path) -> None:
        self._orders = orders
        self._lock = threading.Lock()
        self._round = ""
        self._count = 0

    def tick(self) -> None:
        """An event. The process ends here, or goes on as if nothing were."""
        with self._lock:
            order = self._orders.read_text()
            if not order:
                return
            if order != self._round:
                self._round, self._count = order, 0
            self._count += 1
            if self._count == int(order.split()[1]):
                os.kill(os.getpid(), signal.SIGKILL)


def install(countdown: Countdown) -> None:
    """Count around every statement and commit of acts that write; those that only read go on all the time."""
    for each in {engine, quick_engine}:
        _install(countdown, each)


def _install(countdown: Countdown, engine: Engine) -> None:
    committing = threading.local()
    do_commit = engine.dialect.do_commit

    def around_statement(connection: Any, *_more: Any) -> None:
        if connection.get_execution_options().get("writes"):
            countdown.tick()

    def before_commit(connection: Any) -> None:
        committing.writes = connection.get_execution_options().get("writes", False)

    def commit(connection: Any) -> None:
        writes, committing.writes = getattr(committing, "writes", False), False
        if writes:
            countdown.tick()
        do_commit(connection)
        if writes:
            countdown.tick()

    event.listen(engine, "before_cursor_execute", around_statement)
    event.listen(engine, "after_cursor_execute", around_statement)
    event.listen(engine, "commit", before_commit)
    setattr(engine.dialect, "do_commit", commit)  # noqa: B010 - one engine, not its class


def let_clock_jump() -> None:
    """Obey the two signals from now on."""
    jumps = {signal.SIGUSR1: timedelta(days=1), signal.SIGUSR2: timedelta(days=-1)}

    def jump(number: int, _frame: Any) -> None:
        time_machine.travel(datetime.now(UTC) + jumps[signal.Signals(number)], tick=True).start()

    def now(_words: str, _what: str, ahead: str = "0 seconds") -> str:
        at = datetime.now(UTC) + timedelta(seconds=float(ahead.split(maxsplit=1)[0]))
        return f"{at:%Y-%m-%d %H:%M:%S.%f}"

    def use_it(connection: Any, _record: Any) -> None:
        connection.create_function("strftime", -1, now)

    for number in jumps:
        signal.signal(number, jump)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", use_it)


def answer_before_storing() -> None:
    """Webhooks get their 200 first and are stored a little later, as with a background task."""
    store = SharedCommit.store
    tasks = set()

    async def later(self: SharedCommit, body: bytes) -> None:
        await asyncio.sleep(1)
        await store(self, body)

    async def soon(self: SharedCommit, body: bytes) -> None:
        tasks.add(asyncio.create_task(later(self, body)))

    SharedCommit.store = soon  # type: ignore[method-assign]


def send_again() -> None:
    """After a crash, what was being sent is sent once more."""
    settle = outbox_store.settle_left_behind

    def queue(db: Any, number: str, owner: str, in_flight: Any, _state: DeliveryState) -> None:
        settle(db, number, owner, in_flight, DeliveryState.QUEUED)

    setattr(outbox_store, "settle_left_behind", queue)  # noqa: B010 - a fault on purpose


def in_any_order() -> None:
    """The latest is sent and taken in first, and a customer's messages leave side by side."""
    claim = inbound_event_service._claim

    def latest(db: Any, _number: str, _blocked: Any, limit: int) -> list[int]:
        waits = OutboundMessage.next_attempt_at
        due = select(OutboundMessage.id).where(
            OutboundMessage.state == DeliveryState.QUEUED, or_(waits.is_(None), waits <= database_now(db))
        )
        return list(db.scalars(due.order_by(OutboundMessage.id.desc()).limit(limit)))

    def backwards(*given: Any) -> list[Any]:
        return claim(*given)[::-1]

    setattr(outbox_store, "due_heads", latest)  # noqa: B010 - a fault on purpose
    setattr(inbound_event_service, "_claim", backwards)  # noqa: B010 - a fault on purpose


def no_memory() -> None:
    """Each delivery of a webhook is a new one."""
    as_row = inbound_event_service._as_row

    def new_row(*given: Any) -> dict[str, object]:
        return as_row(*given) | {"dedupe_key": uuid.uuid4().hex}

    setattr(inbound_event_service, "_as_row", new_row)  # noqa: B010 - a fault on purpose


def trust_waits() -> None:
    """What waits does so until its time comes, however far away the clock has put that."""
    for store in (inbound_event_service, outbox_store):
        setattr(store, "LONGEST_WAIT", timedelta(days=365))  # noqa: B010 - a fault on purpose


def own_clock() -> None:
    """Waits and leases go by the process's clock, and not by the one that all share."""

    def own(clock: DatabaseClock, compiler: Any, **given: Any) -> str:
        ahead = timedelta(seconds=sum(each.value for each in clock.clauses))
        now = bindparam(None, callable_=lambda: utc_now() + ahead, type_=UtcDateTime(), unique=True)
        text = compiler.process(now, **given)
        return text if compiler.dialect.name == "sqlite" else f"CAST({text} AS DATETIME(6))"

    for dialect in ((), ("sqlite",)):
        compiles(DatabaseClock, *dialect)(own)


def unlocked_owners() -> None:
    """Who disables an owner goes by who was there a moment ago."""

    def seen(db: Any, admin_id: int, _actor: Any) -> Any:
        found = db.scalars(select(Admin).where(Admin.disabled_at.is_(None))).all()
        time.sleep(1)
        return [each for each in found if each.role is Role.OWNER], db.get_one(Admin, admin_id)

    setattr(people_service, "_lock", seen)  # noqa: B010 - a fault on purpose


def note_later() -> None:
    """An act is noted in the audit log once it is on disk."""
    add = audit_service._add

    def later(entry: Any) -> None:
        with SessionLocal() as db, transaction(db):
            add(db, entry)

    setattr(audit_service, "_add", lambda db, entry: after_commit(db, lambda: later(entry)))  # noqa: B010


def hurry() -> None:
    """Not a fault: the desk has the same limits, but loses its patience sooner."""
    middleware.BODY_SECONDS = http_protocol.PATIENCE_SECONDS = 2
    client.TOTAL_TIMEOUT_SECONDS, client.PROBE_TIMEOUT_SECONDS = 4.0, 1.0


def all_at_once() -> None:
    """Much work is done in one act, and what is much to read is read whole."""
    contact_export_service.AT_ONCE = 10**6
    message_removal_service.remove.__kwdefaults__ = {"limit": 10**6}


BROKEN: dict[str, Callable[[], None]] = {
    "hurry": hurry,
    "all_at_once": all_at_once,
    "answer_before_storing": answer_before_storing,
    "in_any_order": in_any_order,
    "no_memory": no_memory,
    "note_later": note_later,
    "own_clock": own_clock,
    "send_again": send_again,
    "trust_waits": trust_waits,
    "unlocked_owners": unlocked_owners,
}


def serve(port: int, orders: Path, broken: str) -> None:
    """Be a desk until killed, or stopped with SIGTERM."""
    if broken:
        BROKEN[broken]()
    install(Countdown(orders))
    let_clock_jump()
    observability.configure()
    uvicorn.run(
        app, http=Bounded, backlog=2048, host="127.0.0.1", port=port, log_config=None, access_log=False
    )


def start(port: str, orders: str, broken: str = "") -> str:
    """The id of a new process."""
    child = os.fork()
    if child:
        return str(child)
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    status = 1
    try:
        serve(int(port), Path(orders), broken)
        status = 0
    finally:
        os._exit(status)


def end_of(child: str, options: int = 0) -> str:
    """What a process ended with, negative for a signal; `running` where it has not."""
    pid, status = os.waitpid(int(child), options)
    return str(os.waitstatus_to_exitcode(status)) if pid else "running"


def obey(orders: Connection) -> None:
    """Do one thing after the other, until the other side hangs up."""
    while True:
        try:
            verb, *given = orders.recv()
        except EOFError:
            return
        orders.send(
            {
                "start": lambda given: start(*given),
                "poll": lambda given: end_of(given[0], os.WNOHANG),
                "wait": lambda given: end_of(given[0]),
            }[verb](given)
        )
