"""The number of a row that went is not given to the next one, which may be another customer's."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from api import event_stream
from config.database import Base, engine
from models import SupportMessage
from realtime import events
from services import erasure_service
from tests.webhooks import receive_text


@pytest.mark.skipif(engine.dialect.name != "sqlite", reason="only SQLite gives a number twice")
def test_sqlite_keeps_the_numbers_of_what_the_models_say_is_given_once(db: Session) -> None:
    kept = sa.text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
    given_once = set(db.scalars(kept))
    said = {
        table.name
        for table in Base.metadata.sorted_tables
        if table.dialect_options["sqlite"]["autoincrement"]
    }
    assert given_once == said
    assert SupportMessage.__tablename__ in said


@pytest.mark.promise("P17", "P36")
def test_whoever_was_away_is_not_told_another_customers_words_for_those_of_one_who_was_erased(
    db: Session,
) -> None:
    """The news of the erased customer's messages is still there, by their numbers."""
    away_since = events.last_seq(db)
    receive_text(db, "Chat Support", **{"from": "2348030000001"})
    receive_text(db, "Mine alone", **{"from": "2348030000001"})
    erased = db.scalars(sa.select(SupportMessage.contact_id)).first()
    assert erased is not None
    erasure_service.erase(db, erased)
    receive_text(db, "Chat Support", **{"from": "2348030000002"})
    receive_text(db, "For another", **{"from": "2348030000002"})
    told = [
        frame
        for _, frame in event_stream._frames_after(away_since)
        if b"event: message." in frame and b"For another" in frame
    ]
    ticket_id = db.scalars(
        sa.select(SupportMessage.ticket_id).where(SupportMessage.message == "For another")
    ).one()
    assert told
    assert all(f'"ticket_id":{ticket_id},"message"'.encode() in frame for frame in told), told
