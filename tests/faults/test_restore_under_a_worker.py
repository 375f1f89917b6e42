"""A restore while something still works with the database that it replaces."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.database import engine
from config.settings import get_settings
from models import OutboundMessage
from services import backup_service
from services.media_storage import get_media_storage
from services.outbound_message_service import enqueue
from tests.factories import make_ticket
from tests.faults.test_backup import Elsewhere, data_dir
from tests.webhooks import NUMBER

__all__ = ["data_dir"]


@pytest.mark.skipif(engine.dialect.name == "sqlite", reason="whoever has SQLite's file open notices it")
def test_it_is_refused_and_nothing_that_waited_then_is_sent_again(db: Session, tmp_path: Path) -> None:
    """A worker without a server answers at no address, and would send what comes with the backup."""
    enqueue(db, make_ticket(db).contact_id, NUMBER, {"type": "text", "text": {"body": "Once"}})
    source, elsewhere = tmp_path / "backup", Elsewhere(tmp_path)
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    elsewhere.restore(source)
    with elsewhere.opened() as worker:
        worker.execute(sa.update(OutboundMessage).values(state="sent"))
        worker.commit()
        worker.connection()
        refused = elsewhere.run("restore", str(source), "--force")
        assert refused.returncode == 1
        assert "a worker" in refused.stderr
        assert worker.scalars(sa.select(OutboundMessage.state)).all() == ["sent"]
    elsewhere.restore(source, "--force")
