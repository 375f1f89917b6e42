"""How long a refused sign-in takes for an address with an account, and for one without.

`python -m benchmarks.sign_in REPEATS` with the DATABASE_URL of an empty, migrated database; prints JSON
with medians in milliseconds. The two take turns, so that what else the machine does meets both.
"""

import contextlib
import json
import statistics
import sys
import time

from sqlalchemy import delete

from config.database import SessionLocal, transaction
from models.admin import LoginAttempt
from services import admin_service, session_service
from services.errors import WrongCredentials

KNOWN = "ada@example.com"
WARM_UP = 5


def main() -> None:
    """Measure and print."""
    with SessionLocal() as db:
        admin_service.create(db, KNOWN, "Ada", "tall-green-giraffe")
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(WARM_UP + int(sys.argv[1])):
        times["known"].append(_refused(KNOWN))
        times["unknown"].append(_refused(f"nobody{number}@example.com"))
    print(json.dumps({kind: statistics.median(found[WARM_UP:]) for kind, found in times.items()}))


def _refused(email: str) -> float:
    with SessionLocal() as db:
        began = time.perf_counter()
        with contextlib.suppress(WrongCredentials):
            session_service.sign_in(db, email, "short-blue-elephant", "192.0.2.1")
        taken = time.perf_counter() - began
        with transaction(db):
            db.execute(delete(LoginAttempt))  # or the brake would answer
    return taken * 1000


if __name__ == "__main__":
    main()
