"""After a restore that was broken off half a desk may be there, and nobody takes it for a whole one."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config.settings import get_settings
from services import backup_service, replaced_database
from services.media_storage import get_media_storage
from tests.faults.test_backup import Elsewhere, data_dir
from tests.webhooks import PHONE, receive_text

__all__ = ["data_dir"]


@pytest.mark.parametrize("command", [["backup"], ["export-contact", "--phone", f"+{PHONE}"]])
def test_nothing_is_handed_out_that_may_be_half(db: Session, tmp_path: Path, command: list[str]) -> None:
    """A copy of every night would take the place of the last whole one, and say that it went well."""
    receive_text(db, "Keep me")
    source, target, elsewhere = tmp_path / "backup", tmp_path / "target", Elsewhere(tmp_path)
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    elsewhere.restore(source)
    replaced_database.note(elsewhere.data_dir, replaced_database.Before())  # the next one died here
    refused = elsewhere.run(*command, str(target))
    assert (refused.returncode, target.exists()) == (1, False)
    assert refused.stderr.startswith("A restore was broken off.")
    assert "WRONG  restore    A restore was broken off." in elsewhere.run("doctor").stdout

    elsewhere.restore(source, "--force")
    assert elsewhere.run(*command, str(target)).returncode == 0
