"""Pictures that would take more memory than there is are told by their heads, and never decoded."""

import io
import struct
from typing import Any

import pytest
from PIL import Image, ImageFile

from services import media_images
from tests.pretend_media import photo, png_bomb

SIDE = 5000
SEQUENTIAL, PROGRESSIVE = b"\xff\xc0", b"\xff\xc2"


def claiming(jpeg: bytes) -> bytearray:
    """The same file, which says that it has 25 million pixels."""
    claims = bytearray(jpeg)
    at = max(jpeg.find(SEQUENTIAL), jpeg.find(PROGRESSIVE))
    claims[at + 5 : at + 9] = SIDE.to_bytes(2) * 2
    return claims


def in_parts() -> bytes:
    """Sequential, but its first scan holds one of the three components."""
    claims = claiming(photo(16, 16))
    at = claims.find(b"\xff\xda")
    claims[at + 2 : at + 14] = b"\x00\x08\x01\x01\x00\x00\x3f\x00"
    return bytes(claims)


def padded() -> bytes:
    """A head that is odd and that decoders take all the same."""
    return b"\xff\xd8\xff" + bytes(claiming(photo(16, 16))[2:])


def decoded(*_: Any, **__: Any) -> None:
    pytest.fail("it was decoded")


@pytest.mark.parametrize("task", [media_images.thumbnail, media_images.photo])
@pytest.mark.parametrize(
    ("mime_type", "content", "side"),
    [
        ("image/png", png_bomb(4000), 4000),
        ("image/jpeg", bytes(claiming(photo(16, 16, progressive=True))), SIDE),
        ("image/jpeg", in_parts(), SIDE),
        ("image/jpeg", padded(), SIDE),
    ],
    ids=["PNG without a note of its turning", "progressive", "in parts", "an odd head"],
)
def test_too_many_pixels_are_not_decoded(
    monkeypatch: pytest.MonkeyPatch, task: Any, mime_type: str, content: bytes, side: int
) -> None:
    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded)
    facts = task(mime_type, io.BytesIO(content), io.BytesIO())
    assert (facts["width"], facts["height"], facts["problem"]) == (side, side, "pixels")


@pytest.mark.parametrize("progressive", [False, True])
def test_a_large_photo_gets_its_thumbnail(progressive: bool) -> None:
    width, height = (4400, 4400) if progressive else (6000, 4000)
    target = io.BytesIO()
    content = photo(width, height, progressive=progressive)
    facts = media_images.thumbnail("image/jpeg", io.BytesIO(content), target)
    assert (facts["width"], facts["is_made"]) == (width, True)
    assert target.getvalue()[8:12] == b"WEBP"


ORIENTATION, SHORT, FLOAT, SIGNED = 0x0112, 3, 11, 9
NOT_A_NUMBER, MINUS_ONE = b"\0\0\xc0\x7f", b"\xff\xff\xff\xff"


@pytest.mark.parametrize("note", [(0x0100, FLOAT, 1, NOT_A_NUMBER), (0x0100, SIGNED, 1, MINUS_ONE)])
@pytest.mark.parametrize(("turn", "red_at"), [(3, "right"), (6, "top"), (8, "bottom")])
def test_an_odd_note_of_the_camera_spoils_no_photo_that_is_to_be_turned(
    note: tuple[int, int, int, bytes], turn: int, red_at: str
) -> None:
    notes = (note, (ORIENTATION, SHORT, 1, struct.pack("<HH", turn, 0)))
    tiff = b"II*\0\x08\0\0\0\x02\0" + b"".join(struct.pack("<HHL4s", *each) for each in notes) + bytes(4)
    camera = Image.new("RGB", (64, 32), "blue")
    camera.paste("red", (0, 0, 32, 32))
    content = io.BytesIO()
    camera.save(content, "JPEG", exif=b"Exif\0\0" + tiff)
    for task in (media_images.thumbnail, media_images.photo):
        target = io.BytesIO()
        assert task("image/jpeg", content, target)["is_made"]
        with Image.open(target) as shown:
            width, height = shown.size
            middles = {"right": (width - 8, 16), "top": (16, 8), "bottom": (16, height - 8)}
            x, y = middles[red_at]
            red, _, blue = shown.convert("RGB").crop((x, y, x + 1, y + 1)).tobytes()
            assert red > 200 > blue
