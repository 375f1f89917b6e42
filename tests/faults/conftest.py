"""Every test of faults has a pretend Meta of its own, and desks in other processes."""

import os

import pytest

from tests.faults.galera_cluster import cluster
from tests.pretend_meta import pretend_meta
from tests.running_desk import desk

__all__ = ["cluster", "desk", "pretend_meta"]

LONG_ON_MARIADB = {"test_limits", "test_other_outages", "test_processes"}
"""About what stands before the database; on SQLite they always run, on MariaDB with --exhaustive."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the longest outages out of a usual run on MariaDB."""
    if os.environ.get("TEST_DATABASE", "sqlite") == "sqlite" or config.getoption("--exhaustive"):
        return
    for item in items:
        if item.path.stem in LONG_ON_MARIADB and item.path.parent.name == "faults":
            item.add_marker(pytest.mark.skip(reason="minutes on MariaDB: --exhaustive"))


@pytest.fixture
def exhaustive(request: pytest.FixtureRequest) -> bool:
    """Whether to take every kill, and outages as long as in life."""
    return bool(request.config.getoption("--exhaustive"))


@pytest.fixture
def outage_seconds(exhaustive: bool) -> float:
    """How long what is away stays away."""
    return 60.0 if exhaustive else 6.0
