"""Whoever was erased from the desk that a backup replaces stays erased, whatever the backup was made of."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.database import transaction
from config.settings import get_settings
from models import Contact, SupportMessage
from services import backup_service, contact_service, erasure_service
from services.actor import COMMAND_LINE
from services.media_storage import get_media_storage
from tests.faults.test_backup import Elsewhere, data_dir
from tests.webhooks import receive_text

__all__ = ["data_dir"]


def backed_up(db: Session, folder: Path) -> Path:
    source = folder / "backup"
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    return source


@pytest.mark.promise("P36")
def test_an_erasure_that_was_under_way_in_the_backup_is_gone_on_with(db: Session, tmp_path: Path) -> None:
    """It was ended at the desk since; to begin it once more is refused, and no restore would ever end."""
    receive_text(db, "Erase me")
    [contact_id] = db.scalars(sa.select(Contact.id))
    with transaction(db):
        contact_service.lock(db, [contact_id])
        erasure_service._begin(db, contact_id, COMMAND_LINE)
    source, elsewhere = backed_up(db, tmp_path), Elsewhere(tmp_path)
    elsewhere.restore(source)
    elsewhere.restore(source, "--force")
    with elsewhere.opened() as restored:
        assert erasure_service.unfinished(restored) == []
        assert restored.scalars(sa.select(SupportMessage)).all() == []
