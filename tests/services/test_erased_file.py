"""What an erased customer wrote is not in the database's file either, wherever it stood meanwhile."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from config.settings import get_settings
from models import Contact, SupportTicket
from services import erasure_service
from tests.factories import make_contact, make_message, make_ticket

CANARY = "canary-in-a-page"


@pytest.fixture
def file() -> Path:
    address = get_settings().database_url
    if not address.startswith("sqlite"):
        pytest.skip("MariaDB and MySQL use such pages again in their own time")
    return Path(address.removeprefix("sqlite:///"))


@pytest.fixture
def talks(db: Session) -> tuple[Contact, SupportTicket]:
    """The customer's talk, among those of another: pages of the two are put in order when it goes."""
    contact = make_contact(db, name=CANARY)
    ticket, other = make_ticket(db, contact), make_ticket(db)
    for number in range(120):
        make_message(db, other, message="Mine. " * (number % 7))
        make_message(db, ticket, message=f"{CANARY} " * (number % 40), wamid=f"wamid.{CANARY}{number}")
    return contact, other


def content_of(file: Path) -> bytes:
    # not opened here: SQLite's locks are the process's, and closing the file would let go of them all
    files = sorted(file.parent.glob(f"{file.name}*"))
    return subprocess.run(["/bin/cat", *files], capture_output=True, check=True).stdout


@pytest.mark.promise("P36")
def test_no_page_keeps_what_was_moved_before_it_was_overwritten(
    db: Session, file: Path, talks: tuple[Contact, SupportTicket]
) -> None:
    contact, _ = talks
    assert CANARY.encode() in content_of(file)
    erasure_service.erase(db, contact.id)
    assert content_of(file).count(CANARY.encode()) == 0
    assert b"Mine." in content_of(file)


def test_a_large_file_is_not_made_anew_while_others_wait_to_write(
    db: Session, file: Path, talks: tuple[Contact, SupportTicket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure_service, "LARGEST_MADE_ANEW", file.stat().st_size - 1)
    with capture_logs() as lines:
        erasure_service.erase(db, talks[0].id)
    assert "erasure.remains_in_file" in [line["event"] for line in lines]
    assert erasure_service.unfinished(db) == []
