"""Dashboards that were open before the desk was restored from a backup, and come back."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from api import event_stream
from config.database import transaction
from config.settings import get_settings
from models import SupportTicket
from realtime.events import EventKind, last_seq, record
from services import backup_service, tag_service
from services.media_storage import get_media_storage
from tests.factories import make_ticket
from tests.faults.test_backup import Elsewhere
from tests.webhooks import receive_text


@pytest.mark.promise("P17")
def test_no_dashboard_from_before_goes_on_at_its_cursor(
    db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its cursor counted was lost with the old database, and by now others have these numbers."""
    receive_text(db, "Chat Support")
    in_backup = last_seq(db)
    source, elsewhere = tmp_path / "backup", Elsewhere(tmp_path)
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    elsewhere.restore(source)
    with elsewhere.opened() as restored:
        for kind in (EventKind.TAGS_UPDATED, EventKind.ACCOUNT_UPDATED):
            with transaction(restored):
                record(restored, kind)
        newest = last_seq(restored)
        monkeypatch.setattr(event_stream, "SessionLocal", sessionmaker(restored.get_bind()))
        for cursor in (in_backup - 1, in_backup, in_backup + 1, in_backup + 2):
            [(seq, told)] = event_stream._catch_up(cursor)
            assert (cursor, seq, b"event: reset" in told) == (cursor, newest, True)
        assert [seq for seq, _ in event_stream._catch_up(newest - 2)] == [newest - 2, newest - 1, newest]


@pytest.mark.promise("P35")
def test_no_number_from_after_the_backup_is_given_again(db: Session, tmp_path: Path) -> None:
    """A browser still holds an answer for the ticket of it, which would go to another customer."""
    before = make_ticket(db).id
    source, elsewhere = tmp_path / "backup", Elsewhere(tmp_path)
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    lost = [make_ticket(db).id, tag_service.create(db, "Late").id]
    elsewhere.restore(source)
    for _ in range(2):
        with elsewhere.opened() as restored:
            assert restored.get(SupportTicket, before)
            given = [make_ticket(restored).id, tag_service.create(restored, "Late").id]
        assert all(new > old for new, old in zip(given, lost, strict=True)), (given, lost)
        lost = given
        elsewhere.restore(source, "--force")
