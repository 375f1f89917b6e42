"""What comes while retention clears away, or is asked for afterwards."""

import time
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction
from config.settings import get_settings
from models import Contact, MediaFile, SupportMessage
from services import erasure_service
from services.media_fetch_service import fetch_again
from tests.factories import make_ticket
from tests.webhooks import receive_text
from tests.worker.test_clock import a_file, a_round, days, store

__all__ = ["store"]


def test_a_file_that_was_not_to_be_kept_is_not_waited_for(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where files are kept for less than the seven days for which WhatsApp has them."""
    monkeypatch.setattr(get_settings(), "keep_media_days", 3)
    gone = a_file(db, make_ticket(db, status="CLOSED", resolved_at=days(1)), 4)
    a_round(db)
    row = db.get_one(MediaFile, gone)
    fetch_again(db, row)
    assert (row.state, row.error) == ("failed", "The desk keeps files for 3 days, and this one is older.")


@pytest.mark.parametrize("back", ["2348090000001", "2348090000002"])
def test_who_writes_while_strangers_are_cleared_away_is_none(
    db: Session, monkeypatch: pytest.MonkeyPatch, back: str
) -> None:
    """Up to twenty are chosen at once, and each takes a while: the inbox is searched for their names."""
    for number in ("2348090000001", "2348090000002"):
        receive_text(db, "Hello", **{"from": number})
    with transaction(db):
        db.execute(sa.update(SupportMessage).values(created_at=days(2200)))
        db.execute(sa.update(Contact).values(updated_at=days(2195)))
    monkeypatch.setattr(get_settings(), "keep_conversations_days", 2190)
    forget, late = erasure_service._forget_events, [str(int(time.time()) + 60)]

    def forget_while_they_write(session: Session, *given: Any) -> None:
        forget(session, *given)
        while late:
            with SessionLocal() as other:
                receive_text(other, "I am back", **{"from": back, "timestamp": late.pop()})

    monkeypatch.setattr(erasure_service, "_forget_events", forget_while_they_write)
    a_round(db)
    left = db.scalars(sa.select(Contact.phone_number).where(Contact.phone_number.is_not(None)))
    assert left.all() == [back]
    assert "I am back" in db.scalars(sa.select(SupportMessage.message)).all()
