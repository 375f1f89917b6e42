"""Pictures, made small. Runs in a process of its own (media_conversion), for they come from strangers."""

from typing import IO, Any

from PIL import Image, ImageOps

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
    image.draft("RGB", (side, side))
    most = MOST_PIXELS_WEBP if image.format == "WEBP" else MOST_PIXELS
    if image.width * image.height > most:
        raise TooManyPixels
    has_alpha = image.has_transparency_data
    if image.mode.startswith(("I", "F")):  # 16 bits a channel
        image = image.convert("I").point([each >> 8 for each in range(65_536)], "L")
    image.thumbnail((side, side), reducing_gap=3.0)
    upright = ImageOps.exif_transpose(image)
    return upright.convert("RGBA" if has_alpha else "RGB")


def _facts(image: Image.Image) -> dict[str, Any]:
    width, height = image.size
    if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):  # turned by 90 degrees
        width, height = height, width
    return {
        "width": width,
        "height": height,
        "mode": image.mode,
        "is_animated": bool(getattr(image, "is_animated", False)),
    }
