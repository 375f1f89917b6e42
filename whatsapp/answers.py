"""What Graph answers, read as if anybody had written it: what these give, both databases store."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from whatsapp.payloads import Json, as_object
from whatsapp.values import clean_text, identifier, integer

LONGEST_DETAIL = 1000
LONGEST_ID = 255
"""What the columns for ids of messages and of files hold."""


class TooLong(aiohttp.ClientError):
    """An answer that is longer than any of Graph's: whatever speaks there, it is not read to its end."""


async def whole(response: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    """The body of the answer, in however many pieces it comes. Raises TooLong and what else breaks it off."""
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > most_bytes:
            raise TooLong
    return bytes(body)


def parsed(body: bytes) -> Json:
    """The object that the body is, or an empty one."""
    try:
        return as_object(json.loads(body))
    except (ValueError, RecursionError):
        return {}


def told(body: bytes) -> Json | None:
    """The object that says what was asked for; None for the page of a network that wants a login, say."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) and "error" not in answer else None


def id_of(answer: Any) -> str | None:
    """The id of what Graph took, or None where there is none that could be kept."""
    return identifier(clean_text(as_object(answer).get("id")), LONGEST_ID)


def error_of(answer: Json) -> Json | None:
    """The error, or None where Graph did not write it: its errors have a code.

    Of somebody who could not be blocked or unblocked it stands with them; the answer's own says no more than
    that it does.
    """
    failed = first(as_object(answer.get("block_users")), "failed_users")
    for error in (first(failed, "errors"), as_object(answer.get("error"))):
        if integer(error.get("code")) is not None:
            return error
    return None


def first(answer: Json, key: str) -> Json:
    """The first of the list, or an empty object."""
    values = answer.get(key)
    return as_object(values[0] if isinstance(values, list) and values else None)


def details_of(error: Json) -> str:
    """Graph's own words."""
    details = clean_text(as_object(error.get("error_data")).get("details"))
    return (details or clean_text(error.get("message")))[:LONGEST_DETAIL]


def asked_wait(headers: Mapping[str, str]) -> float:
    """The seconds after which Graph wants to be asked again; 0 where it names none."""
    asked = headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() else 0.0
