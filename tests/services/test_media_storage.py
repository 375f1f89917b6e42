"""The same verbs on a folder and on a bucket, the bucket being a small server that speaks S3."""

import hashlib
import re
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from config.settings import Settings, SettingsError
from services.media_storage import FileMissing, MediaStorage

CONTENT = bytes(range(256)) * 8000  # some two megabytes


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


def test_only_buckets_are_taken_as_addresses() -> None:
    with pytest.raises(SettingsError, match="MEDIA_URL"):
        Settings(media_url="https://bucket.example").complete()
