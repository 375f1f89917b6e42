"""Scripts leave in the form that the build compressed, to every browser that takes it."""

from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from api.compressed_files import CompressedFiles


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """A server of a folder with one script."""
    folder = tmp_path / "_next" / "static" / "chunks"
    folder.mkdir(parents=True)
    (folder / "app.js.br").write_bytes(b"the compressed form")
    return TestClient(CompressedFiles(PlainTextResponse("the others"), tmp_path))


@pytest.mark.parametrize("accepted", ["br", "gzip, deflate, br, zstd", "gzip;q=1.0, br;q=0.5", "BR"])
def test_who_takes_brotli_gets_it(client: TestClient, accepted: str) -> None:
    with client.stream(
        "GET", "/_next/static/chunks/app.js", headers={"Accept-Encoding": accepted}
    ) as response:
        assert b"".join(response.iter_raw()) == b"the compressed form"
    assert response.headers["content-encoding"] == "br"
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("accepted", ["", "gzip", "br;q=0", "gzip, br; q=0.0", "brotli"])
def test_who_does_not_gets_the_plain_one(client: TestClient, accepted: str) -> None:
    response = client.get("/_next/static/chunks/app.js", headers={"Accept-Encoding": accepted})
    assert response.text == "the others"


@pytest.mark.parametrize(
    "path",
    ["/_next/static/chunks/gone.js", "/_next/static/chunks/app.js.br", "/_next/static/../../etc/passwd"],
)
def test_only_what_the_build_left_is_there(client: TestClient, path: str) -> None:
    assert client.get(path, headers={"Accept-Encoding": "br"}).text == "the others"


def test_nothing_is_posted_to_a_file(client: TestClient) -> None:
    response = client.post("/_next/static/chunks/app.js", headers={"Accept-Encoding": "br"})
    assert response.text == "the others"
