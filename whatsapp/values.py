"""Reading JSON of which nothing is sure. What these give, both databases store and find whole."""

import base64
import binascii
import math
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

from whatsapp.payloads import Json

USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
"""A business-scoped user id; it is seen in the place of a phone number, too."""

CLOCK_SKEW = timedelta(minutes=10)

DEEPEST = 12
"""Levels that are kept of an object: MariaDB takes no more than 32 for JSON."""

MOST_PARTS = 200
LONGEST_KEY = 200
LONGEST_FILENAME = 255

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DECEPTIVE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb]"
)
"""Signs that turn the direction, hide, or look like nothing; the joiners within emoji and words stay."""

_NOT_IN_A_FILENAME = re.compile(r'[<>:"|?*]')


def clean_text(value: Any) -> str:
    """The value as a text that both databases store and find whole, or an empty one."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else ""


def short_text(value: Any, longest: int) -> str:
    """The same in one line without outer blanks, cut; nothing in it turns or hides what stands beside it.

    For names above all: a sign that turns the direction of writing can make one read as another.
    """
    words = " ".join(clean_text(value).split())
    return _DECEPTIVE.sub("", words).strip()[:longest]


def identifier(value: Any, longest: int) -> str | None:
    """An id of Meta's, which is never cut; None where it is none. Numbers are seen in the place of texts."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else clean_text(value)
    return text if 0 < len(text) <= longest else None


def objects(value: Any) -> list[Json]:
    """The objects of a list; one object counts as a list of it."""
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, dict)]


def integer(value: Any) -> int | None:
    """A whole number that an INTEGER column holds."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31 else None


def decimal(value: Any, largest: float) -> float | None:
    """A number, also one in a text, that is not larger than that in either direction."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(found) or abs(found) > largest:
        return None
    return int(found) if found.is_integer() else found


def phone_digits(value: Any) -> str | None:
    """A phone number as digits, with the country code as WhatsApp gives it; E.164 allows fifteen."""
    text = clean_text(value)
    digits = re.sub(r"[^0-9]", "", text)
    return digits if not USER_ID.fullmatch(text) and 5 <= len(digits) <= 15 else None


def user_id(value: Any) -> str | None:
    """A business-scoped user id."""
    text = clean_text(value)
    return text if USER_ID.fullmatch(text) else None


def meta_time(value: Any, received_at: datetime) -> datetime:
    """Meta's time in seconds, or ours where Meta's is missing, absurd or ahead of us."""
    try:
        told = datetime.fromtimestamp(int(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return received_at
    return received_at if told > received_at + CLOCK_SKEW or told.year < 2009 else told


def storable(value: Any, depth: int = DEEPEST) -> Any:
    """A copy for a JSON column: what is nested too deep, or too much of it, is left out."""
    match value:
        case str():
            return clean_text(value)
        case bool() | None:
            return value
        case int():
            return value if abs(value) < 2**53 else str(value)
        case float():
            return value if math.isfinite(value) else None
        case list() if depth:
            return [storable(each, depth - 1) for each in value[:MOST_PARTS]]
        case dict() if depth:
            parts = list(value.items())[:MOST_PARTS]
            return {clean_text(key)[:LONGEST_KEY]: storable(each, depth - 1) for key, each in parts}
        case _:
            return None


def sha256_hex(value: Any) -> str | None:
    """A SHA-256 as hex; WhatsApp gives it as base64 in webhooks and as hex elsewhere."""
    text = clean_text(value).strip()
    if re.fullmatch(r"[0-9A-Fa-f]{64}", text):
        return text.lower()
    try:
        digest = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (ValueError, binascii.Error):
        return None
    return digest.hex() if len(digest) == 32 else None


def safe_filename(value: Any) -> str | None:
    """A name that a stranger gave to a file: no path, no signs that turn or hide letters, not too long."""
    name = clean_text(value).replace("\\", "/").rpartition("/")[2]
    visible = "".join(each for each in name if unicodedata.category(each)[0] != "C")
    visible = _NOT_IN_A_FILENAME.sub("_", visible).strip(" .")
    if len(visible) > LONGEST_FILENAME:
        stem, dot, ending = visible.rpartition(".")
        has_ending = bool(stem) and len(ending) <= 10
        tail = dot + ending if has_ending else ""
        visible = (stem if has_ending else visible)[: LONGEST_FILENAME - len(tail)] + tail
    return visible or None
