import tempfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction, utc_now
from models import Contact, MediaFile, OutboundMessage
from models.media_file import MediaState
from services.media_storage import get_media_storage
from services.outbound_message_service import enqueue
from tests.factories import make_admin, make_contact
from tests.pretend_media import PretendMedia, Upload
from tests.worker.outbox_desk import NUMBER, put, row, running, states, wait_until
from worker import outbox_uploads

PDF = b"%PDF-1.7 invoice"


@pytest.fixture
def graph() -> Iterator[PretendMedia]:
    with PretendMedia() as graph:
        yield graph


def make_file(db: Session, **fields: Any) -> MediaFile:
    """A paper that an admin uploaded to the desk."""
    given = {
        "uploaded_by": make_admin(db).id,
        "phone_number_id": NUMBER,
        "kind": "document",
        "mime_type": "application/pdf",
        "filename": "Rechnung ä.pdf",
        "state": MediaState.STORED,
    }
    file = MediaFile(**given | fields)
    with transaction(db):
        db.add(file)
    with tempfile.TemporaryFile() as content:
        content.write(PDF)
        key = get_media_storage().put(file.id, content)
    with transaction(db):
        file.storage_key = key
        db.add(file)
    return file


def put_file(db: Session, contact: Contact, file: MediaFile, **more: Any) -> OutboundMessage:
    document = {"media_file_id": file.id, "caption": "Your invoice", "filename": "invoice.pdf"} | more
    return enqueue(db, contact.id, NUMBER, {"type": "document", "document": document})


def test_a_file_is_uploaded_and_then_sent_by_its_id(db: Session, graph: PretendMedia) -> None:
    file = make_file(db)
    message = put_file(db, make_contact(db), file)
    with running(graph.url):
        wait_until(lambda: states() == ["sent"])
    pdf = "application/pdf"
    assert graph.uploads == [Upload(NUMBER, pdf, pdf, f"document-{file.id}.pdf", PDF)]
    assert graph.tokens == {"Bearer token"}
    post = graph.posts[0]
    assert post["document"] == {
        "id": "9000000000000001",
        "caption": "Your invoice",
        "filename": "invoice.pdf",
    }
    assert row(message).attempts == 1
    assert row(message).payload["document"]["media_file_id"] == file.id  # a retry looks anew
    with SessionLocal() as other:
        kept = other.get_one(MediaFile, file.id)
    assert kept.provider_media_id == "9000000000000001"
    assert kept.provider_media_at
    assert kept.provider_media_at > utc_now() - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("fields", "uploads"),
    [
        ({"provider_media_at": utc_now() - timedelta(days=28)}, 0),
        ({"provider_media_at": utc_now() - timedelta(days=30)}, 1),
        ({"provider_media_at": utc_now(), "phone_number_id": "another"}, 1),
        ({"provider_media_at": None}, 1),
    ],
)
def test_an_upload_that_whatsapp_still_has_is_not_repeated(
    db: Session, graph: PretendMedia, fields: dict[str, Any], uploads: int
) -> None:
    file = make_file(db, provider_media_id="7", **fields)
    put_file(db, make_contact(db), file)
    with running(graph.url):
        wait_until(lambda: states() == ["sent"])
    assert len(graph.uploads) == uploads
    assert graph.posts[0]["document"]["id"] == ("9000000000000001" if uploads else "7")


def test_an_upload_of_what_was_erased_meanwhile_is_nobody_elses(db: Session, graph: PretendMedia) -> None:
    """By itself, SQLite gives the number of the row that went to the next one (see GIVEN_ONCE)."""
    late = make_file(db)
    put_file(db, make_contact(db), late)
    with SessionLocal() as other:
        [upload] = outbox_uploads.sort_out(other, other.scalars(select(OutboundMessage)).all()).uploads
    with transaction(db):
        db.delete(late)
    file = make_file(db)
    outbox_uploads.keep(db, upload, NUMBER, "7")
    with SessionLocal() as other:
        assert other.get_one(MediaFile, file.id).provider_media_id is None


def test_a_retry_uploads_again(db: Session, graph: PretendMedia) -> None:
    file = make_file(db, provider_media_id="7", provider_media_at=utc_now() - timedelta(minutes=1))
    first = put_file(db, make_contact(db), file)
    with transaction(db):
        first.state = "failed"
        again = put_file(db, db.get_one(Contact, first.contact_id), file)
        again.retry_of_id = first.id
    with running(graph.url):
        wait_until(lambda: states() == ["failed", "sent"])
    assert [post["document"]["id"] for post in graph.posts] == ["9000000000000001"]


def test_a_files_place_may_be_deep_in_a_template(db: Session, graph: PretendMedia) -> None:
    file = make_file(db)
    header = {"type": "header", "parameters": [{"type": "image", "image": {"media_file_id": file.id}}]}
    payload = {"type": "template", "template": {"name": "news", "components": [header]}}
    enqueue(db, make_contact(db).id, NUMBER, payload)
    with running(graph.url):
        wait_until(lambda: states() == ["sent"])
    sent = graph.posts[0]["template"]["components"][0]["parameters"][0]
    assert sent == {"type": "image", "image": {"id": "9000000000000001"}}


@pytest.mark.parametrize("order", ["500", "hang up", "429", f"id:{'9' * 256}"])
def test_an_upload_that_fails_is_tried_again_and_sent_once(
    db: Session, graph: PretendMedia, order: str
) -> None:
    graph.upload = lambda number: order if number <= 2 else None
    message = put_file(db, make_contact(db), make_file(db))
    with running(graph.url):
        wait_until(lambda: states() == ["sent"])
    assert len(graph.uploads) == 3
    assert len(graph.posts) == 1
    assert row(message).attempts == 3
    assert row(message).error_detail is None


def test_a_file_that_whatsapp_refuses_fails_its_message(db: Session, graph: PretendMedia) -> None:
    graph.upload = lambda number: "400"
    message = put_file(db, make_contact(db), make_file(db))
    with running(graph.url):
        wait_until(lambda: states() == ["failed"])
    assert row(message).error_code == 100
    assert len(graph.uploads) == 1
    assert graph.posts == []


def test_an_upload_that_never_works_is_given_up(db: Session, graph: PretendMedia) -> None:
    graph.upload = lambda number: "hang up"
    message = put_file(db, make_contact(db), make_file(db))
    with transaction(db):
        message.attempts = 8
    with running(graph.url):
        wait_until(lambda: states() == ["failed"])
    assert row(message).error_detail == "The file could not be brought to WhatsApp. Send it again later."
    assert graph.posts == []


@pytest.mark.parametrize("lost", ["object", "state", "row"])
def test_a_lost_file_fails_its_message_in_words(db: Session, graph: PretendMedia, lost: str) -> None:
    file = make_file(db)
    message = put_file(db, make_contact(db), file)
    if lost == "object":
        get_media_storage().delete(file.id)
    with transaction(db):
        if lost == "state":
            file.state = MediaState.FAILED
            db.add(file)
        elif lost == "row":
            db.delete(file)
    with running(graph.url):
        wait_until(lambda: states() == ["failed"])
    assert "no longer has the file" in (row(message).error_detail or "")
    assert (graph.posts, graph.uploads) == ([], [])


def test_a_slow_upload_holds_up_its_own_customer_alone(db: Session, graph: PretendMedia) -> None:
    slow, other = make_contact(db), make_contact(db)
    may_end = threading.Event()
    graph.upload = lambda number: None if may_end.is_set() else "timeout"
    with running(graph.url):
        put_file(db, slow, make_file(db))
        wait_until(lambda: len(graph.uploads) > 0)
        put(db, slow, "after the file")
        for text in ("one", "two", "three"):
            put(db, other, text)
        wait_until(lambda: len(arrived_texts(graph, other)) == 3)
        assert states()[:2] == ["queued", "queued"]
        may_end.set()
    assert states()[:2] == ["queued", "queued"]  # stopped during the upload: it surely has not gone out
    with running(graph.url):
        wait_until(lambda: set(states()) == {"sent"})
    order = [post["type"] for post in graph.posts if post["to"] == f"+{slow.phone_number}"]
    assert order == ["document", "text"]


def arrived_texts(graph: PretendMedia, contact: Contact) -> list[str]:
    texts = [post for post in graph.posts if post["type"] == "text"]
    return [post["text"]["body"] for post in texts if post["to"] == f"+{contact.phone_number}"]


def test_while_whatsapp_is_away_a_file_waits(db: Session) -> None:
    away = PretendMedia()
    with away:
        pass
    message = put_file(db, make_contact(db), make_file(db))
    with running(away.url):
        wait_until(lambda: bool(row(message).error_detail))
        assert (row(message).state, row(message).attempts) == ("queued", 0)
        with away:
            wait_until(lambda: states() == ["sent"])
    assert len(away.posts) == 1
