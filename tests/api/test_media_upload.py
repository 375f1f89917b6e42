import io
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import av
import httpx2
import pytest
from obstore.store import LocalStore
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction
from models import MediaFile
from services import api_token_service, media_upload_service
from services.media_conversion import convert
from services.media_storage import MediaStorage
from tests.desk import count
from tests.factories import make_admin, make_message
from tests.pretend_media import on_its_side, photo, png_bomb, sound, video
from tests.running_desk import RunningDesk

MB = 1024 * 1024
PDF = b"%PDF-1.7\n" + b"an invoice " * 500


def upload(
    desk: RunningDesk, content: bytes, kind: str, filename: str = "", ticket_id: int = 0
) -> httpx2.Response:
    query = {"ticket_id": ticket_id or desk.open_ticket()["id"], "kind": kind, "filename": filename}
    return desk.api.post("/api/support/media", params=query, content=content)


def uploaded(
    desk: RunningDesk, content: bytes, kind: str, filename: str = ""
) -> tuple[dict[str, Any], bytes]:
    """What the desk says of the file, and what it kept."""
    response = upload(desk, content, kind, filename)
    assert response.status_code == 200, response.text
    data = response.json()["data"]
    return data, desk.api.get(data["url"]).content


def test_a_photo_that_fits_is_kept_as_it_is(desk: RunningDesk, db: Session) -> None:
    content = photo(800, 600)
    data, kept = uploaded(desk, content, "image", "../shop.jpg")
    assert kept == content
    assert (data["mime_type"], data["filename"], data["size"]) == ("image/jpeg", "shop.jpg", len(content))
    assert (data["width"], data["height"], data["state"]) == (800, 600, "stored")
    assert desk.api.get(data["thumbnail_url"]).headers["content-type"] == "image/webp"
    row = db.scalars(select(MediaFile)).one()
    assert (row.message_id, row.uploaded_by, row.phone_number_id) == (None, desk.admin.id, "100000000000001")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_is_told_in_words(
    desk: RunningDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file comes in, and where files are kept."""
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "TemporaryFile", partial(Path("/dev/full").open, "r+b", buffering=0))
        coming = upload(desk, PDF, "document", "invoice.pdf")
    folder = tmp_path / "kept"
    folder.mkdir()
    kept = MediaStorage(LocalStore(folder))
    monkeypatch.setattr(media_upload_service, "get_media_storage", lambda: kept)
    folder.rmdir()
    folder.touch()  # nothing can be put in there
    keeping = upload(desk, PDF, "document", "invoice.pdf")
    for response in (coming, keeping):
        assert (response.status_code, response.json()["code"]) == (507, "file_not_kept")
        assert "is there room" in response.json()["message"]


@pytest.mark.parametrize("name", ["ß" * 255, "😀" * 255, f"{'a' * 250}.pdfx"])
def test_the_longest_name_has_room_for_the_ending_that_it_lacks(desk: RunningDesk, name: str) -> None:
    data, _ = uploaded(desk, PDF, "document", name)
    assert data["filename"] == f"{name[:251]}.pdf"


@pytest.mark.parametrize(
    "make",
    [
        partial(photo, file_format="WEBP"),
        partial(photo, file_format="GIF"),
        partial(photo, file_format="BMP"),
        partial(photo, 3400, 3000, file_format="PNG"),  # more than 5 MB
    ],
)
def test_other_photos_are_made_anew(desk: RunningDesk, make: Callable[[], bytes]) -> None:
    data, kept = uploaded(desk, make(), "image", "shop.webp")
    assert (data["mime_type"], data["filename"]) == ("image/jpeg", "shop.jpg")
    assert Image.open(io.BytesIO(kept)).format == "JPEG"
    assert data["size"] == len(kept) <= 5 * MB


def test_where_a_photo_was_taken_does_not_go_with_it(desk: RunningDesk) -> None:
    data, kept = uploaded(desk, photo(800, 600, gps=True), "image", "shop.jpg")
    picture = Image.open(io.BytesIO(kept))
    assert not picture.getexif()
    assert (
        picture.size == (data["width"], data["height"]) == (600, 800)
    )  # upright, as it was meant to be seen


def test_where_a_video_was_taken_does_not_go_with_it(desk: RunningDesk) -> None:
    content = on_its_side(video(location="+06.4541+003.3947/"))
    data, kept = uploaded(desk, content, "video", "shop.mp4")
    assert (data["filename"], data["width"], data["height"]) == ("shop.mp4", 240, 320)
    with av.open(io.BytesIO(content), "r") as before, av.open(io.BytesIO(kept), "r") as after:
        assert "location" in before.metadata
        assert "location" not in after.metadata
        packets = [[bytes(each) for each in file.demux(video=0)] for file in (before, after)]
    assert packets[0] == packets[1]  # nothing was made worse


def test_what_a_browser_records_becomes_a_voice_note(desk: RunningDesk) -> None:
    for recorded in (sound("webm"), sound("ogg", layout="stereo"), sound("mp4", "aac")):
        data, kept = uploaded(desk, recorded, "voice", "recording.webm")
        assert (data["mime_type"], data["filename"]) == ("audio/ogg", "recording.ogg")
        assert data["playable_url"]
        assert 1900 <= data["duration_ms"] <= 2100
        with tempfile.TemporaryFile() as file:
            file.write(kept)
            facts = convert("facts", "audio/ogg", file)
        assert (facts.audio_codecs, facts.channels) == (("opus",), 1)
    note = sound()
    assert uploaded(desk, note, "voice")[1] == note


def test_everything_that_whatsapp_takes_is_taken(desk: RunningDesk) -> None:
    word = b"PK\x03\x04" + b"....[Content_Types].xml....word/document.xml"
    for kind, content, name, mime_type in (
        ("audio", sound("mp3", "libmp3lame"), "a.mp3", "audio/mpeg"),
        ("audio", sound("adts", "aac"), "a.aac", "audio/aac"),
        ("audio", sound("mp4", "aac"), "a.m4a", "audio/mp4"),
        ("audio", sound(), "a.ogg", "audio/ogg"),
        ("video", video(), "a.mp4", "video/mp4"),
        ("document", PDF, "a.pdf", "application/pdf"),
        ("document", b"name,amount\nAda,5\n", "a.csv", "text/plain"),
        (
            "document",
            word,
            "a.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "a.xls", "application/vnd.ms-excel"),
        ("sticker", photo(128, 128, file_format="WEBP"), "a.webp", "image/webp"),
    ):
        data, kept = uploaded(desk, content, kind, name)
        assert (data["mime_type"], data["filename"], kept) == (mime_type, name, content)


@pytest.mark.parametrize(
    ("kind", "content", "name", "words"),
    [
        ("image", b'<svg onload="alert(1)"/>', "a.jpg", "JPEG and PNG"),
        ("image", PDF, "a.jpg", "JPEG and PNG"),
        ("image", png_bomb(), "a.png", "too many pixels"),
        ("audio", sound(layout="stereo"), "a.ogg", "one channel"),
        ("audio", sound("wav", "pcm_s16le"), "a.wav", "AAC, AMR, MP3"),
        ("audio", b"no sound at all", "a.mp3", "AAC, AMR, MP3"),
        ("voice", video(), "a.webm", "AAC, AMR, MP3"),
        ("video", video("mpeg4"), "a.mp4", "H.264"),
        ("video", sound("mp4", "aac"), "a.mp4", "H.264"),
        ("sticker", photo(), "a.webp", "WebP"),
        ("sticker", photo(700, 700, file_format="WEBP"), "a.webp", "100 KB at most"),
        ("sticker", bytes(500 * 1024 + 1), "a.webp", "500 KB at most"),
        ("audio", bytes(16 * MB + 1), "a.mp3", "16 MB at most"),
        ("image", bytes(25 * MB + 1), "a.jpg", "25 MB at most"),
        ("document", b"<html><script>", "a.html", "PDF, text, Word"),
        ("document", b"MZ\x00\x01", "a.exe", "PDF, text, Word"),
        ("document", PDF, "a.docx", "ending"),
        ("document", b"", "a.pdf", "empty"),
    ],
)
def test_what_whatsapp_would_not_take_is_refused_in_words(
    desk: RunningDesk, kind: str, content: bytes, name: str, words: str
) -> None:
    response = upload(desk, content, kind, name)
    assert response.status_code == 400
    assert words in response.json()["message"]
    assert count(MediaFile) == 0


def test_a_body_without_a_length_is_broken_off_at_the_limit(desk: RunningDesk) -> None:
    query = {"ticket_id": desk.open_ticket()["id"], "kind": "sticker"}
    pieces = (bytes(64 * 1024) for _ in range(9))
    response = desk.api.post("/api/support/media", params=query, content=pieces)
    assert (response.status_code, response.json()["code"]) == (400, "file_too_large")


def test_an_upload_is_for_a_ticket(desk: RunningDesk) -> None:
    assert upload(desk, PDF, "document", ticket_id=999).json()["code"] == "ticket_not_found"
    assert upload(desk, PDF, "poem", ticket_id=999).json()["code"] == "malformed_request"
    answer = desk.stranger.post("/api/support/media?ticket_id=1&kind=document", content=PDF)
    assert answer.status_code == 401


def test_only_who_uploaded_it_sees_it_before_it_is_sent(desk: RunningDesk, db: Session) -> None:
    data, _ = uploaded(desk, PDF, "document", "a.pdf")
    other = make_admin(db)
    token = api_token_service.create(db, other.email, "tests")[1]
    theirs = desk.stranger.get(data["url"], headers={"Authorization": f"Bearer {token}"})
    assert theirs.status_code == 404
    message = make_message(db)
    with transaction(db):
        db.scalars(select(MediaFile)).one().message_id = message.id
    theirs = desk.stranger.get(data["url"], headers={"Authorization": f"Bearer {token}"})
    assert theirs.status_code == 200
