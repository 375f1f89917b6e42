import re
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from obstore.exceptions import GenericError, PermissionDeniedError
from sqlalchemy.orm import Session

from api.routes import media
from config.database import transaction, utc_now
from models import MediaFile, SupportMessage
from models.media_file import MediaState
from services.media_storage import MediaStorage, get_media_storage
from services.media_types import UNKNOWN
from tests.factories import make_admin, make_message
from tests.pretend_meta import wait_until
from tests.running_desk import RunningDesk

MB = 1024 * 1024
PDF = b"%PDF-1.7\n" + b"an invoice " * 500


def keep(db: Session, content: bytes, kind: str = "document", **fields: Any) -> MediaFile:
    """A file that is in the store, of a message in a thread."""
    message = make_message(db, kind=kind, message="")
    given = {
        "message_id": message.id,
        "phone_number_id": "1001",
        "kind": kind,
        "mime_type": "application/pdf",
    }
    row = MediaFile(**given | {"state": MediaState.STORED} | fields)
    with transaction(db):
        db.add(row)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        key = get_media_storage().put(row.id, file)
    with transaction(db):
        row.storage_key = row.thumbnail_key = row.playable_key = key
        db.add(row)
    return row


def get(desk: RunningDesk, row: MediaFile | int, form: str = "", **headers: str) -> httpx2.Response:
    number = row if isinstance(row, int) else row.id
    return desk.api.get(f"/api/support/media/{number}{form}", headers=headers)


def test_a_file_is_saved_and_never_opened_as_a_page(desk: RunningDesk, db: Session) -> None:
    answer = get(desk, keep(db, PDF, filename="Für Ọlá.pdf"))
    assert answer.content == PDF
    told = {name: answer.headers[name] for name in answer.headers}
    assert told["content-type"] == "application/pdf"
    assert told["content-disposition"] == (
        "attachment; filename=\"Fr l.pdf\"; filename*=UTF-8''F%C3%BCr%20%E1%BB%8Cl%C3%A1.pdf"
    )
    assert told["content-security-policy"] == "sandbox; default-src 'none'"
    assert told["x-content-type-options"] == "nosniff"
    assert told["cache-control"] == "no-store"
    assert told["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("act", ["size", "read"])
@pytest.mark.parametrize(
    "error", [PermissionDeniedError("403"), GenericError("503"), OSError(5, "I/O error")]
)
def test_a_store_that_fails_is_told_as_such(
    desk: RunningDesk, db: Session, monkeypatch: pytest.MonkeyPatch, act: str, error: Exception
) -> None:
    row = keep(db, PDF)

    def fail(*_given: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(MediaStorage, act, fail)
        told = get(desk, row)
    assert (told.status_code, told.json()["code"]) == (503, "file_out_of_reach")
    assert get(desk, row).content == PDF


def test_a_silent_store_holds_up_files_and_nothing_else(
    desk: RunningDesk, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opens a thread with many photos asks for all of them at once."""
    row, speaks = keep(db, PDF), threading.Event()
    size = MediaStorage.size

    def silent(storage: MediaStorage, key: str) -> int:
        speaks.wait(60)
        return size(storage, key)

    monkeypatch.setattr(MediaStorage, "size", silent)
    with ThreadPoolExecutor(60) as photos:
        try:
            asked = [photos.submit(get, desk, row, "/thumbnail") for _ in range(60)]
            wait_until(
                lambda: media.FROM_STORE.statistics().tasks_waiting == 60 - media.FROM_STORE.total_tokens
            )
            assert desk.api.get("/api/support/open-tickets").status_code == 200
        finally:
            speaks.set()
        assert {each.result().content for each in asked} == {PDF}


@pytest.mark.parametrize(
    ("kind", "mime_type", "played"),
    [
        ("voice", "audio/ogg", True),
        ("audio", "audio/mpeg", True),
        ("video", "video/mp4", True),
        ("image", "image/jpeg", False),  # as the customer sent it, not made anew
        ("image", UNKNOWN, False),
        ("document", "audio/mpeg", False),
        ("document", "text/plain", False),
        ("video", UNKNOWN, False),
    ],
)
def test_only_sound_and_video_are_played(
    desk: RunningDesk, db: Session, kind: str, mime_type: str, played: bool
) -> None:
    answer = get(desk, keep(db, b"<script>alert(1)</script>", kind, mime_type=mime_type))
    assert (answer.headers["content-disposition"] == "inline") is played
    assert answer.headers["content-type"].split(";")[0] == mime_type


@pytest.mark.parametrize(
    ("given", "saved"),
    [
        ("a.pdf\r\nSet-Cookie: x=1", "a.pdf__Set-Cookie_ x=1.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.ini.pdf"),
        (".htaccess", "htaccess.pdf"),
        ('x"; filename="evil.exe', None),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("", "document-{id}.pdf"),
        (None, "document-{id}.pdf"),
        ("日本語.pdf", "日本語.pdf"),
    ],
)
def test_names_from_outside_are_harmless(
    desk: RunningDesk, db: Session, given: str | None, saved: str | None
) -> None:
    row = keep(db, PDF, filename=given)
    answer = get(desk, row)
    disposition = answer.headers["content-disposition"]
    found = re.fullmatch(
        r"attachment; filename=\"([^\"\\\r\n%]*)\"; filename\*=UTF-8''([\w.%~-]*)", disposition
    )
    assert found, disposition
    assert "set-cookie" not in answer.headers
    name = httpx2.URL(f"http://x/?n={found[2]}").params["n"]
    assert "/" not in name
    assert name.endswith(".pdf")
    if saved and "Cookie" not in saved:
        assert name == saved.format(id=row.id)


def test_what_pretends_to_be_a_photo_gets_another_ending(desk: RunningDesk, db: Session) -> None:
    row = keep(db, b"<html>", "image", mime_type=UNKNOWN, filename="photo.jpg")
    assert 'filename="photo.jpg.bin"' in get(desk, row).headers["content-disposition"]


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-0", 206, 0, 1),
        ("bytes=10-19", 206, 10, 20),
        ("bytes=5000-", 206, 5000, len(PDF)),
        ("bytes=-7", 206, len(PDF) - 7, len(PDF)),
        ("bytes=-999999", 206, 0, len(PDF)),
        ("bytes=0-999999", 206, 0, len(PDF)),
        ("bytes=9-2", 200, 0, len(PDF)),
        ("bytes=0-1,5-6", 200, 0, len(PDF)),
        ("bytes=" + "0-," * 9000, 200, 0, len(PDF)),
        ("bytes=-", 200, 0, len(PDF)),
        ("items=0-1", 200, 0, len(PDF)),
    ],
)
def test_a_part_of_a_file(
    desk: RunningDesk, db: Session, asked: str, status: int, start: int, end: int
) -> None:
    answer = get(desk, keep(db, PDF), Range=asked)
    assert (answer.status_code, answer.content) == (status, PDF[start:end])
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(PDF)}"
        assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_a_part_that_is_not_there(desk: RunningDesk, db: Session, asked: str) -> None:
    answer = get(desk, keep(db, PDF), Range=asked)
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(PDF)}")


def test_a_part_is_only_given_of_the_file_that_was_begun(desk: RunningDesk, db: Session) -> None:
    row = keep(db, PDF)
    tag = get(desk, row).headers["etag"]
    assert get(desk, row, **{"Range": "bytes=0-1", "If-Range": tag}).status_code == 206
    assert get(desk, row, **{"Range": "bytes=0-1", "If-Range": '"other"'}).status_code == 200


def test_files_are_seen_through_their_ticket(desk: RunningDesk, db: Session) -> None:
    seen, outside, deleted = (keep(db, PDF) for _ in range(3))
    theirs, mine = (keep(db, PDF, uploaded_by=admin.id) for admin in (make_admin(db), desk.admin))
    pending = keep(db, PDF)
    with transaction(db):
        for row in (outside, deleted):
            message = db.get_one(SupportMessage, row.message_id)
            if row is outside:
                message.ticket_id = None
            else:
                message.revoked_at = utc_now()
        theirs.message_id = mine.message_id = None
        pending.storage_key = pending.thumbnail_key = pending.playable_key = None
    for form in ("", "/thumbnail", "/playable"):
        for row in (seen, mine):
            assert get(desk, row, form).status_code == 200
        for number in (outside.id, deleted.id, theirs.id, pending.id, 10**6, 0, -1, 2**63, 2**70):
            answer = get(desk, number, form)
            assert (answer.status_code, answer.json()["code"]) == (404, "media_not_found")
        assert desk.stranger.get(f"/api/support/media/{seen.id}{form}").status_code == 401
    assert get(desk, seen, "/thumbnail").headers["content-type"] == "image/webp"
    assert get(desk, seen, "/playable").headers["content-type"] == "audio/mpeg"
    for form in ("/thumbnail", "/playable"):
        assert get(desk, seen, form).headers["content-disposition"] == "inline"


def test_fetch_again_says_what_happens(desk: RunningDesk, db: Session) -> None:
    row = keep(db, PDF, state=MediaState.FAILED, provider_media_id="unknown", error="It failed.")
    with transaction(db):
        row.storage_key = None
    data = desk.data("POST", f"/api/support/media/{row.id}/fetch", json={})
    assert (data["state"], data["error"], data["url"]) == ("pending", None, None)
    assert desk.api.post("/api/support/media/999999/fetch", json={}).status_code == 404
