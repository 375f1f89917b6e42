"""Whoever was erased from the desk that a backup replaces stays erased, whatever the backup was made of."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.database import make_engine, transaction
from config.settings import get_settings
from models import Contact, SupportMessage
from models.contact import ContactIdentity
from services import backup_service, contact_service, erasure_service, restore_service
from services.actor import COMMAND_LINE
from services.media_storage import get_media_storage
from tests.faults.test_backup import Elsewhere, data_dir
from tests.webhooks import PHONE, receive_text
from whatsapp.incoming import Person

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


@pytest.mark.parametrize("is_broken_off", [False, True])
@pytest.mark.promise("P36")
def test_who_was_erased_under_a_key_that_nobody_names_any_more_is_erased_again(
    db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_broken_off: bool
) -> None:
    """A key of the environment is not in the backup, whose own must be set: the newer hashes mean nothing."""
    receive_text(db, "Erase me later")
    with transaction(db):
        stays = contact_service.resolve(db, [Person("2348035550199", None, None, "Bola", None)])[0].id
    source, elsewhere = backed_up(db, tmp_path), Elsewhere(tmp_path)
    elsewhere.restore(source)
    done = elsewhere.run("erase", "--phone", f"+{PHONE}", "--yes", SECRET_KEY="another-key-than-before" * 2)
    assert done.returncode == 0, done.stderr
    if is_broken_off:
        monkeypatch.setattr(get_settings(), "data_dir", elsewhere.data_dir)
        there = make_engine(elsewhere.url)
        restore_service.put_back(there, get_settings(), get_media_storage(), source, force=True)
        there.dispose()  # and here it dies
    assert "1 erased since" in elsewhere.restore(source, "--force")
    with elsewhere.opened() as restored:
        assert restored.scalars(sa.select(SupportMessage)).all() == []
        assert restored.scalars(sa.select(ContactIdentity.contact_id)).all() == [stays]
