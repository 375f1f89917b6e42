"""The live stream: one reader of the changes per process, told to every open dashboard."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from api.background_task import BackgroundTask
from config.database import SessionLocal
from realtime import events
from realtime.bus import EVENTS, bus, rest
from realtime.events import EventKind
from schemas.support_message import SupportMessageSchema
from schemas.support_ticket import SupportTicketResponse
from services.thread_rows import THREAD_ROWS_BY_ID, read_thread
from services.ticket_rows import read_tickets

LONGEST_REST_SECONDS = 0.2
"""Where a thousand streams are written to, one telling takes about as long."""

POLL_SECONDS = 1.0
MOST_UNREAD = 2_000
"""Changes that a slow reader may fall behind; then its stream ends, and it resumes from its cursor."""

MOST_MISSED = 2_000
"""Changes that are told one by one after a pause; after more of them, fetching afresh is cheaper."""

ASLEEP = -1
"""Where the reader is while nobody listens: then it does not read at all."""

Frame = tuple[int, bytes]
_Shown = TypeVar("_Shown", bound=BaseModel)
UNNUMBERED = 0
"""Of a frame that is no change: it moves no cursor."""

log = structlog.get_logger()


class TicketEvent(BaseModel):
    """What `ticket.created`, `ticket.updated` and `contact.updated` carry."""

    ticket: SupportTicketResponse


class MessageEvent(BaseModel):
    """What `message.created` and `message.updated` carry."""

    ticket_id: int
    message: SupportMessageSchema


class AccountEvent(BaseModel):
    """`account.updated` only says that there is something new; GET /api/support/number-health has it."""


class TagsEvent(BaseModel):
    """`tags.updated` only says that a tag was made, changed or removed; GET /api/support/tags has them."""


class CursorEvent(BaseModel):
    """What `ready` and `reset` carry: the last change that is already counted in."""

    cursor: int


def frame(seq: int, kind: str, data: BaseModel) -> Frame:
    """A server-sent event (WHATWG HTML, section 9.2) whose id is the cursor after it."""
    return seq, f"id: {seq}\nevent: {kind}\ndata: {data.model_dump_json()}\n\n".encode()


class Listener:
    """One open stream, as the reader fills it."""

    def __init__(self) -> None:
        self._unread: list[Frame] = []
        self._told = asyncio.Event()
        self.has_ended = False

    def tell(self, told: Frame) -> None:
        """Take a change, or end where too many are unread."""
        if len(self._unread) >= MOST_UNREAD:
            self.end()
        elif not self.has_ended:
            self._unread.append(told)
            self._told.set()

    def end(self) -> None:
        """Nothing more comes; what is unread is forgotten."""
        self._unread.clear()
        self.has_ended = True
        self._told.set()

    async def fresh(self) -> list[Frame]:
        """All that is unread, once there is something, or the end: then none."""
        await self._told.wait()
        self._told.clear()
        unread, self._unread = self._unread, []
        return unread


class EventTail(BackgroundTask):
    """Reads every change once, in the order of the commits, and tells it to all listeners."""

    def __init__(self) -> None:
        super().__init__()
        self._listeners: set[Listener] = set()
        self._seq = ASLEEP
        self._awake = asyncio.Event()
        self._woken = asyncio.Event()
        self._end_listening: Callable[[], None] = lambda: None

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    def start(self) -> None:
        """Begin to wait for who listens. A database that is away is waited for."""
        loop = asyncio.get_running_loop()
        self._end_listening = bus.listen(EVENTS, lambda: loop.call_soon_threadsafe(self._woken.set))
        super().start()

    async def stop(self) -> None:
        """End all streams."""
        self._end_listening()
        await super().stop()
        self.end_streams()

    def end_streams(self) -> None:
        """Let every dashboard reconnect."""
        for listener in self._listeners:
            listener.end()
        self._awake.set()  # who still waits for the reader need not
        if self._seq == ASLEEP:
            self._awake.clear()

    def tell(self, told: Frame) -> None:
        """To every open stream."""
        for listener in list(self._listeners):
            listener.tell(told)

    @contextlib.asynccontextmanager
    async def listen(self, cursor: int | None) -> AsyncIterator[tuple[list[Frame], Listener]]:
        """What was missed since the cursor, and what comes from then on: nothing twice, nothing left out."""
        listener = Listener()
        self._listeners.add(listener)  # first listen, then look back: what lies between comes at least once
        self._woken.set()
        try:
            await self._awake.wait()
            yield await asyncio.to_thread(_catch_up, cursor), listener
        finally:
            self._listeners.discard(listener)

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            began = time.monotonic()
            try:
                await self._tell_news()
            except SQLAlchemyError as error:
                log.warning("events.database_trouble", error=type(error).__name__)
                if self._seq == ASLEEP:
                    self.end_streams()
            except Exception as error:
                log.error("events.not_told", after=self._seq, exc_info=error)
            await asyncio.sleep(0)  # until the streams have written it: with many, that is most of the work
            await asyncio.sleep(rest(began, LONGEST_REST_SECONDS))
            with contextlib.suppress(TimeoutError):
                # not wait_for: in Python 3.11 it forgets a cancellation that comes with the wake-up
                async with asyncio.timeout(POLL_SECONDS):
                    await self._woken.wait()

    async def _tell_news(self) -> None:
        if not self._listeners:
            self._seq = ASLEEP
            self._awake.clear()
            return
        if self._seq == ASLEEP:
            self._seq = await asyncio.to_thread(_newest)
            self._awake.set()
        is_all = False
        while not is_all and (frames := await asyncio.to_thread(_frames_after, self._seq)):
            is_all = frames[-1][0] < self._seq + events.AT_ONCE  # numbers have no gaps
            self._seq = frames[-1][0]
            for told in frames:
                self.tell(told)


def _newest() -> int:
    with SessionLocal() as db:
        return events.last_seq(db)


def _catch_up(cursor: int | None) -> list[Frame]:
    with SessionLocal() as db:
        newest = events.last_seq(db)
        if cursor is None:
            return [frame(newest, "ready", CursorEvent(cursor=newest))]
        oldest = events.oldest_seq(db)
        gone = cursor < newest and (oldest is None or cursor + 1 < oldest)
        if cursor > newest or gone or newest - cursor > MOST_MISSED:
            return [frame(newest, "reset", CursorEvent(cursor=newest))]
    missed = [frame(cursor, "ready", CursorEvent(cursor=cursor))]
    while frames := _frames_after(missed[-1][0]):
        missed += frames
    return missed


def _frames_after(seq: int) -> list[Frame]:
    """The next changes; the last frame's number is that of the last change read, also if it is not told."""
    with SessionLocal() as db:
        changes = events.since(db, seq)
        if not changes:
            return []
        about = {each.ticket_id for each in changes if each.message_id is None and each.ticket_id is not None}
        said = {each.message_id for each in changes if each.message_id is not None}
        tickets = _shown(SupportTicketResponse.of, read_tickets(db, about))
        rows = read_thread(db, THREAD_ROWS_BY_ID, {"ids": list(said)}) if said else []
        messages = _shown(SupportMessageSchema.of, {row.id: row for row in rows})
    return _told(changes, tickets, messages)


def _shown(show: Callable[[Any], _Shown], rows: Mapping[int, Any]) -> dict[int, _Shown]:
    """Those that can be shown: one that cannot would hold up the news of all others, for everybody."""
    shown = {}
    for key, row in rows.items():
        try:
            shown[key] = show(row)
        except Exception as error:  # noqa: BLE001 - its words may be the customer's, so the kind alone is kept
            log.error("events.not_shown", row=key, error=type(error).__name__)
    return shown


def _told(
    changes: Sequence[Row[int, str, int | None, int | None]],
    tickets: dict[int, SupportTicketResponse],
    messages: dict[int, SupportMessageSchema],
) -> list[Frame]:
    frames: list[Frame] = []
    seen: set[tuple[str, int | None, int | None]] = set()
    for change in reversed(changes):  # all show the newest state, so the last of each kind says it all
        what = (change.kind, change.ticket_id, change.message_id)
        if what in seen:
            continue
        seen.add(what)
        message = messages.get(change.message_id or 0)
        ticket = tickets.get(change.ticket_id or 0)
        if change.message_id is not None and message is not None and change.ticket_id is not None:
            data: BaseModel = MessageEvent(ticket_id=change.ticket_id, message=message)
        elif change.message_id is None and ticket is not None:
            data = TicketEvent(ticket=ticket)
        elif change.kind == EventKind.ACCOUNT_UPDATED:
            data = AccountEvent()
        elif change.kind == EventKind.TAGS_UPDATED:
            data = TagsEvent()
        else:
            continue  # erased meanwhile, or not to be shown
        frames.append(frame(change.seq, change.kind, data))
    frames.reverse()
    if not frames or frames[-1][0] != changes[-1].seq:
        frames.append((changes[-1].seq, f"id: {changes[-1].seq}\n\n".encode()))
    return frames
