"""A command that is told to stop in the middle, or whose terminal goes away, tidies up after itself."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.database import transaction
from config.settings import ROOT
from models.media_file import MediaFile, MediaState
from models.support_ticket import MessageKind
from tests.factories import make_message, make_ticket
from tests.test_cli import Run, environment, run
from tests.test_cli_secrets import database

__all__ = ["database", "run"]

KEY = "1/large"
BYTES = 2 * 1024**3
"""So many zeros, which take no room on the disk, and to copy them takes a while."""


@pytest.fixture
def large_file(database: Engine, tmp_path: Path) -> int:
    """A customer's, which the store has; the customer's number."""
    kept = tmp_path / "media" / KEY
    kept.parent.mkdir(parents=True)
    with kept.open("wb") as file:
        file.truncate(BYTES)
    with Session(database) as db, transaction(db):
        ticket = make_ticket(db)
        message = make_message(db, ticket, kind=MessageKind.DOCUMENT)
        db.add(
            MediaFile(
                message_id=message.id,
                phone_number_id="1",
                kind="document",
                state=MediaState.STORED,
                storage_key=KEY,
            )
        )
        contact_id: int = ticket.contact_id
    return contact_id


@pytest.fixture
def with_terminal() -> Iterator[None]:
    """Under `nohup` the tests, and all that they start, would not hear of the end of a terminal."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("with_terminal")
@pytest.mark.parametrize("command", ["backup", "export-contact"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_nothing_half_stays_behind(
    large_file: int, tmp_path: Path, run: Run, command: str, number: signal.Signals
) -> None:
    target = tmp_path / "target"
    who = ["--contact", str(large_file)] if command == "export-contact" else []
    with subprocess.Popen(
        [sys.executable, "cli.py", command, str(target), *who], cwd=ROOT, env=environment(tmp_path)
    ) as process:
        while process.poll() is None and not target.exists():
            time.sleep(0.01)
        process.send_signal(number)
    assert not target.exists()
    assert process.returncode == 128 + number
    (tmp_path / "media" / KEY).write_bytes(b"small")
    assert run(command, str(target), *who).returncode == 0, "nothing stands in its way"
