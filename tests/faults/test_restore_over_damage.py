"""A backup takes the place of a database that is broken, which is what most of them are made for."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.settings import get_settings
from models import InboundEvent
from services import backup_service
from services.media_storage import get_media_storage
from tests.faults.test_backup import Elsewhere, data_dir
from tests.webhooks import receive_text

__all__ = ["data_dir"]

pytestmark = pytest.mark.skipif(
    os.environ.get("TEST_DATABASE", "sqlite") != "sqlite", reason="a database server mends its own files"
)

PAGE = 4096


@pytest.mark.parametrize("kept", [0, PAGE])
@pytest.mark.promise("P35")
def test_a_broken_database_is_replaced_and_said_to_be_lost(db: Session, tmp_path: Path, kept: int) -> None:
    source, elsewhere = tmp_path / "backup", Elsewhere(tmp_path)
    receive_text(db, "Hello")
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    elsewhere.restore(source)
    file = elsewhere.data_dir / "chat-support.db"
    content = file.read_bytes()
    file.write_bytes(content[:kept] + b"\xff" * (len(content) - kept))
    refused = elsewhere.run("restore", str(source))
    assert refused.returncode == 1
    assert "--force" in refused.stderr, "a broken database may still be worth something to somebody"
    done = elsewhere.run("restore", str(source), "--force")
    assert done.returncode == 0, done.stderr
    assert "erased since the backup was made" in done.stderr
    with elsewhere.opened() as restored:
        assert restored.scalar(sa.select(sa.func.count()).select_from(InboundEvent)) == 1
