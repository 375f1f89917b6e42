"""Acts that the database broke off for the sake of others: done again, from their beginning and as a whole.

A deadlock, a lock that was not to be had, and in a cluster a commit that met another server's (which says the
same, 1213) are everyday things; so is a server that takes no writes any more while another one does.
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from config.database_trouble import is_conflict

TRIES = 5
FIRST_PAUSE_SECONDS = 0.02

Gives = TypeVar("Gives")


def pause_before_retry(error: BaseException, tries: int, db: Session) -> float | None:
    """Seconds to wait before all that was done in this session is done once more, in a new one.

    None where that would be wrong: for any other error, after enough tries, and once an act of the session
    is on disk, since it would be done twice. A commit whose answer got lost may be on disk: no conflict.
    """
    if tries >= TRIES or db.info.get("acts", 0) or not is_conflict(error):
        return None
    longest: float = FIRST_PAUSE_SECONDS * 2**tries
    return random.uniform(longest / 2, longest)  # noqa: S311 - so that the same two do not meet again


def in_whole(session: Callable[[], Session], work: Callable[[Session], Gives]) -> Gives:
    """What `work` gives in a session of its own, as often as it takes it to get through a conflict."""
    tries = 0
    while True:
        tries += 1
        with session() as db:
            try:
                return work(db)
            except Exception as error:
                pause = pause_before_retry(error, tries, db)
                if pause is None:
                    raise
        time.sleep(pause)
