"""What a file is, by its content: names and announcements come from outside and may say anything. Pure."""

import re
from pathlib import PurePosixPath

from whatsapp.values import LONGEST_FILENAME, safe_filename

UNKNOWN = "application/octet-stream"
HTML, SVG, TEXT, ZIP, OLE = "text/html", "image/svg+xml", "text/plain", "application/zip", "application/x-ole"
HEAD_BYTES = 4096
TAIL_BYTES = 65_536

_WORD, _EXCEL, _POWERPOINT = (
    f"application/vnd.openxmlformats-officedocument.{part}"
    for part in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/bmp": (".bmp",),
    "image/avif": (".avif",),
    "image/heic": (".heic", ".heif"),
    "audio/aac": (".aac",),
    "audio/amr": (".amr",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a", ".mp4"),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/wav": (".wav",),
    "audio/webm": (".webm", ".weba"),
    "video/mp4": (".mp4", ".m4v"),
    "video/3gpp": (".3gp", ".3gpp"),
    "video/quicktime": (".mov",),
    "video/webm": (".webm",),
    "application/pdf": (".pdf",),
    "application/msword": (".doc",),
    "application/vnd.ms-excel": (".xls",),
    "application/vnd.ms-powerpoint": (".ppt",),
    _WORD: (".docx",),
    _EXCEL: (".xlsx",),
    _POWERPOINT: (".pptx",),
    TEXT: (".txt", ".csv", ".log", ".md"),
    ZIP: (".zip",),
}
"""The endings that agree with a type; the first is the one to give."""

_BEGINNINGS = (
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF....WEBP", "image/webp"),
    (rb"RIFF....WAVE", "audio/wav"),
    (rb"BM....\x00\x00\x00\x00", "image/bmp"),
    (rb"....ftyp(?:heic|heix|hevc|mif1|msf1)", "image/heic"),
    (rb"....ftypavi[fs]", "image/avif"),
    (rb"....ftyp3g[pgr2]", "video/3gpp"),
    (rb"....ftypM4[AB] ", "audio/mp4"),
    (rb"....ftypqt  ", "video/quicktime"),
    (rb"....ftyp", "video/mp4"),
    (rb"OggS\x00", "audio/ogg"),
    (rb"ID3[\x02-\x04]", "audio/mpeg"),
    (rb"\xff[\xf0\xf1\xf8\xf9]", "audio/aac"),
    (rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", "audio/mpeg"),
    (rb"#!AMR(?:-WB)?\n", "audio/amr"),
    (rb"\x1a\x45\xdf\xa3", "video/webm"),
    (rb"%PDF-", "application/pdf"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (rb"PK\x03\x04", ZIP),
)
_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|meta|\?xml|svg)\b", re.IGNORECASE)


def detect(head: bytes, tail: bytes, name: str = "") -> str:
    """The MIME type, from the first HEAD_BYTES and the last TAIL_BYTES.

    `name` only tells Microsoft's old formats apart, which begin alike. Of MP4 and WebM only a look at their
    streams can tell whether they hold a picture; here they are called video.
    """
    found = next((kind for start, kind in _BEGINNINGS if re.match(start, head, re.DOTALL)), None)
    if found == ZIP:
        return _office(head + tail)
    if found == OLE:
        ending = PurePosixPath(name).suffix.lower()
        old = ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint")
        return next((kind for kind in old if ending in ENDINGS[kind]), UNKNOWN)
    return found or _text(head)


def agrees(kind: str, detected: str) -> bool:
    """Whether a file of this content may pass for a message of this kind. A document may be anything."""
    if kind == "sticker":
        return detected == "image/webp"
    family = "audio/" if kind == "voice" else f"{kind}/"
    return kind == "document" or (detected.startswith(family) and detected != SVG)


def safe_name(name: str | None, mime_type: str, fallback: str) -> str:
    """A harmless name to save a file under, not too long, with an ending that agrees with its content.

    What pretends to be of another type gets the right ending behind its own.
    """
    kept = safe_filename(name) or fallback
    endings = ENDINGS.get(mime_type, (".bin",))
    if kept.lower().endswith(endings):
        return kept
    return f"{kept[: LONGEST_FILENAME - len(endings[0])]}{endings[0]}"


def _office(text: bytes) -> str:
    if b"[Content_Types].xml" in text:
        for folder, kind in ((b"word/", _WORD), (b"xl/", _EXCEL), (b"ppt/", _POWERPOINT)):
            if folder in text:
                return kind
    return ZIP


def _text(head: bytes) -> str:
    if re.search(rb"[\x00-\x08\x0e-\x1f]", head):
        return UNKNOWN
    try:
        head.decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or len(head) < HEAD_BYTES:
            return UNKNOWN
    if not _MARKUP.search(head):
        return TEXT
    return SVG if re.search(rb"<\s*svg\b", head, re.IGNORECASE) else HTML
