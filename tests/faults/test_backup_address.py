"""The programs that copy MariaDB and MySQL go to the server to which the desk goes."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.database import make_engine
from services import database_copy
from tests.mariadb_server import create_database
from tests.ports import free_port


def _socket(db: Session) -> str:
    return str(db.scalar(sa.text("SELECT @@socket")))


@pytest.mark.parametrize("way", ["by its name", "by its socket"])
def test_a_server_beside_us_is_the_one_of_the_address(db: Session, tmp_path: Path, way: str) -> None:
    """Of `localhost` the programs make the usual socket, where nobody may be, or another server."""
    here = db.get_bind().engine.url
    if here.get_backend_name() == "sqlite":
        pytest.skip("It is copied by no other program.")
    assert here.port is not None
    empty = sa.make_url(create_database(here.port, f"{here.database}_beside"))
    query = {"unix_socket": _socket(db)} if way == "by its socket" else {}
    port = None if query else here.port
    source, target = (url.set(host="localhost", port=port, query=query) for url in (here, empty))
    copied = tmp_path / "database"
    database_copy.copy(make_engine(source.render_as_string(hide_password=False)), copied)
    engine = make_engine(target.render_as_string(hide_password=False))
    database_copy.replace(engine, copied)
    assert not database_copy.is_empty(engine)
    engine.dispose()


def test_of_a_cluster_it_is_the_server_that_is_there(db: Session, tmp_path: Path) -> None:
    """A cluster's first server may be down on the very day of the backup, or of the restore."""
    here = db.get_bind().engine.url
    if here.get_backend_name() == "sqlite":
        pytest.skip("It has no servers.")
    assert here.port is not None
    empty = sa.make_url(create_database(here.port, f"{here.database}_of_a_cluster"))
    source, target = (
        make_engine(
            url.set(port=free_port(), query={"host": f"127.0.0.1:{here.port}"}).render_as_string(
                hide_password=False
            )
        )
        for url in (here, empty)
    )
    copied = tmp_path / "database"
    database_copy.copy(source, copied)
    database_copy.replace(target, copied)
    assert not database_copy.is_empty(target)
    for engine in (source, target):
        engine.dispose()
