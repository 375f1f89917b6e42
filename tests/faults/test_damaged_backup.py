"""A backup that is not as it was made is refused, before anything is changed."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config.database import make_engine
from config.settings import get_settings
from services import backup_service, database_copy, restore_service
from services.media_storage import get_media_storage
from tests.faults.test_backup import Elsewhere, data_dir, elsewhere, keep_file

__all__ = ["data_dir", "elsewhere"]


def damage(source: Path, harm: str, key: str) -> None:
    kept, manifest, outside = source / "media" / key, source / "manifest.json", source.with_name("outside")
    if harm == "change":
        kept.write_bytes(b"b photo")
    elif harm == "half a manifest":
        manifest.write_text('{"sha256": {}}')
    elif harm == "a way out":
        outside.write_bytes(kept.read_bytes())
        manifest.write_text(manifest.read_text().replace(f"media/{key}", "media/../../outside"))
    elif "link" in harm:
        linked = kept if harm == "a link" else source / "media"
        linked.rename(outside)
        linked.symlink_to(outside)
    else:
        (source / ("manifest.json" if harm == "no manifest" else "database")).unlink()


@pytest.mark.parametrize(
    "harm", ["change", "remove", "no manifest", "half a manifest", "a link", "a linked folder", "a way out"]
)
def test_a_damaged_backup_is_not_restored(
    db: Session, tmp_path: Path, elsewhere: Elsewhere, harm: str
) -> None:
    source = tmp_path / "backup"
    key = keep_file(db, b"a photo")
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    damage(source, harm, key)
    with pytest.raises(database_copy.CopyFailed, match=r"damaged|no backup"):
        restore_service.put_back(
            make_engine(elsewhere.url), get_settings(), get_media_storage(), source, force=False
        )
    assert database_copy.is_empty(make_engine(elsewhere.url))


def test_the_folder_of_a_backup_may_be_named_by_a_link(
    db: Session, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    keep_file(db, b"a photo")
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), tmp_path / "backup")
    (tmp_path / "latest").symlink_to(tmp_path / "backup")
    elsewhere.restore(tmp_path / "latest")
