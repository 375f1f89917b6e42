"""The same verbs on a folder and on a bucket, the bucket being a small server that speaks S3."""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
import pytest

from config.settings import ROOT, Settings, SettingsError
from services.media_storage import FileMissing, MediaStorage, StoreBroken

CONTENT = bytes(range(256)) * 8000  # some two megabytes

SHORTAGE = """
import asyncio, resource, sys, tempfile
from obstore.store import MemoryStore
from services.media_storage import MediaStorage, StoreBroken

def store():
    try:
        MediaStorage(MemoryStore()).put(1, tempfile.TemporaryFile())
        print("stored", flush=True)
    except StoreBroken:
        print("StoreBroken", flush=True)

async def start_app():
    from main import app
    context = app.router.lifespan_context(app)
    await context.__aenter__()

if sys.argv[1] == "main":
    import worker.run
    worker.run.Workers.start = lambda self: None
    asyncio.run(start_app())
elif sys.argv[1]:
    import threading, worker.run
    worker.run.Workers.start = lambda self: None
    worker.run.Workers.stop = lambda self: None
    threading.Event.wait = lambda self, timeout=None: True
    worker.run.run_forever()
with open("/proc/self/statm") as file:
    used = int(file.read().split()[0]) * resource.getpagesize()
no_limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
resource.setrlimit(resource.RLIMIT_AS, (used + 1_000_000, resource.RLIM_INFINITY))
store()
resource.setrlimit(resource.RLIMIT_AS, no_limit)
store()
"""
"""A desk begins, there is no room for a new thread when a file comes, and then there is again."""


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as the desk uses."""

    objects: dict[str, bytes]
    signed: list[bool]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Be silent."""

    def do_PUT(self) -> None:
        self.signed.append(self.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=key/"))
        self.objects[self._key] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if self._key == "":
            self._list()
        elif self._key not in self.objects:
            self._answer(404)
        else:
            content, asked = self.objects[self._key], self.headers["Range"]
            if asked is None:
                return self._answer(200, content)
            start, end = (int(each) for each in asked.removeprefix("bytes=").split("-"))
            self._answer(206, content[start : end + 1], f"bytes {start}-{end}/{len(content)}")
        return None

    def do_POST(self) -> None:
        """Deleting, several at once."""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        keys = re.findall("<Key>(.*?)</Key>", asked)
        for key in keys:
            self.objects.pop(key, None)
        done = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{done}</DeleteResult>".encode())

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/bucket").removeprefix("/")

    def _list(self) -> None:
        prefix = parse_qs(urlsplit(self.path).query)["prefix"][0]
        found = "".join(
            f"<Contents><Key>{key}</Key><LastModified>2026-11-23T12:00:00.000Z</LastModified>"
            f'<ETag>"x"</ETag><Size>{len(content)}</Size></Contents>'
            for key, content in self.objects.items()
            if key.startswith(prefix)
        )
        self._answer(
            200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode()
        )

    def _answer(self, status: int, content: bytes = b"", content_range: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", "Mon, 23 Nov 2026 12:00:00 GMT")
        self.send_header("ETag", f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"')
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@pytest.fixture
def bucket() -> Iterator[ThreadingHTTPServer]:
    Bucket.objects, Bucket.signed = {"photos/of-others": b"not ours"}, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MediaStorage:
    settings = Settings(data_dir=tmp_path)
    if request.param == "bucket":
        server = request.getfixturevalue("bucket")
        for name, value in {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "eu-north-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "AWS_ALLOW_HTTP": "true",
        }.items():
            monkeypatch.setenv(name, value)
        settings.media_url = "s3://bucket/desk"
    return MediaStorage.from_settings(settings)


def put(storage: MediaStorage, media_id: int, content: bytes) -> str:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        return storage.put(media_id, file)


def test_what_is_put_is_read_whole_and_in_parts(storage: MediaStorage) -> None:
    key = put(storage, 7, CONTENT)
    assert storage.size(key) == len(CONTENT)
    assert b"".join(storage.read(key, 0, len(CONTENT))) == CONTENT
    assert b"".join(storage.read(key, 1000, 1_500_000)) == CONTENT[1000:1_500_000]
    assert b"".join(storage.read(key, 5, 5)) == b""
    with tempfile.TemporaryFile() as file:
        storage.copy(key, file)
        assert file.read() == CONTENT
    empty = put(storage, 7, b"")
    assert storage.size(empty) == 0


def test_keys_cannot_be_guessed_and_never_come_again(storage: MediaStorage) -> None:
    keys = {put(storage, 7, b"x") for _ in range(20)}
    assert len(keys) == 20
    assert all(key.startswith("7/") and len(key) == 34 for key in keys)


def test_a_file_is_deleted_without_its_neighbours(storage: MediaStorage) -> None:
    kept, left, other = put(storage, 7, b"kept"), put(storage, 7, b"left"), put(storage, 77, b"other")
    storage.delete(7, keep={kept})
    storage.remove([left])  # it is gone already
    for key in (kept, other):
        assert storage.size(key) > 0
    with pytest.raises(FileMissing):
        storage.size(left)
    storage.delete(7)
    with pytest.raises(FileMissing):
        storage.read(kept, 0, 1)
    assert storage.size(other) == 5


def test_a_bucket_gets_signed_requests_below_its_prefix(
    bucket: ThreadingHTTPServer, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("ACCESS_KEY_ID", "key"), ("SECRET_ACCESS_KEY", "secret"), ("REGION", "eu-north-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{bucket.server_port}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    key = put(MediaStorage.from_settings(Settings(media_url="s3://bucket/desk")), 7, b"x")
    assert set(Bucket.objects) == {"photos/of-others", f"desk/{key}"}
    assert Bucket.signed == [True]


def test_the_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    MediaStorage.from_settings(Settings(data_dir=tmp_path))
    assert (tmp_path / "media").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("act", ["put", "size", "read", "delete"])
def test_a_panic_of_the_store_is_an_error_like_others(
    act: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is none of Python's exceptions, and would end the clock and the fetcher of files for good."""
    panic = type("PanicException", (BaseException,), {})

    def fail(*_given: object, **_more: object) -> None:
        raise panic("OS can't spawn worker thread")

    for name in ("put", "head", "get", "list"):
        monkeypatch.setattr(obstore, name, fail)
    storage = MediaStorage.from_settings(Settings(data_dir=tmp_path))
    acts: dict[str, Callable[[], object]] = {
        "put": lambda: put(storage, 7, b"x"),
        "size": lambda: storage.size("7/x"),
        "read": lambda: storage.read("7/x", 0, 1),
        "delete": lambda: storage.delete(7),
    }
    with pytest.raises(StoreBroken):
        acts[act]()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux says how much is in use")
@pytest.mark.parametrize("start", ["main", "worker.run", ""])
def test_no_room_for_threads_when_the_first_file_comes_breaks_nothing_for_good(
    start: str, tmp_path: Path
) -> None:
    """Without a start of the desk it does: that is what there is to be afraid of."""
    environment = os.environ | {"DATABASE_URL": "", "REDIS_URL": "", "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", SHORTAGE, start]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )
    assert done.stdout.split() == (["stored", "stored"] if start else ["StoreBroken", "StoreBroken"])


def test_only_buckets_are_taken_as_addresses() -> None:
    with pytest.raises(SettingsError, match="MEDIA_URL"):
        Settings(media_url="https://bucket.example").complete()
