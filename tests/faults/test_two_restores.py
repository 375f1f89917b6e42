"""Two restores into one desk at once: one of them makes it, and the other changes nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.settings import ROOT, get_settings
from models import SupportTicket
from services import backup_service, replaced_database
from services.media_storage import get_media_storage
from tests.factories import make_ticket
from tests.faults.test_backup import Elsewhere, data_dir

__all__ = ["data_dir"]


@pytest.mark.promise("P35")
def test_the_second_is_refused_and_the_desk_does_not_start_meanwhile(db: Session, tmp_path: Path) -> None:
    """Each would take away what says that the other is not finished, and call the other's desk its own."""
    sources = []
    for number in range(2):
        make_ticket(db)
        sources.append(tmp_path / f"backup-{number}")
        backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), sources[-1])
    elsewhere = Elsewhere(tmp_path)
    own = {"DATABASE_URL": elsewhere.url, "DATA_DIR": str(elsewhere.data_dir)}
    with subprocess.Popen(
        [sys.executable, "cli.py", "restore", str(sources[0])],
        cwd=ROOT,
        env={**os.environ, **own, "SECRET_KEY": get_settings().secret_key.get_secret_value()},
        stdout=subprocess.DEVNULL,
    ) as first:
        while first.poll() is None and not (elsewhere.data_dir / replaced_database.UNFINISHED).exists():
            time.sleep(0.001)
        first.send_signal(signal.SIGSTOP)
        try:
            told = [elsewhere.run(*each) for each in (["restore", str(sources[1]), "--force"], ["serve"])]
        finally:
            first.send_signal(signal.SIGCONT)
    assert [each.returncode for each in told] == [1, 1]
    assert "is under way" in told[0].stderr or "is connected" in told[0].stderr
    assert "is under way" in told[1].stderr
    assert first.returncode == 0
    with elsewhere.opened() as restored:
        assert restored.scalar(sa.select(sa.func.count()).select_from(SupportTicket)) == 1
    elsewhere.restore(sources[1], "--force")
