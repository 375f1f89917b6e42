"""Files up to Graph and down from it: limits, ids, addresses that expire, and what can go wrong."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from simulator.files import MOST_BYTES, SAMPLES, Files
from simulator.form_data import read_form
from tests.pretend_meta import ACCESS_TOKEN, PHONE_NUMBER_ID, PretendMeta, wait_until

BEARER = {"Authorization": f"Bearer {ACCESS_TOKEN}"}
JPEG = b"\xff\xd8\xff\xe0 a picture \r\n--of-sorts\r\n \xff\xd9"
TO_AMARA = {"messaging_product": "whatsapp", "to": "+2348035550142"}


def upload(
    meta: PretendMeta, content: bytes, mime_type: str, product: str | None = "whatsapp"
) -> httpx2.Response:
    data = {"type": mime_type} | ({"messaging_product": product} if product else {})
    return meta.client.post(
        f"/graph/v25.0/{PHONE_NUMBER_ID}/media",
        data=data,
        files={"file": ("a file.bin", content, mime_type)},
        headers=BEARER,
    )


def uploaded(meta: PretendMeta, content: bytes = JPEG, mime_type: str = "image/jpeg") -> str:
    return str(upload(meta, content, mime_type).raise_for_status().json()["id"])


def described(meta: PretendMeta, media_id: str) -> httpx2.Response:
    path = f"/graph/v25.0/{media_id}?phone_number_id={PHONE_NUMBER_ID}"
    return meta.client.get(path, headers=BEARER)


def send_medium(meta: PretendMeta, kind: str, **content: Any) -> httpx2.Response:
    return meta.send(TO_AMARA | {"type": kind, kind: content})


def error_of(response: httpx2.Response) -> int:
    return int(response.json()["error"]["code"])


def test_what_goes_up_comes_down(pretend_meta: PretendMeta) -> None:
    media_id = uploaded(pretend_meta)
    facts = described(pretend_meta, media_id).json()
    url = facts.pop("url")
    assert facts == {
        "messaging_product": "whatsapp",
        "mime_type": "image/jpeg",
        "sha256": hashlib.sha256(JPEG).hexdigest(),
        "file_size": len(JPEG),
        "id": media_id,
    }
    answer = pretend_meta.client.get(url, headers=BEARER)
    assert (answer.content, answer.headers["content-type"]) == (JPEG, "image/jpeg")
    assert pretend_meta.client.get(url).status_code == 401, "the address alone is not enough"


def test_an_address_expires_and_cannot_be_forged(pretend_meta: PretendMeta) -> None:
    media_id = uploaded(pretend_meta)
    url = described(pretend_meta, media_id).json()["url"]
    query = dict(parse_qsl(urlsplit(url).query))
    files = pretend_meta.simulator.world.files
    assert files.linked(query) is not None
    assert files.linked(files.link_query(media_id, -1)) is None
    for forged in (query | {"ext": str(int(query["ext"]) + 1)}, query | {"mid": "1"}, {}):
        bare = url.partition("?")[0]
        assert pretend_meta.client.get(bare, params=forged, headers=BEARER).status_code == 404


def test_a_customers_file_is_announced_with_its_digest(pretend_meta: PretendMeta) -> None:
    message = pretend_meta.post("/customers/1/messages", {"type": "image", "text": "Broken"})
    wait_until(pretend_meta.incoming, "the webhook")
    image = pretend_meta.incoming()[0]["image"]
    facts = described(pretend_meta, image["id"]).json()
    content = pretend_meta.client.get(facts["url"], headers=BEARER).content
    digest = hashlib.sha256(content).digest()
    assert image == {
        "caption": "Broken",
        "mime_type": "image/jpeg",
        "sha256": base64.b64encode(digest).decode(),
        "id": message["media"]["id"],
    }
    assert facts["sha256"] == digest.hex()


def test_an_unknown_id_and_another_number(pretend_meta: PretendMeta) -> None:
    gone = described(pretend_meta, "1")
    assert (gone.status_code, gone.json()["error"]["error_subcode"]) == (400, 33)
    other = f"/graph/v25.0/{uploaded(pretend_meta)}?phone_number_id=7"
    assert error_of(pretend_meta.client.get(other, headers=BEARER)) == 100


def test_a_file_is_deleted(pretend_meta: PretendMeta) -> None:
    media_id = uploaded(pretend_meta)
    answer = pretend_meta.client.delete(f"/graph/v25.0/{media_id}", headers=BEARER)
    assert answer.json() == {"success": True}
    assert described(pretend_meta, media_id).status_code == 400


@pytest.mark.parametrize(
    ("content", "mime_type", "code"),
    [
        (b"x" * (5 * 1024**2 + 1), "image/jpeg", 131053),
        (b"x" * (16 * 1024**2 + 1), "audio/ogg; codecs=opus", 131053),
        (b"x" * (100 * 1024 + 1), "image/webp", 131053),
        (b"", "image/png", 131053),
        (b"x", "audio/webm;codecs=opus", 100),
        (b"x", "image/gif", 100),
        (b"x", "text/html", 100),
    ],
)
def test_uploads_that_are_refused(
    pretend_meta: PretendMeta, content: bytes, mime_type: str, code: int
) -> None:
    answer = upload(pretend_meta, content, mime_type)
    assert (answer.status_code, error_of(answer)) == (400, code)


def test_the_largest_files_are_taken(pretend_meta: PretendMeta) -> None:
    uploaded(pretend_meta, b"x" * (5 * 1024**2))
    animated = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02" + b"x" * (500 * 1024 - 21)
    uploaded(pretend_meta, animated, "image/webp")
    assert error_of(upload(pretend_meta, animated + b"x", "image/webp")) == 131053


def test_a_form_must_be_whole(pretend_meta: PretendMeta) -> None:
    assert error_of(upload(pretend_meta, JPEG, "image/jpeg", product=None)) == 100
    path, form = f"/graph/v25.0/{PHONE_NUMBER_ID}/media", {"Content-Type": "multipart/form-data; boundary=b"}
    for raw in (
        b"",
        b"--b\r\n\r\nno name\r\n--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name="file"',
    ):
        assert error_of(pretend_meta.client.post(path, content=raw, headers=BEARER | form)) == 100
    assert error_of(pretend_meta.client.post(path, json={}, headers=BEARER)) == 100


def test_a_form_keeps_every_byte() -> None:
    content = bytes(range(256)) * 3 + b"\r\n--b\n--c\r\n\r\n"
    disposition = b'Content-Disposition: form-data; name="file"; filename="\xc3\xa9 1.bin"\r\n\r\n'
    raw = b"--bb\r\n" + disposition + content + b"\r\n--bb--\r\n"
    assert read_form('multipart/form-data; boundary="bb"', raw)["file"].content == content


def test_media_are_sent_by_the_id_of_an_upload(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    pdf = uploaded(pretend_meta, b"%PDF-1.4", "application/pdf")
    answer = send_medium(pretend_meta, "document", id=pdf, filename="label.pdf", caption="Print me")
    assert answer.status_code == 200
    shown = pretend_meta.messages()[-1]
    assert shown["text"] == "Print me"
    assert shown["media"] == {
        "id": pdf,
        "kind": "document",
        "mime_type": "application/pdf",
        "filename": "label.pdf",
        "size": 8,
    }
    voice = uploaded(pretend_meta, b"OggS", "audio/ogg; codecs=opus")
    assert send_medium(pretend_meta, "audio", id=voice, voice=True).status_code == 200
    assert pretend_meta.messages()[-1]["media"]["kind"] == "voice"


def test_media_that_cannot_be_sent(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    jpeg = uploaded(pretend_meta)
    theirs = pretend_meta.post("/customers/1/messages", {"type": "image"})["media"]["id"]
    mp3 = uploaded(pretend_meta, b"ID3", "audio/mpeg")
    cases: list[tuple[str, dict[str, Any], int]] = [
        ("image", {"id": "1"}, 100),
        ("image", {"id": theirs}, 100),
        ("video", {"id": jpeg}, 131053),
        ("sticker", {"id": jpeg}, 131053),
        ("audio", {"id": mp3, "voice": True}, 131053),
        ("audio", {"id": mp3, "caption": "x"}, 100),
        ("image", {"id": jpeg, "filename": "x"}, 100),
        ("image", {"id": jpeg, "caption": "x" * 1025}, 131009),
        ("image", {}, 131009),
    ]
    for kind, content, code in cases:
        assert error_of(send_medium(pretend_meta, kind, **content)) == code, (kind, content)


@pytest.mark.parametrize(
    ("problem", "status", "kept"), [("missing", 404, 0), ("unavailable", 503, 0), ("truncated", 200, 16)]
)
def test_downloads_fail_as_ordered(pretend_meta: PretendMeta, problem: str, status: int, kept: int) -> None:
    url = described(pretend_meta, uploaded(pretend_meta)).json()["url"]
    pretend_meta.misbehave(media={"problem": problem, "times": 2})
    for _ in range(2):
        answer = pretend_meta.client.get(url, headers=BEARER)
        assert (answer.status_code, answer.content) == (status, JPEG[:kept])
    assert pretend_meta.client.get(url, headers=BEARER).content == JPEG


def test_an_altered_download_has_the_announced_size(pretend_meta: PretendMeta) -> None:
    facts = described(pretend_meta, uploaded(pretend_meta)).json()
    pretend_meta.misbehave(media={"problem": "altered"})
    content = pretend_meta.client.get(facts["url"], headers=BEARER).content
    assert len(content) == facts["file_size"]
    assert hashlib.sha256(content).hexdigest() != facts["sha256"]


def test_a_slow_download(pretend_meta: PretendMeta) -> None:
    url = described(pretend_meta, uploaded(pretend_meta)).json()["url"]
    pretend_meta.misbehave(media={"delay_ms": 120_000})
    with pytest.raises(httpx2.ReadTimeout):
        pretend_meta.client.get(url, headers=BEARER, timeout=0.5)


def test_the_oldest_files_go_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.files.MOST_BYTES", 100)
    assert MOST_BYTES > 100 * 1024**2, "the largest file fits"
    files = Files()
    first, second, third = (files.add(b"x" * 40, "image/png") for _ in range(3))
    assert files.get(first.id) is None
    assert (files.get(second.id), files.get(third.id)) == (second, third)
    large = files.add(b"x" * 101, "image/png")
    assert files.get(large.id) is large
    assert files.get(third.id) is None


@pytest.mark.parametrize("kind", SAMPLES)
def test_samples_are_what_they_say(kind: str) -> None:
    starts = {
        "image": b"\xff\xd8\xff",
        "voice": b"OggS",
        "audio": b"ID3",
        "document": b"%PDF",
        "sticker": b"RIFF",
    }
    content = Files().add_sample(kind).content
    assert content[4:8] == b"ftyp" if kind == "video" else content.startswith(starts[kind])
