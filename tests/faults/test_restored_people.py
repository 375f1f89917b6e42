"""Who was shut out after the backup was made is not let in again by it, nor whoever found an old way in."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.database import make_engine, transaction, utc_now
from config.settings import get_settings
from models import Admin, AdminSession, ApiToken
from models.admin import Role
from services import (
    admin_service,
    api_token_service,
    backup_service,
    invite_service,
    replaced_database,
    restore_service,
    session_service,
)
from services.actor import Caller
from services.media_storage import get_media_storage
from tests.faults.test_backup import PASSWORD, Elsewhere

ADA, BOLA = "ada@example.com", "bola@example.com"


def two_people(db: Session, folder: Path) -> tuple[Path, list[str], ApiToken, str]:
    """A backup of a desk with two owners, their sessions, an API token and an open invitation."""
    both = [admin_service.create(db, each, each, PASSWORD, Role.OWNER) for each in (ADA, BOLA)]
    cookies = [session_service.start(db, each, "127.0.0.1", "tests") for each in both]
    token, text = api_token_service.create(db, ADA, "the shop")
    caller = Caller(both[0], "127.0.0.1", session_id=1)
    invite_service.create(db, caller, "chi@example.com", Role.AGENT)
    source = folder / "backup"
    backup_service.make(db.get_bind().engine, get_settings(), get_media_storage(), source)
    return source, cookies, token, text


def active(db: Session) -> list[str]:
    return [admin.email for admin in admin_service.list_active(db)]


def test_what_ended_since_the_backup_does_not_come_to_life(db: Session, tmp_path: Path) -> None:
    source, cookies, token, text = two_people(db, tmp_path)
    elsewhere = Elsewhere(tmp_path)
    told = elsewhere.restore(source)
    assert "Everybody signs in anew" in told
    with elsewhere.opened() as there:
        assert [session_service.find(there, each) for each in cookies] == [None, None]
        assert invite_service.list_open(there) == [], "one may have been used, or taken back, since"
        assert active(there) == [ADA, BOLA], "an empty place knows of nobody who was shut out since"
        assert session_service.sign_in(there, ADA, PASSWORD, "127.0.0.1")[1]
        there.commit()
    assert elsewhere.run("disable-admin", BOLA).returncode == 0
    assert elsewhere.run("revoke-token", str(token.id)).returncode == 0

    told = elsewhere.restore(source, "--force")
    assert "1 shut out since" in told
    with elsewhere.opened() as there:
        assert active(there) == [ADA]
        assert api_token_service.find(there, text) is None
        assert there.scalar(sa.select(sa.func.count()).select_from(AdminSession)) == 0


def test_the_last_owner_of_the_backup_is_let_in(db: Session, tmp_path: Path) -> None:
    """All of its owners were shut out since, by one who came after: nobody could let anybody in again."""
    source, *_ = two_people(db, tmp_path)
    elsewhere = Elsewhere(tmp_path)
    elsewhere.restore(source)
    with elsewhere.opened() as there, transaction(there):
        there.execute(sa.update(Admin).values(disabled_at=utc_now()))
    elsewhere.restore(source, "--force")
    with elsewhere.opened() as there:
        assert active(there) == [BOLA]


def test_a_restore_that_was_broken_off_lets_nobody_in_either(
    db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, *_ = two_people(db, tmp_path)
    elsewhere = Elsewhere(tmp_path)
    elsewhere.restore(source)
    assert elsewhere.run("disable-admin", BOLA).returncode == 0
    monkeypatch.setattr(get_settings(), "data_dir", elsewhere.data_dir)
    there = make_engine(elsewhere.url)
    restore_service.put_back(there, get_settings(), get_media_storage(), source, force=True)
    there.dispose()  # and here it dies
    assert "1 shut out since" in elsewhere.restore(source, "--force")


def test_a_note_of_an_earlier_release_is_read(tmp_path: Path) -> None:
    now = utc_now()
    (tmp_path / replaced_database.UNFINISHED).write_text(json.dumps({"a" * 64: now.isoformat()}))
    before = replaced_database.note(tmp_path, replaced_database.Before())
    assert before.erased == {"a" * 64: now}
