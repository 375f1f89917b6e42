"""What came after the backup was made does not stay in the store of files where no row names it."""

import io
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.database import make_engine
from config.settings import get_settings
from models import SupportMessage
from services import backup_service, database_copy, erasure_service, restore_service
from services.media_storage import get_media_storage
from tests.faults.test_backup import Elsewhere, data_dir, keep_file

__all__ = ["data_dir"]


def stored(place: Path) -> set[str]:
    """What is in the store, as the store names it."""
    media = place / "media"
    return {str(file.relative_to(media)) for file in media.rglob("*") if file.is_file()}


@pytest.mark.parametrize("is_broken_off", [False, True])
@pytest.mark.promise("P36")
def test_files_from_after_the_backup_go_with_their_rows(
    db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_broken_off: bool
) -> None:
    """Nobody could find them any more, neither to read nor to erase them with their customer."""
    old = keep_file(db, b"from before")
    source, elsewhere = tmp_path / "backup", Elsewhere(tmp_path)
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    elsewhere.restore(source)

    monkeypatch.setattr(get_settings(), "data_dir", elsewhere.data_dir)
    get_media_storage.cache_clear()
    with elsewhere.opened() as there:
        new = keep_file(there, b"from after")
    not_ours = get_media_storage().put(10_000, io.BytesIO(b"of another desk in this bucket"))
    assert stored(elsewhere.data_dir) == {old, new, not_ours}
    if is_broken_off:
        there_again = make_engine(elsewhere.url)
        restore_service.put_back(there_again, get_settings(), get_media_storage(), source, force=True)
        there_again.dispose()  # and here it dies: the row of the new file is gone already
    assert "since the backup was made: 1." in elsewhere.restore(source, "--force")
    assert stored(elsewhere.data_dir) == {old, not_ours}


@pytest.mark.promise("P36")
def test_files_of_who_was_erased_while_the_backup_was_made_are_not_put_back(
    db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are copied before the database, which does not know any more whose they are."""
    kept, erased = keep_file(db, b"of somebody else"), keep_file(db, b"erased meanwhile")
    copy = database_copy.copy

    def erase_and_copy(engine: Engine, target: Path) -> None:
        erasure_service.erase(db, db.scalars(select(SupportMessage.contact_id)).all()[-1])
        copy(engine, target)

    monkeypatch.setattr(database_copy, "copy", erase_and_copy)
    source, elsewhere = tmp_path / "backup", Elsewhere(tmp_path)
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    assert (source / "media" / erased).exists(), "else nothing is shown"
    assert "erased, or that came since the backup was made: 1." in elsewhere.restore(source)
    assert stored(elsewhere.data_dir) == {kept}
