"""S17: files that were made to break what opens them, sent by a customer through a real webhook."""

import io
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, cast

import httpx2
import pytest
from PIL import Image
from pydantic import SecretStr

from config.settings import get_settings
from main import create_app
from models import MediaFile
from tests.pretend_media import File, PretendMedia, photo, png_bomb
from tests.pretend_meta import APP_SECRET, PHONE_NUMBER_ID, PretendMeta
from tests.running_desk import CUSTOMER_NUMBER, RunningDesk, serve, text_message, webhook

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
HTML = b"<!doctype html><html><body onload=alert(1)>" + SCRIPT + b"</body></html>"
GIF_AND_SCRIPT = b"GIF89a/*" + b"\x00" * 40 + b"*/=1;alert(document.domain)//;"
NOT_TYPES = re.compile(r"html|svg|[/+]xml|javascript|ecmascript|flash|shockwave|x-sh|x-msdownload")
NAMES = [
    "a.pdf\r\nSet-Cookie: session=fixed\r\n\r\n<script>alert(1)</script>",
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\drivers\\etc\\hosts",
    ".htaccess",
    "",
    " . . ",
    "invoice.pdf\x00.exe",
    "invoice\u202efdp.exe",
    "x" * 5_000 + ".pdf",
    'a";filename="b.html',
    "a.html",
    "%0d%0aSet-Cookie:a=b.pdf",
    "CON",
    "<img src=x onerror=alert(1)>.pdf",
    "фото ọlá 🦒.pdf",
]


def zip_bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(200 * 1024 * 1024))
    return made.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


FILES: dict[str, tuple[str, File]] = {
    "an SVG that acts": ("image", File(SVG, "image/svg+xml")),
    "an SVG as a photo": ("image", File(SVG, "image/jpeg")),
    "an SVG as a paper": ("document", File(SVG, "image/svg+xml")),
    "HTML as a photo": ("image", File(HTML, "image/jpeg")),
    "HTML as a paper": ("document", File(HTML, "text/html")),
    "HTML as a video": ("video", File(HTML, "video/mp4")),
    "a script": ("document", File(b"alert(document.domain)", "application/javascript")),
    "a picture that is a script as well": ("image", File(GIF_AND_SCRIPT, "image/gif")),
    "a JPEG with HTML behind it": ("image", File(photo(40, 40) + HTML, "image/jpeg")),
    "a PDF that is HTML": ("document", File(b"%PDF-1.7\n" + HTML, "application/pdf")),
    "a bomb": ("image", File(png_bomb(), "image/png")),
    "400 million pixels": ("image", File(png_that_claims(20_000, 20_000), "image/png")),
    "more pixels than there are numbers": ("image", File(png_that_claims(2**31 - 1, 2**31 - 1), "image/png")),
    "a letter of 200 MB in 200 KB": ("document", File(zip_bomb(), "application/zip")),
    "a photo that tells where": ("image", File(photo(400, 300, gps=True), "image/jpeg")),
    "a sticker that is HTML": ("sticker", File(HTML, "image/webp")),
    "sound that is a list of files": (
        "audio",
        File(b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "audio/mpeg"),
    ),
}


def message(number: int, kind: str, file: File, name: str | None) -> dict[str, Any]:
    content = {"id": f"7{number:05d}", "mime_type": file.mime_type, "sha256": file.sha256_base64}
    if name is not None:
        content["filename"] = name
    return text_message("") | {"type": kind, kind: content, "from": CUSTOMER_NUMBER}


def delivered(desk: RunningDesk, files: list[tuple[str, File, str | None]]) -> list[dict[str, Any]]:
    """The files of the ticket's thread, once all of them were fetched; in their order."""
    messages = [message(number, *each) for number, each in enumerate(files)]
    body = webhook(text_message("Chat Support"), text_message("Look"), *messages)
    assert desk.deliver(body).status_code == 200
    desk.settle()

    def rows() -> list[Any]:
        (ticket,) = desk.data("GET", "/api/support/tickets")["tickets"]
        thread = desk.ticket(ticket["id"])["messages"]
        return [each["media"] for each in thread if each["media"]]

    deadline = time.monotonic() + 60
    while not (len(rows()) == len(files) and all(each["state"] != "pending" for each in rows())):
        assert time.monotonic() < deadline, [each["state"] for each in rows()]
        time.sleep(0.1)
    return rows()


@pytest.fixture
def graph() -> Iterator[PretendMedia]:
    """Where the files are."""
    with PretendMedia() as graph:
        yield graph


@pytest.fixture
def desk(graph: PretendMedia, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningDesk]:
    """One whose own fetcher asks there."""
    settings = get_settings()
    monkeypatch.setattr(settings, "whatsapp_api_base_url", graph.url)
    monkeypatch.setattr(settings, "whatsapp_phone_number_id", PHONE_NUMBER_ID)
    monkeypatch.setattr(settings, "whatsapp_app_secret", SecretStr(APP_SECRET))
    with serve(create_app(settings)) as url:
        made = RunningDesk(url, cast("PretendMeta", graph))
        yield made
        made.api.close()
        made.stranger.close()


def exact(answer: httpx2.Response) -> None:
    """What every file is served under."""
    told = answer.headers
    assert told["content-security-policy"] == "sandbox; default-src 'none'"
    assert told["x-content-type-options"] == "nosniff"
    assert told["cross-origin-resource-policy"] == "same-origin"
    assert told["cache-control"] == "no-store"
    assert not NOT_TYPES.search(told["content-type"])
    assert "set-cookie" not in told


@pytest.mark.timeout(180)
def test_no_file_of_a_customer_is_ever_a_page(desk: RunningDesk, graph: PretendMedia) -> None:
    given = list(FILES.values())
    for number, (_, file) in enumerate(given):
        graph.files[f"7{number:05d}"] = file
    rows = delivered(desk, [(kind, file, None) for kind, file in given])
    for name, (_, file), row in zip(FILES, given, rows, strict=True):
        assert row["state"] == "stored", name
        answer = desk.api.get(row["url"])
        assert answer.content == file.content, name
        exact(answer)
        assert answer.headers["content-disposition"].startswith("attachment;"), name
        assert not re.search(r"\.(html?|svg|xml|js|xhtml)\"", answer.headers["content-disposition"]), name
        if row["thumbnail_url"]:
            small = desk.api.get(row["thumbnail_url"])
            exact(small)
            assert small.headers["content-type"] == "image/webp"
            picture = Image.open(io.BytesIO(small.content))
            assert max(picture.size) <= 320
            assert not picture.getexif(), name
            assert b"CanaryCam" not in small.content
            assert SCRIPT not in small.content, name
        assert desk.stranger.get(row["url"]).status_code == 401
    seen = {name: bool(row["thumbnail_url"]) for name, row in zip(FILES, rows, strict=True)}
    assert not any(seen[name] for name in seen if re.search("SVG|HTML as|bomb|pixels|letter|list", name))
    assert seen["a photo that tells where"]


@pytest.mark.timeout(180)
def test_no_name_of_a_file_is_more_than_a_name(desk: RunningDesk, graph: PretendMedia) -> None:
    file = File(b"%PDF-1.7 hello", "application/pdf")
    for number in range(len(NAMES)):
        graph.files[f"7{number:05d}"] = file
    rows = delivered(desk, [("document", file, name) for name in NAMES])
    for name, row in zip(NAMES, rows, strict=True):
        answer = desk.api.get(row["url"])
        exact(answer)
        told = answer.headers["content-disposition"]
        assert re.fullmatch(
            r"attachment; filename=\"[^\"\\/\r\n\x00-\x1f]{1,260}\"; filename\*=UTF-8''[A-Za-z0-9%._~!-]+",
            told,
        ), (name, told)
        assert told.rstrip('"').endswith((".pdf", "%2Epdf")), (name, told)
        assert not re.search(r"%E2%80%AE|%0D|%0A|%00|%2F|%5C", told), (name, told)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x1f/\\\\]", row["filename"] or ""), name
    assert len(set(_keys())) == len(NAMES)
    assert all(re.fullmatch(r"\d+/[0-9a-f]{32}", key) for key in _keys()), (
        "no name of theirs is a path of ours"
    )


def _keys() -> list[str]:
    from config.database import SessionLocal  # noqa: PLC0415

    with SessionLocal() as db:
        return [str(row.storage_key) for row in db.query(MediaFile)]
