"""How long the desk's own calls take in a seeded database, beside the same SQL by the driver alone.

`python -m benchmarks.queries REPEATS` with the DATABASE_URL of a database that `benchmarks.seed` filled;
prints JSON with times in milliseconds.
"""

import gc
import json
import math
import re
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import pymysql
from sqlalchemy import event, func, select
from sqlalchemy.engine import make_url

from benchmarks.seed import FREQUENT, RARE
from config.database import SessionLocal, engine, transaction
from config.settings import get_settings
from models.support_ticket import SupportTicket
from realtime import ticket_counts
from services import search_service, thread_page_service, ticket_list_service
from services.support_service import SupportService
from services.ticket_filter import TicketFilter
from services.ticket_page import TicketSort

PAGE = 50
FAR_PAGE = 2_000
WARM_UP = 5


def main() -> None:
    """Measure and print."""
    repeats = int(sys.argv[1])
    with SessionLocal() as db:
        ticket_counts.mend(db)  # as the desk's clock does: the seed is put in beside the desk
        newest = db.scalar(select(func.max(SupportTicket.id))) or 0
        live = (
            db.scalar(select(func.min(SupportTicket.id)).where(SupportTicket.live_contact_id.is_not(None)))
            or 0
        )
    cursors = _cursors(min(FAR_PAGE, newest // PAGE - 1))
    seeded = 10 ** (len(str(newest)) - 1)  # earlier runs opened some more
    numbers = iter(range(10**9))
    calls: dict[str, Callable[[], object]] = {
        "create ticket": lambda: _create(next(numbers)),
        "add message": lambda: _say(live + next(numbers) % 1_000),
        "list 50": lambda: _list(None),
        "list 50, page 2,000": lambda: _list(cursors),
        "notifications": _notifications,
        "one thread of 200": lambda: _thread(500 + next(numbers) % (seeded // 1_000) * 1_000),
        "search, a word in 1 of 1,000 messages": lambda: _search(RARE),
        "search, a word in every message": lambda: _search(FREQUENT),
    }
    gc.collect()
    gc.freeze()
    few = repeats // 5  # of what may take half a second
    measured = {name: _time(call, few if "search" in name else repeats) for name, call in calls.items()}
    for name, call in calls.items():
        writes = name in ("create ticket", "add message")
        if "search" not in name:  # its questions may be given up, which is an error for the driver
            measured[name]["driver"] = _driver_alone(call, repeats, writes=writes)
    json.dump(measured, sys.stdout)


def _time(call: Callable[[], object], repeats: int) -> dict[str, float]:
    for _ in range(WARM_UP):
        call()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        found = call()
        times.append(math.inf if found is False else (time.perf_counter() - began) * 1000)
    times.sort()
    return {"median": statistics.median(times), "p99": times[int(len(times) * 0.99)]}


def _driver_alone(call: Callable[[], object], repeats: int, *, writes: bool = False) -> float:
    """The median of the statements that the call sends, sent again by PyMySQL as plain text.

    Of a writing call the same statements cannot be sent twice: its INSERTs go to copies of their tables.
    """
    sent: list[tuple[str, Any]] = []

    def note(
        _connection: object, _cursor: object, statement: str, values: Any, _context: object, many: bool
    ) -> None:
        sent.append((statement, values if many else [values]))

    event.listen(engine, "before_cursor_execute", note)
    call()
    event.remove(engine, "before_cursor_execute", note)
    url = make_url(get_settings().database_url)
    connection = pymysql.connect(
        host=url.host or "",
        port=url.port or 3306,
        user=url.username,
        database=url.database,
        charset="utf8mb4",
    )
    with connection, connection.cursor() as cursor:
        statements = [(_copied(cursor, text) if writes else text, values) for text, values in sent]
        times = []
        for _ in range(repeats):
            began = time.perf_counter()
            for text, values in statements:
                cursor.executemany(text, values)
                cursor.fetchall()
            connection.commit()
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _copied(cursor: Any, text: str) -> str:
    found = re.match(r"INSERT INTO (\w+)", text)
    if not found:
        return text
    cursor.execute(f"CREATE OR REPLACE TABLE copy_of_{found[1]} LIKE {found[1]}")
    cursor.execute(f"SHOW INDEX FROM copy_of_{found[1]} WHERE Non_unique = 0 AND Key_name <> 'PRIMARY'")
    for name in {row[2] for row in cursor.fetchall()}:
        cursor.execute(f"ALTER TABLE copy_of_{found[1]} DROP INDEX {name}, ADD INDEX {name} (id)")
    if found[1] == "desk_events":  # the one table whose key is in the statement
        cursor.execute("ALTER TABLE copy_of_desk_events DROP PRIMARY KEY")
    return text.replace(found[1], f"copy_of_{found[1]}", 1)


def _create(number: int) -> None:
    with SessionLocal() as db:
        phone = f"+2348{time.time_ns() // 1_000 % 10**5:05d}{number % 10**4:04d}"
        SupportService.create_ticket(db, phone, "Amara", "The lamp did not come")


def _say(ticket_id: int) -> None:
    with SessionLocal() as db:
        SupportService.add_message(db, ticket_id, "user", "Amara", "Is anybody there?")


def _list(cursor: str | None) -> Any:
    with SessionLocal() as db:
        return ticket_list_service.list_tickets(db, TicketFilter(), TicketSort.NEWEST, cursor, PAGE)


def _notifications() -> object:
    with SessionLocal() as db:
        return SupportService.get_notifications(db)


def _thread(ticket_id: int) -> object:
    with SessionLocal() as db:
        page = thread_page_service.page(db, thread_page_service.find_ticket(db, ticket_id), None, None)
        assert len(page.messages) >= 200
        return page


def _search(word: str) -> object:
    with SessionLocal() as db:
        return bool(search_service.search(db, word, TicketFilter()).matches)


def _cursors(page: int) -> str | None:
    """The cursor of a page far away, by walking there in long steps."""
    cursor: str | None = None
    left = page * PAGE
    with SessionLocal() as db:
        while left > 0:
            step = min(left, 5_000)
            found = ticket_list_service.list_tickets(db, TicketFilter(), TicketSort.NEWEST, cursor, step)
            cursor, left = found.next_cursor, left - step
    return cursor


if __name__ == "__main__":
    with SessionLocal() as session, transaction(session):
        pass  # connected
    main()
