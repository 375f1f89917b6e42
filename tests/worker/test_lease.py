import threading
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from config.database import SessionLocal, database_now, transaction
from models import Lease
from worker import lease

NAME = "outbox:1001"


def run_out(db: Session) -> None:
    with transaction(db):
        db.execute(update(Lease).values(expires_at=database_now(db) - timedelta(seconds=1)))


def test_one_holds_it_until_it_is_released(db: Session) -> None:
    assert lease.acquire(db, NAME, "ada", 10)
    assert not lease.acquire(db, NAME, "bola", 10)
    lease.release(db, NAME, "ada")
    assert lease.acquire(db, NAME, "bola", 10)


def test_the_holder_may_take_it_again(db: Session) -> None:
    assert lease.acquire(db, NAME, "ada", 10)
    assert lease.acquire(db, NAME, "ada", 10)


def test_one_that_ran_out_can_be_taken(db: Session) -> None:
    lease.acquire(db, NAME, "ada", 10)
    run_out(db)
    assert lease.acquire(db, NAME, "bola", 10)
    assert not lease.renew(db, NAME, "ada", 10)


def test_renewing_prolongs_it(db: Session) -> None:
    lease.acquire(db, NAME, "ada", 10)
    run_out(db)
    assert lease.renew(db, NAME, "ada", 10)
    assert not lease.acquire(db, NAME, "bola", 10)


def test_only_the_holder_can_release_it(db: Session) -> None:
    lease.acquire(db, NAME, "ada", 10)
    lease.release(db, NAME, "bola")
    assert not lease.acquire(db, NAME, "bola", 10)


def test_holding_it_inside_an_act(db: Session) -> None:
    lease.acquire(db, NAME, "ada", 10)
    with transaction(db):
        lease.hold(db, NAME, "ada")
    with pytest.raises(lease.LeaseLost), transaction(db):
        lease.hold(db, NAME, "bola")
    with pytest.raises(lease.LeaseLost), transaction(db):
        lease.hold(db, "outbox:2002", "ada")
    run_out(db)
    with pytest.raises(lease.LeaseLost), transaction(db):
        lease.hold(db, NAME, "ada")


def test_leases_are_told_apart_by_the_case_of_their_names(db: Session) -> None:
    assert lease.acquire(db, "outbox:a", "ada", 10)
    assert lease.acquire(db, "outbox:A", "bola", 10)


def test_of_many_who_want_a_new_lease_one_gets_it() -> None:
    start, got = threading.Barrier(8), []

    def want(owner: str) -> None:
        start.wait()
        with SessionLocal() as db:
            if lease.acquire(db, NAME, owner, 10):
                got.append(owner)

    threads = [threading.Thread(target=want, args=(f"owner-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
