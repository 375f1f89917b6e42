"""The secret key that comes with a backup."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.settings import get_settings
from models import SupportMessage
from services import backup_service
from services.media_storage import get_media_storage
from tests.faults.test_backup import Elsewhere, data_dir
from tests.webhooks import PHONE, receive_text

__all__ = ["data_dir"]


def test_it_takes_the_place_of_the_one_that_is_there_whole(
    db: Session, tmp_path: Path, data_dir: Path
) -> None:
    """A full disk or a kill may leave the old key or the new one: without any, no command would start."""
    key = get_settings().secret_key.get_secret_value()
    data_dir.mkdir()
    (data_dir / "secret-key").write_text(key)
    source, elsewhere = tmp_path / "backup", Elsewhere(tmp_path)
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    elsewhere.data_dir.mkdir()
    kept, before = elsewhere.data_dir / "secret-key", tmp_path / "as it was before"
    kept.write_text("the key of the desk that was here before")
    kept.chmod(0o600)
    before.hardlink_to(kept)
    done = elsewhere.run("restore", str(source), SECRET_KEY="")
    assert done.returncode == 0, done.stderr
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == (key, 0o600)
    assert before.read_text() == "the key of the desk that was here before", "the file itself was emptied"
    assert not list(elsewhere.data_dir.glob("*.new"))


@pytest.mark.promise("P36")
def test_who_was_erased_under_another_key_is_erased_again(
    db: Session, tmp_path: Path, data_dir: Path
) -> None:
    """The key was renewed after the backup was made, and the one before comes back with that."""
    receive_text(db, "Erase me later")
    data_dir.mkdir()
    (data_dir / "secret-key").write_text(get_settings().secret_key.get_secret_value())
    source, elsewhere = tmp_path / "backup", Elsewhere(tmp_path)
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    assert elsewhere.run("restore", str(source), SECRET_KEY="").returncode == 0
    (elsewhere.data_dir / "secret-key").write_text("the key that was made anew since")
    assert elsewhere.run("erase", "--phone", f"+{PHONE}", "--yes", SECRET_KEY="").returncode == 0
    done = elsewhere.run("restore", str(source), "--force", SECRET_KEY="")
    assert "1 erased since" in done.stdout, done.stderr
    with elsewhere.opened() as restored:
        assert restored.scalars(sa.select(SupportMessage)).all() == []


@pytest.mark.parametrize("other", ["short", "a key of some other desk that is long enough"])
def test_a_key_that_is_not_the_backups_is_not_taken(
    db: Session, tmp_path: Path, data_dir: Path, other: str
) -> None:
    """Put into the folder by hand, say: with it no secret would open, with a short one no command start."""
    data_dir.mkdir()
    (data_dir / "secret-key").write_text(get_settings().secret_key.get_secret_value())
    source, elsewhere = tmp_path / "backup", Elsewhere(tmp_path)
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    (source / "secret-key").write_text(other)
    manifest = json.loads((source / "manifest.json").read_text())
    manifest["sha256"]["secret-key"] = backup_service.checksum(source / "secret-key")
    (source / "manifest.json").write_text(json.dumps(manifest))
    refused = elsewhere.run("restore", str(source), SECRET_KEY="")
    assert refused.returncode == 1
    assert refused.stderr.startswith("The backup is damaged: secret-key")
    assert elsewhere.run("migrate", SECRET_KEY="").returncode == 0


@pytest.mark.parametrize(
    "harm", [{"sha256": ["database"]}, {"database": ["sqlite"]}, {"revision": ["015"]}, {"key": 5}]
)
def test_a_list_of_the_backup_that_makes_no_sense_is_told_in_a_sentence(
    db: Session, tmp_path: Path, harm: dict[str, object]
) -> None:
    source, elsewhere = tmp_path / "backup", Elsewhere(tmp_path)
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    manifest = json.loads((source / "manifest.json").read_text())
    (source / "manifest.json").write_text(json.dumps(manifest | harm))
    refused = elsewhere.run("restore", str(source))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "is no backup" in refused.stderr
