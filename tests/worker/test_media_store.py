"""Files between workers: claims, a worker that died, and uploads that nobody sent."""

import asyncio
import contextlib
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models import MediaFile
from models.media_file import MediaState
from services import erasure_service, message_removal_service
from services.media_storage import MediaStorage
from tests.desk import count, events
from tests.factories import make_admin
from tests.pretend_media import File, PretendMedia, photo
from tests.worker.media_desk import (
    fetching,
    make_client,
    now,
    pass_time,
    receive,
    stored,
    wait_for,
)
from tests.worker.outbox_desk import wait_until
from worker import media, media_store
from worker.media import MediaFetcher
from worker.outbox_database import DatabaseThread


def test_a_process_that_died_between_store_and_commit_leaves_nothing_broken(
    db: Session, graph: PretendMedia, storage: MediaStorage, tmp_path: Path
) -> None:
    _, row = receive(db, graph, File(photo()))
    media_store.claim(db, 1, retries=True)
    for _ in range(2):  # the original and the thumbnail, and then the power was gone
        with (tmp_path / "half").open("w+b") as left:
            left.write(b"left behind")
            storage.put(row.id, left)
    assert (now(row).state, now(row).storage_key) == (MediaState.PENDING, None)
    with fetching(graph, storage):
        pass_time(db, row)  # the claim runs out
        row = wait_for(row, MediaState.STORED)
        wait_until(lambda: len(list((tmp_path / str(row.id)).iterdir())) == 2)
    assert stored(storage, row.storage_key) == graph.files[str(row.provider_media_id)].content


def test_a_claim_is_for_one_worker(db: Session, graph: PretendMedia, storage: MediaStorage) -> None:
    paper = File(b"%PDF-1.7 invoice", "application/pdf")
    rows = [receive(db, graph, paper, "document")[1] for _ in range(20)]
    with fetching(graph, storage), fetching(graph, storage):
        for row in rows:
            wait_for(row, MediaState.STORED)
    assert set(graph.asked.values()) == {1}


def test_of_two_that_fetched_the_same_file_the_first_counts(
    db: Session, graph: PretendMedia, storage: MediaStorage, tmp_path: Path
) -> None:
    message, row = receive(db, graph, File(b"%PDF-1.7 invoice", "application/pdf"), "document")
    fetcher = MediaFetcher(make_client(graph.url), storage)
    [first] = media_store.claim(db, 1, retries=True)
    pass_time(db, row)  # it was so slow that its claim ran out
    [second] = media_store.claim(db, 1, retries=True)

    async def fetch_both() -> None:
        with contextlib.closing(DatabaseThread()) as database:
            async with fetcher._client:
                await fetcher._fetch(second, database)
                await fetcher._fetch(first, database)

    asyncio.run(fetch_both())
    assert len(list((tmp_path / str(row.id)).iterdir())) == 1
    assert stored(storage, now(row).storage_key) == b"%PDF-1.7 invoice"
    assert events(db) == [("message.updated", message.ticket_id, message.id)]


@pytest.mark.parametrize("comes", [True, False])
def test_a_file_of_somebody_who_was_erased_meanwhile_gets_into_nobody_elses_message(
    db: Session, graph: PretendMedia, storage: MediaStorage, tmp_path: Path, comes: bool
) -> None:
    """By itself, SQLite gives the number of the row that went to the next one (see GIVEN_ONCE)."""
    message, _ = receive(db, graph, File(b"%PDF-1.7 theirs", "application/pdf"), "document")
    fetcher = MediaFetcher(make_client(graph.url), storage)
    [late] = media_store.claim(db, 1, retries=True)
    erasure_service.erase(db, message.contact_id)
    _, row = receive(db, graph, File(b"%PDF-1.7 another's", "application/pdf"), "document")
    [claimed] = media_store.claim(db, 1, retries=True)
    if not comes:
        del graph.files[late.provider_media_id]

    async def fetch_both() -> None:
        with contextlib.closing(DatabaseThread()) as database:
            async with fetcher._client:
                await fetcher._fetch(late, database)
                assert (now(row).state, now(row).error) == (MediaState.PENDING, None)
                await fetcher._fetch(claimed, database)

    asyncio.run(fetch_both())
    assert [path.read_bytes() for path in tmp_path.glob("*/*")] == [b"%PDF-1.7 another's"]
    assert stored(storage, now(row).storage_key) == b"%PDF-1.7 another's"


def test_a_file_that_comes_while_its_customer_is_erased_goes_too(
    db: Session,
    graph: PretendMedia,
    storage: MediaStorage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message, _ = receive(db, graph, File(b"%PDF-1.7 theirs", "application/pdf"), "document")
    fetcher = MediaFetcher(make_client(graph.url), storage)
    under_way = media_store.claim(db, 1, retries=True)
    delete = storage.delete

    async def fetch(claimed: media_store.Claim) -> None:
        with contextlib.closing(DatabaseThread()) as database:
            async with fetcher._client:
                await fetcher._fetch(claimed, database)

    def delete_first(media_id: int, keep: Collection[str] = ()) -> None:
        delete(media_id, keep)
        if under_way:  # it comes when the files have gone, and the rows have not yet
            asyncio.run(fetch(under_way.pop()))

    monkeypatch.setattr(storage, "delete", delete_first)
    monkeypatch.setattr(message_removal_service, "get_media_storage", lambda: storage)
    erasure_service.erase(db, message.contact_id)
    assert count(MediaFile) == 0
    assert list(tmp_path.glob("*/*")) == []


def test_uploads_that_were_never_sent_are_gone_after_a_day(
    db: Session, graph: PretendMedia, storage: MediaStorage, tmp_path: Path
) -> None:
    admin = make_admin(db)
    message, sent = receive(db, graph, File(photo()))
    day = timedelta(days=1, seconds=1)
    for old, row in (
        (True, MediaFile(uploaded_by=admin.id, created_at=utc_now() - day)),
        (False, MediaFile(uploaded_by=admin.id, created_at=utc_now() - day + timedelta(minutes=1))),
    ):
        row.phone_number_id, row.kind, row.state = "1001", "image", MediaState.STORED
        with transaction(db):
            db.add(row)
        with (tmp_path / "file").open("w+b") as file:
            file.write(str(old).encode())
            row.storage_key = storage.put(row.id, file)
        with transaction(db):
            db.add(row)
    with transaction(db):
        sent.uploaded_by, sent.created_at, sent.state = admin.id, utc_now() - day, MediaState.STORED
    with fetching(graph, storage):
        wait_until(lambda: count(MediaFile) == 2)
    assert {path.read_bytes() for path in tmp_path.glob("*/*")} == {b"False"}
    assert now(sent).message_id == message.id


def test_an_upload_that_cannot_be_removed_keeps_no_file_from_coming(
    db: Session, graph: PretendMedia, storage: MediaStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {"created_at": utc_now() - timedelta(days=2), "phone_number_id": "1001", "kind": "image"}
    stuck, old = (MediaFile(uploaded_by=make_admin(db).id, **made) for _ in range(2))
    with transaction(db):
        db.add_all([stuck, old])
    stuck_id, delete = stuck.id, storage.delete

    def refuse(media_id: int, keep: Collection[str] = ()) -> None:
        if media_id == stuck_id:
            raise PermissionError
        delete(media_id, keep)

    monkeypatch.setattr(storage, "delete", refuse)
    _, row = receive(db, graph, File(b"%PDF-1.7 invoice", "application/pdf"), "document")
    with fetching(graph, storage):
        wait_for(row, MediaState.STORED)
    assert count(MediaFile) == 2, "only the other is gone"


def test_a_fault_of_our_own_is_a_try_like_any_other(
    db: Session, graph: PretendMedia, storage: MediaStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_forms(*_given: object) -> None:
        raise OSError

    monkeypatch.setattr(media, "make_forms", make_forms)
    _, row = receive(db, graph, File(b"%PDF-1.7 invoice", "application/pdf"), "document")
    with fetching(graph, storage):
        wait_until(lambda: now(row).error is not None)
        for _ in range(9):
            tries = now(row).attempts
            pass_time(db, row)
            wait_until(lambda tries=tries: now(row).attempts > tries and now(row).error is not None)  # type: ignore[misc]
        row = wait_for(row, MediaState.FAILED)
    assert row.attempts == 10
    assert "a fault of its own" in (row.error or "")
