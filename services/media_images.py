"""Pictures, made small. Runs in a process of its own (media_conversion), for they come from strangers."""

from typing import IO, Any

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/avif": "AVIF",
}
THUMBNAIL_SIDE = 320
PHOTO_SIDES = (2560, 1600)
PHOTO_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 12_500_000
"""Of what is decoded, so that it takes less than 200 MB. A file of a few kilobytes can claim billions."""

MOST_PIXELS_WEBP = 6_000_000  # its decoder keeps several copies

MOST_PIXELS_IN_SCANS = 20_000_000
"""Of a JPEG in several scans: its decoder keeps every number of it, however small it is to come."""

ORIENTATION = 0x0112
"""The camera's note of how it was held."""

PLACE = 0x8825
"""Its notes of where it was."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class TooManyPixels(Exception):
    """The picture is not decoded."""


def thumbnail(mime_type: str, source: IO[bytes], target: IO[bytes]) -> dict[str, Any]:
    """A WebP of at most 320 pixels a side, without what the camera noted down; the facts of the whole."""
    with _open(mime_type, source) as image:
        facts = _facts(image)
        try:
            save_thumbnail(_decoded(image, THUMBNAIL_SIDE), target)
        except TooManyPixels:
            return facts | {"problem": "pixels"}
    return facts | {"is_made": True}


def photo(mime_type: str, source: IO[bytes], target: IO[bytes]) -> dict[str, Any]:
    """A JPEG that WhatsApp takes, as large as it may be. Transparent parts become white."""
    for side in PHOTO_SIDES:
        source.seek(0)
        with _open(mime_type, source) as image:
            try:
                small = _decoded(image, side)
            except TooManyPixels:
                return _facts(image) | {"problem": "pixels"}
        small.thumbnail((side, side))
        flat = Image.new("RGB", small.size, "white")
        flat.paste(small, mask=small if small.mode == "RGBA" else None)
        for quality in (88, 75):
            target.seek(0)
            target.truncate()
            flat.save(target, "JPEG", quality=quality, optimize=True)
            if target.tell() <= PHOTO_BYTES:
                return {"width": flat.width, "height": flat.height, "is_made": True}
    return {"problem": "size"}


def save_thumbnail(image: Image.Image, target: IO[bytes]) -> None:
    """Write the picture small, its pixels alone."""
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    bare.save(target, "WEBP", quality=70, method=4)


def _open(mime_type: str, source: IO[bytes]) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None  # `_decoded` looks for itself, after a JPEG was told to come small
    return Image.open(source, formats=[FORMATS[mime_type]])


def _decoded(image: Image.Image, side: int) -> Image.Image:
    if _pixels(image) > MOST_PIXELS_IN_SCANS and isinstance(image, JpegImageFile) and not _is_one_scan(image):
        raise TooManyPixels
    image.draft("RGB", (side, side))
    if _pixels(image) > (MOST_PIXELS_WEBP if image.format == "WEBP" else MOST_PIXELS):
        raise TooManyPixels
    has_alpha = image.has_transparency_data
    if image.mode.startswith(("I", "F")):  # 16 bits a channel
        image = image.convert("I").point([each >> 8 for each in range(65_536)], "L")
    image.thumbnail((side, side), reducing_gap=3.0)
    turn = _TURNS.get(image.getexif().get(ORIENTATION, 1))
    # not ImageOps.exif_transpose: it writes the camera's notes anew, and an odd one would spoil the picture
    upright = image if turn is None else image.transpose(turn)
    return upright.convert("RGBA" if has_alpha else "RGB")


def _pixels(image: Image.Image) -> int:
    return image.width * image.height


def _is_one_scan(image: JpegImageFile) -> bool:
    """Of a file whose head is plain. A head that is not, or a progressive one, says no."""
    source = image.fp
    assert source is not None  # it is open
    source.seek(2)
    components = b""
    while len(head := source.read(4)) == 4 and head[0] == 0xFF:
        rest = int.from_bytes(head[2:]) - 2
        if head[1] == 0xDA:  # the first scan begins
            return source.read(1) == components
        part = source.read(rest) if head[1] in (0xC0, 0xC1) else b""  # sequential: size and components
        components = part[5:6] or components
        source.seek(rest - len(part), 1)
    return False


def _facts(image: Image.Image) -> dict[str, Any]:
    width, height = image.size
    if _is_turned(image):
        width, height = height, width
    return {
        "width": width,
        "height": height,
        "mode": image.mode,
        "is_animated": bool(getattr(image, "is_animated", False)),
        "has_place": PLACE in _notes(image) or b"GPSL" in image.info.get("xmp", b""),
    }


def _is_turned(image: Image.Image) -> bool:
    """By 90 degrees."""
    return _notes(image).get(ORIENTATION, 1) in (5, 6, 7, 8)


def _notes(image: Image.Image) -> Image.Exif:
    """The camera's. A PNG that has none ahead of its pixels is decoded to look behind them."""
    if image.format == "PNG" and "exif" not in image.info and _pixels(image) > MOST_PIXELS:
        return Image.Exif()
    return image.getexif()
