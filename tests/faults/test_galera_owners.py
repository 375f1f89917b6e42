"""What two acts decide at two servers of a cluster at once, where a lock at one is none at the other."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config.database import Base, transaction
from config.database_trouble import is_conflict
from models import Admin
from models.admin import Role
from services import people_service
from services.actor import Caller
from tests.factories import make_admin
from tests.faults.galera_cluster import Cluster, needs_cluster

pytestmark = [*needs_cluster, pytest.mark.timeout(300)]


def test_two_owners_who_shut_each_other_out_at_two_servers_leave_one(cluster: Cluster) -> None:
    Base.metadata.create_all(cluster.engines[1])
    with Session(cluster.engines[1], expire_on_commit=False) as db:
        pair = [make_admin(db, role=Role.OWNER) for _ in range(2)]
    both_decided = threading.Barrier(2)

    def shut_out(number: int) -> bool:
        with Session(cluster.engines[1 + number]) as db:
            try:
                with transaction(db):
                    people_service.disable(db, Caller(pair[number], "127.0.0.1"), pair[1 - number].id)
                    both_decided.wait(60)
            except OperationalError as error:
                return not is_conflict(error)
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(shut_out, range(2))) == [False, True]
    with Session(cluster.engines[3]) as db:
        active = select(func.count()).where(Admin.role == Role.OWNER, Admin.disabled_at.is_(None))
        assert db.scalar(active) == 1
