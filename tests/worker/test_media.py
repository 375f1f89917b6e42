import statistics
import struct
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config.database import SessionLocal, utc_now
from models import MediaFile
from models.media_file import MediaState
from realtime.bus import MEDIA, bus
from services import erasure_service
from services.media_access import NoSuchFile
from services.media_fetch_service import MediaExpired, fetch_again
from services.media_storage import MediaStorage
from services.media_types import UNKNOWN
from tests.desk import events
from tests.pretend_media import File, PretendMedia, photo, png_bomb, sound, video
from tests.worker.media_desk import (
    TOKEN,
    fetching,
    now,
    pass_time,
    picture,
    receive,
    stored,
    wait_for,
)
from tests.worker.outbox_desk import wait_until

TROUBLES = ["404", "500", "timeout", "hang up"]


def test_a_photo_is_stored_whole_with_a_thumbnail(
    db: Session, graph: PretendMedia, storage: MediaStorage
) -> None:
    file = File(photo(1600, 1200, gps=True))
    message, row = receive(db, graph, file, sha256=file.sha256_base64)
    with fetching(graph, storage):
        bus.wake(MEDIA)
        row = wait_for(row, MediaState.STORED)
    assert stored(storage, row.storage_key) == file.content
    assert (row.mime_type, row.size, row.sha256) == ("image/jpeg", len(file.content), file.sha256)
    assert (row.width, row.height, row.error, row.playable_key) == (1200, 1600, None, None)
    assert graph.queries == [{"phone_number_id": "1001"}]
    assert graph.tokens == {TOKEN}
    small = stored(storage, row.thumbnail_key)
    assert (picture(small).format, picture(small).size) == ("WEBP", (240, 320))
    assert b"CanaryCam" in file.content
    assert not picture(small).getexif()
    assert b"CanaryCam" not in small
    assert b"EXIF" not in small
    assert events(db) == [("message.updated", message.ticket_id, message.id)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_disk_without_room_does_not_pass_for_a_bad_line(
    db: Session, graph: PretendMedia, storage: MediaStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.TemporaryFile", partial(Path("/dev/full").open, "r+b", buffering=0))
    _, row = receive(db, graph, File(photo()))
    with fetching(graph, storage):
        wait_until(lambda: "is there room" in (now(row).error or ""))


def test_thumbnails_are_small(db: Session, graph: PretendMedia, storage: MediaStorage) -> None:
    rows = [receive(db, graph, File(photo(1280, 960)))[1] for _ in range(5)]
    with fetching(graph, storage):
        sizes = [len(stored(storage, wait_for(row, MediaState.STORED).thumbnail_key)) for row in rows]
    assert statistics.median(sizes) < 20_000


@pytest.mark.promise("P6")
@pytest.mark.parametrize("failures", [1, 3])
@pytest.mark.parametrize("step", ["describe", "download"])
def test_what_fails_at_first_comes_later(
    db: Session, graph: PretendMedia, storage: MediaStorage, step: str, failures: int
) -> None:
    orders = TROUBLES if step == "describe" else [*TROUBLES, "truncated", "wrong"]
    by_id = {}
    rows = []
    for order in orders:
        _, row = receive(db, graph, File(photo()))
        by_id[row.provider_media_id] = order
        rows.append(row)
    setattr(graph, step, lambda media_id, number: by_id[media_id] if number <= failures else None)
    with fetching(graph, storage):
        for tried in range(1, failures + 1):
            wait_until(lambda tried=tried: all(now(row).error and now(row).attempts == tried for row in rows))  # type: ignore[misc]
            for row in rows:
                assert now(row).state == MediaState.PENDING
                assert "fetched again by itself" in (now(row).error or "")
                pass_time(db, row)
        for row in rows:
            done = wait_for(row, MediaState.STORED)
            media_id = str(row.provider_media_id)
            assert stored(storage, done.storage_key) == graph.files[media_id].content
            assert (done.attempts, graph.asked[media_id]) == (failures + 1, failures + 1)


@pytest.mark.promise("P6")
def test_what_always_fails_is_given_up_after_ten_tries_and_can_be_fetched_again(
    db: Session, graph: PretendMedia, storage: MediaStorage
) -> None:
    _, row = receive(db, graph, File(photo()))
    graph.describe = lambda media_id, number: "500" if number <= 10 else None
    waits = []
    with fetching(graph, storage):
        for tried in range(1, 10):
            wait_until(lambda tried=tried: now(row).attempts == tried and now(row).error is not None)  # type: ignore[misc]
            due = now(row).next_attempt_at
            assert due is not None
            waits.append(round((due - utc_now()).total_seconds() / 10) * 10)
            pass_time(db, row)
        failed = wait_for(row, MediaState.FAILED)
    assert waits[:4] == [10, 60, 300, 900]
    assert graph.asked.total() == 10
    assert failed.error == (
        "WhatsApp had a fault of its own (HTTP 500). It was tried 10 times; fetch it again, "
        "or ask the customer to send it again."
    )
    fetch_again(db, row)  # all ten were within the hour
    waiting = now(row)
    assert waiting.state == MediaState.PENDING
    assert "It is fetched again in 60 minutes" in (waiting.error or "")
    assert waiting.next_attempt_at
    assert waiting.next_attempt_at > utc_now() + timedelta(minutes=58)
    with fetching(graph, storage):
        pass_time(db, row)  # even if something made it due
        wait_until(lambda: (now(row).next_attempt_at or utc_now()) > utc_now())
        assert graph.asked.total() == 10
        pass_time(db, row, hours=2)
        wait_for(row, MediaState.STORED)
    assert graph.asked.total() == 11


def test_fetch_again_works_at_once_where_the_hour_allows(
    db: Session, graph: PretendMedia, storage: MediaStorage
) -> None:
    message, row = receive(db, graph, File(photo()), state=MediaState.FAILED, error="It was tried 10 times.")
    with fetching(graph, storage):
        fetch_again(db, row)
        fetch_again(db, row)  # it is on its way already
        wait_for(row, MediaState.STORED)
        fetch_again(db, row)  # it is there
    assert now(row).state == MediaState.STORED
    assert graph.asked.total() == 1
    assert events(db) == [("message.updated", message.ticket_id, message.id)] * 2


def test_a_file_that_was_erased_meanwhile_is_not_there_to_be_fetched(
    db: Session, graph: PretendMedia, storage: MediaStorage
) -> None:
    message, row = receive(db, graph, File(photo()), state=MediaState.FAILED)
    with SessionLocal() as other:
        seen = other.get_one(MediaFile, row.id)
        other.rollback()
        erasure_service.erase(db, message.contact_id)
        with pytest.raises(NoSuchFile):
            fetch_again(other, seen)


def test_what_whatsapp_no_longer_keeps_is_not_asked_for(
    db: Session, graph: PretendMedia, storage: MediaStorage
) -> None:
    _, row = receive(db, graph, File(photo()), provider_media_at=utc_now() - timedelta(days=7, seconds=1))
    with fetching(graph, storage):
        row = wait_for(row, MediaState.FAILED)
    assert "seven days" in (row.error or "")
    assert graph.asked.total() == 0
    with SessionLocal() as other, pytest.raises(MediaExpired):
        fetch_again(other, other.get_one(MediaFile, row.id))


def test_a_refused_token_stops_all_fetching_for_a_while(
    db: Session, graph: PretendMedia, storage: MediaStorage
) -> None:
    graph.describe = lambda media_id, number: "401"
    rows = [receive(db, graph, File(photo()))[1] for _ in range(12)]
    with fetching(graph, storage):
        wait_until(lambda: sum(now(row).error is not None for row in rows) >= 3)
        asked = graph.asked.total()
        assert 3 <= asked <= 7  # at most four were under way together
        pass_time(db, rows[0])
        with pytest.raises(AssertionError):
            wait_until(lambda: graph.asked.total() > asked + 4, seconds=0.5)
    assert "access token" in next(error for row in rows if (error := now(row).error))


def test_after_many_refusals_only_new_files_are_asked_for(
    db: Session, graph: PretendMedia, storage: MediaStorage
) -> None:
    bad = [receive(db, graph, File(photo()))[1] for _ in range(16)]
    names = {row.provider_media_id for row in bad}
    graph.describe = lambda media_id, number: "404" if media_id in names else None
    with fetching(graph, storage):
        wait_until(lambda: all(now(row).error for row in bad))
        for row in bad:
            pass_time(db, row)
        _, good = receive(db, graph, File(photo()))
        wait_for(good, MediaState.STORED)
    assert graph.asked.total() == 17


def test_without_a_connection_no_try_is_used_up(db: Session, storage: MediaStorage) -> None:
    away = PretendMedia()
    with away:
        pass
    _, row = receive(db, away, File(photo()))
    with fetching(away, storage):
        wait_until(lambda: now(row).error is not None)
    assert (now(row).attempts, now(row).tried_at) == (0, [])
    assert now(row).error == "WhatsApp cannot be reached. It is fetched again by itself."
    with away:
        pass_time(db, row)
        with fetching(away, storage):
            wait_for(row, MediaState.STORED)


@pytest.mark.parametrize("address", ["http://169.254.169.254/latest", "file:///etc/passwd"])
def test_a_hostile_address_is_not_asked(
    db: Session, graph: PretendMedia, storage: MediaStorage, address: str
) -> None:
    graph.describe = lambda media_id, number: f"url:{address}"
    _, row = receive(db, graph, File(photo()))
    with fetching(graph, storage):
        wait_until(lambda: now(row).error is not None)
    assert "an address that files are not fetched from" in (now(row).error or "")
    assert graph.downloaded.total() == 0


@pytest.mark.parametrize(("kind", "made"), [("voice", sound()), ("audio", sound("webm"))])
def test_a_voice_note_plays_on_every_phone(
    db: Session, graph: PretendMedia, storage: MediaStorage, kind: str, made: bytes
) -> None:
    _, row = receive(db, graph, File(made, "audio/ogg; codecs=opus"), kind)
    with fetching(graph, storage):
        row = wait_for(row, MediaState.STORED)
    assert row.mime_type == ("audio/ogg" if kind == "voice" else "audio/webm")
    assert 1900 <= (row.duration_ms or 0) <= 2100
    assert stored(storage, row.playable_key)[:3] == b"ID3"
    assert row.thumbnail_key is None


@pytest.mark.parametrize("milliseconds", [1e10, 1e13, -1e10])
def test_a_sound_that_claims_an_absurd_length_is_stored_all_the_same(
    db: Session, graph: PretendMedia, storage: MediaStorage, milliseconds: float
) -> None:
    head, length, rest = sound("webm").partition(b"\x44\x89\x88")
    _, row = receive(db, graph, File(head + length + struct.pack(">d", milliseconds) + rest[8:]), "audio")
    with fetching(graph, storage):
        row = wait_for(row, MediaState.STORED)
    assert 1900 <= (row.duration_ms or 0) <= 2100
    assert stored(storage, row.playable_key)[:3] == b"ID3"


def test_a_video_has_a_picture(db: Session, graph: PretendMedia, storage: MediaStorage) -> None:
    _, row = receive(db, graph, File(video(), "video/mp4"), "video")
    with fetching(graph, storage):
        row = wait_for(row, MediaState.STORED)
    assert (row.mime_type, row.width, row.height, row.duration_ms) == ("video/mp4", 320, 240, 2000)
    assert picture(stored(storage, row.thumbnail_key)).size == (320, 240)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("image", b"<!doctype html><script>alert(1)</script>"),
        ("image", b"GIF89a/*\x00\x00" + b"*/=1;alert(1)//"),
        ("image", b"\xff\xd8\xff" + b"<script>alert(1)</script>"),
        ("document", b"<!doctype html><script>alert(1)</script>"),
        ("voice", b"OggS\x00" + b"nothing of a voice"),
        ("video", b"\x00\x00\x00\x18ftypmp42" + bytes(200)),
        ("audio", photo()),
        ("sticker", photo()),
        ("image", b""),
    ],
)
def test_what_is_not_what_it_says_is_kept_as_an_unknown_thing(
    db: Session, graph: PretendMedia, storage: MediaStorage, kind: str, content: bytes
) -> None:
    _, row = receive(db, graph, File(content), kind)
    with fetching(graph, storage):
        row = wait_for(row, MediaState.STORED)
    assert (row.mime_type, row.thumbnail_key, row.playable_key) == (UNKNOWN, None, None)
    assert stored(storage, row.storage_key) == content


def test_a_bomb_gets_no_thumbnail(db: Session, graph: PretendMedia, storage: MediaStorage) -> None:
    _, row = receive(db, graph, File(png_bomb(), "image/png"))
    with fetching(graph, storage):
        row = wait_for(row, MediaState.STORED)
    assert (row.width, row.height, row.thumbnail_key) == (12_000, 12_000, None)
