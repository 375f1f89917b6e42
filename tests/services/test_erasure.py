"""Erased means gone from everywhere, and stays gone when WhatsApp brings old messages again."""

import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from config.settings import get_settings
from models import (
    AccountEvent,
    Base,
    Contact,
    ErasedIdentity,
    Erasure,
    InboundEvent,
    MediaFile,
    OutboundMessage,
    SupportMessage,
    SupportTicket,
)
from models.support_ticket import LIVE_STATUSES, TicketStatus
from services import erasure_service, message_removal_service, note_service, retention_service
from services.contact_change_service import ContactNotFound
from services.contact_service import ContactErased
from services.media_storage import FileMissing, MediaStorage, get_media_storage
from services.support_service import SupportService
from tests.desk import count
from tests.factories import make_admin, make_contact, make_message, make_ticket
from tests.services.erasable_customer import (
    NAME,
    PHONE,
    USER_ID,
    WORDS,
    Traces,
    canaries,
    found_in_tables,
    leave_traces,
    wamid,
)
from tests.webhooks import NUMBER, body_of, deliver, message, messages_body, settle, status, statuses_body

LONG_AGO = utc_now() - retention_service.ACCOUNT_NEWS - timedelta(days=1)


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store of the test's own."""
    monkeypatch.setattr(get_settings(), "data_dir", tmp_path)
    get_media_storage.cache_clear()
    yield tmp_path / "media"
    get_media_storage.cache_clear()


@pytest.fixture
def traces(db: Session) -> Traces:
    return leave_traces(db)


def found_in_files(folder: Path) -> dict[str, list[str]]:
    """As `grep -a` finds them: in the database's file, in its log, and in the store of files."""
    found: dict[str, list[str]] = {}
    database = get_settings().database_url.removeprefix("sqlite:///")
    files = [path for path in folder.rglob("*") if path.is_file()]
    if database.startswith("/"):
        files += Path(database).parent.glob(f"{Path(database).name}*")
    for path in files:
        # not opened here: SQLite's locks are the process's, and closing the file would let go of them all
        content = subprocess.run(["/bin/cat", path], capture_output=True, check=True).stdout
        if here := [each for each in canaries() if each.encode() in content]:
            found[path.name] = here
    return found


def test_every_canary_is_somewhere_before(db: Session, traces: Traces, storage: Path) -> None:
    tables, files = found_in_tables(), found_in_files(storage)
    everywhere = {each for found in (tables, files) for here in found.values() for each in here}
    assert set(canaries()) - everywhere == set(), "a canary that is nowhere proves nothing"
    assert len(canaries()) >= 30
    assert {"inbound_events", "support_messages", "outbound_messages", "account_events", "contacts"} <= set(
        tables
    )


@pytest.mark.promise("P36")
def test_an_erased_customer_is_nowhere(
    db: Session, traces: Traces, storage: Path, caplog: pytest.LogCaptureFixture
) -> None:
    erasure_service.erase(db, traces.contact_id)
    assert found_in_tables() == {}
    assert found_in_files(storage) == {}
    assert [each for each in canaries() if each in caplog.text] == []
    with pytest.raises(FileMissing):
        get_media_storage().size(f"{traces.media_id}/anything")
    ticket = db.get_one(SupportTicket, traces.ticket_id, populate_existing=True)
    assert (ticket.sender_name, ticket.status, ticket.live_contact_id) == ("Erased customer", "CLOSED", None)
    others = db.scalars(sa.select(SupportTicket.sender_name).where(SupportTicket.id != traces.ticket_id))
    assert others.all() == ["Somebody else"]


def test_years_later_the_thread_of_another_does_not_name_them_either(db: Session, traces: Traces) -> None:
    with transaction(db):
        db.execute(sa.update(AccountEvent).values(created_at=LONG_AGO, dismissed_at=LONG_AGO))
    while retention_service.step(db, get_settings(), retention_service.small_things):
        pass
    erasure_service.erase(db, traces.contact_id)
    assert found_in_tables() == {}


def test_news_of_them_goes_as_well_when_its_webhook_is_kept_no_more(db: Session, traces: Traces) -> None:
    with transaction(db):
        db.execute(sa.update(InboundEvent).values(received_at=LONG_AGO))
    while retention_service.step(db, get_settings(), retention_service.webhooks):
        pass
    erasure_service.erase(db, traces.contact_id)
    assert found_in_tables() == {}


@pytest.mark.promise("P36")
def test_the_search_for_canaries_sees_a_forgotten_table(
    db: Session, traces: Traces, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_removal_service, "blank_events", lambda *_: None)
    monkeypatch.setattr(erasure_service, "blank_events", lambda *_: None)
    monkeypatch.setattr(MediaStorage, "delete", lambda *_: None)
    erasure_service.erase(db, traces.contact_id)
    assert set(found_in_tables()) == {"inbound_events"}
    assert found_in_files(storage)


@pytest.mark.promise("P36")
def test_old_webhooks_that_come_again_bring_nothing_back(db: Session, traces: Traces) -> None:
    erasure_service.erase(db, traces.contact_id)
    with transaction(db):  # as after a year, when even the keys are forgotten
        db.execute(sa.delete(InboundEvent))
    before = count(Contact), count(SupportMessage), count(SupportTicket)
    for body in traces.bodies:
        deliver(db, body)
    settle(db)
    assert (count(Contact), count(SupportMessage), count(SupportTicket)) == before
    # a malformed item is not looked into
    nameless = {WORDS["quarantined"], PHONE, USER_ID}
    assert {each for here in found_in_tables().values() for each in here} <= nameless


def test_the_key_of_an_event_outlives_its_words(db: Session, traces: Traces) -> None:
    erasure_service.erase(db, traces.contact_id)
    before = count(InboundEvent)
    for body in traces.bodies:
        deliver(db, body)
    settle(db)
    assert count(InboundEvent) == before
    assert found_in_tables() == {}


def test_whoever_was_erased_may_write_anew(db: Session, traces: Traces) -> None:
    erasure_service.erase(db, traces.contact_id)
    late = message("I am back", **{"from": PHONE}, from_user_id=USER_ID, timestamp=str(int(time.time()) + 60))
    deliver(db, messages_body(late))
    deliver(db, statuses_body(status("wamid.of-the-answer", recipient_id=PHONE)))
    settle(db)
    row = db.scalars(sa.select(SupportMessage).where(SupportMessage.wamid == late["id"])).one()
    assert row.contact_id != traces.contact_id
    erasure_service.erase(db, row.contact_id)
    assert found_in_tables() == {}


def test_an_erasure_by_a_clock_that_was_a_day_ahead_keeps_nobody_silent(db: Session, traces: Traces) -> None:
    erasure_service.erase(db, traces.contact_id)
    with transaction(db):
        db.execute(sa.update(ErasedIdentity).values(erased_at=utc_now() + timedelta(days=1)))
    back = message("I am back", **{"from": PHONE}, from_user_id=USER_ID, timestamp=str(int(time.time())))
    deliver(db, messages_body(back))
    settle(db)
    assert db.scalars(sa.select(SupportMessage).where(SupportMessage.wamid == back["id"])).all()


@pytest.mark.parametrize("field", ["user_preferences", "group_participants_update"])
def test_news_of_them_that_come_late_are_not_kept(db: Session, traces: Traces, field: str) -> None:
    erasure_service.erase(db, traces.contact_id)
    them = {"wa_id": PHONE, "user_id": USER_ID, "profile": {"name": NAME}}
    other = {"wa_id": "2348039999999", "user_id": "NG.SomebodyElse"}
    deliver(
        db, body_of({"metadata": {"phone_number_id": NUMBER}, field: [{"contacts": [them]}]}, field=field)
    )
    deliver(
        db, body_of({"metadata": {"phone_number_id": NUMBER}, field: [{"contacts": [other]}]}, field=field)
    )
    settle(db)
    assert found_in_tables() == {}
    assert count(AccountEvent) == 1


def test_a_status_that_comes_late_leaves_no_trace(db: Session, traces: Traces) -> None:
    erasure_service.erase(db, traces.contact_id)
    them = {"recipient_id": PHONE, "recipient_user_id": USER_ID}
    sent = db.scalars(sa.select(OutboundMessage.callback_id)).first()  # WhatsApp gives it back with each tick
    errors = [{"code": 4711, "title": "x", "error_data": {"details": f"{NAME} has moved"}}]
    late = status(wamid(901), "failed", biz_opaque_callback_data=sent, errors=errors, **them)
    deliver(db, statuses_body(status("wamid.never-heard-of", **them), late))
    settle(db)
    assert found_in_tables() == {}


def test_what_waits_in_the_inbox_is_refused(db: Session, traces: Traces) -> None:
    deliver(
        db, messages_body(message("canary-first-words-01 again", **{"from": PHONE}, from_user_id=USER_ID))
    )
    erasure_service.erase(db, traces.contact_id)
    assert set(found_in_tables()) == {"inbound_events"}, "it is worked off in its turn"
    settle(db)
    assert found_in_tables() == {}


@pytest.mark.promise("P36")
def test_a_process_that_dies_leaves_the_rest_to_be_taken_up(
    db: Session, traces: Traces, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(message_removal_service, "BATCH", 3)
        patch.setattr(erasure_service, "_forget_events", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erasure_service.erase(db, traces.contact_id)
    assert found_in_tables()
    db.rollback()
    [erasure] = erasure_service.unfinished(db)
    erasure_service.resume(db, erasure)
    assert found_in_tables() == {}
    assert found_in_files(storage) == {}
    assert erasure_service.unfinished(db) == []


def test_nobody_else_loses_anything(db: Session, traces: Traces) -> None:
    other = make_ticket(db)
    make_message(db, other, message="Mine")
    kept = make_message(db, other, message="Also mine")
    with transaction(db):
        db.add(MediaFile(message_id=kept.id, phone_number_id="1", kind="image"))
    erasure_service.erase(db, traces.contact_id)
    texts = sa.select(SupportMessage.message).where(SupportMessage.ticket_id == other.id)
    assert db.scalars(texts).all() == ["Mine", "Also mine"]
    assert count(MediaFile) == 1


def test_who_is_unknown_or_erased_cannot_be_erased(db: Session, traces: Traces) -> None:
    erasure_service.erase(db, traces.contact_id)
    for contact_id in (traces.contact_id, 10**6, -1, 2**40):
        with pytest.raises(ContactNotFound):
            erasure_service.erase(db, contact_id)
    assert count(Erasure) == 1


@pytest.mark.promise("P36")
@pytest.mark.parametrize("status", list(TicketStatus))
def test_nobody_writes_of_them_any_more(db: Session, status: TicketStatus) -> None:
    """Else what was being written while they were erased would stay: nobody is erased twice."""
    ada = make_admin(db)
    ended = None if status in LIVE_STATUSES else utc_now()
    contact = make_contact(db)
    ticket = make_ticket(db, contact, status=status, resolved_at=ended)
    erasure_service.erase(db, contact.id)
    for act in (
        lambda: SupportService.add_message(db, ticket.id, "admin", "Ada", f"Dear {NAME}", admin_id=ada.id),
        lambda: SupportService.add_message(db, ticket.id, "user", "", f"{NAME} called"),
        lambda: note_service.add(db, ticket.id, ada, f"{NAME} will call"),
        lambda: SupportService.update_ticket_status(db, ticket.id, "OPEN"),
    ):
        with pytest.raises(ContactErased):
            act()
    rows = sa.select(SupportMessage.id).where(SupportMessage.contact_id == contact.id)
    assert db.scalars(rows).all() == []


def test_every_column_that_stays_is_emptied_or_known_to_hold_nobody() -> None:
    emptied = {
        "contacts": {
            *("name", "profile_name", "phone_number", "username", "language", "timezone", "note"),
        },
        "support_tickets": {"phone_number", "sender_name", "issue_description", "last_message_preview"},
        "outbound_messages": {"payload", "wamid", "error_detail"},
    }
    holds_nobody = {
        "contacts": set(),
        "support_tickets": {"status", "priority", "phone_number_id"},
        "outbound_messages": {"phone_number_id", "callback_id", "state", "pricing"},
    }
    for name, columns in emptied.items():
        texts = {
            column.name
            for column in Base.metadata.tables[name].columns
            if isinstance(column.type, (sa.String, sa.JSON))
        }
        assert texts == columns | holds_nobody[name], f"what does erasing do with a column of {name}?"
