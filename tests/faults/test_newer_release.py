"""An older program meets what a newer one left: it says so, and touches nothing."""

import json
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from config.database import transaction
from config.settings import get_settings
from services import admin_service, backup_service
from services.media_storage import get_media_storage
from tests.faults.test_backup import Elsewhere, data_dir, elsewhere

__all__ = ["data_dir", "elsewhere"]

NEWER = "of a newer release"


def test_its_backup_does_not_take_the_place_of_the_database(
    db: Session, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    source, newer = tmp_path / "backup", tmp_path / "newer"
    for target in (source, newer):
        backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), target)
    elsewhere.restore(source)
    elsewhere.run("create-admin", "bola@example.org")
    manifest = json.loads((newer / "manifest.json").read_text())
    (newer / "manifest.json").write_text(json.dumps(manifest | {"revision": "of_tomorrow"}))
    done = elsewhere.run("restore", str(newer), "--force")
    assert done.returncode == 1
    assert NEWER in done.stderr
    assert "Traceback" not in done.stderr
    with elsewhere.opened() as there:
        assert admin_service.find_active(there, "bola@example.org"), "the database that was there"
    assert elsewhere.run("migrate").returncode == 0


def test_its_database_is_left_as_it_is(elsewhere: Elsewhere) -> None:
    assert elsewhere.run("migrate").returncode == 0
    with elsewhere.opened() as there, transaction(there):
        there.execute(text("UPDATE alembic_version SET version_num = 'of_tomorrow'"))
    for command in ("migrate", "serve"):
        done = elsewhere.run(command)
        assert done.returncode == 1
        assert NEWER in done.stderr
        assert "Traceback" not in done.stderr
    assert NEWER in elsewhere.run("doctor").stdout, "and not that migrate helps"
