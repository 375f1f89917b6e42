"""The phone API's acts on what is there: files, reactions, edits, removals, a new number."""

import asyncio
import re
import time
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from simulator.files import LARGEST_FILE, bare_type
from simulator.identifiers import digits_of, user_id_for
from simulator.people import Attachment, Customer, MediaKind, Message, Thread
from simulator.phone_deps import InExchange, get_message, get_thread
from simulator.phone_messages import file_content
from simulator.voice import as_voice_note
from simulator.webhook_payloads import system_value
from simulator.world import NumberTaken

EDIT_SECONDS = 15 * 60
DELETE_SECONDS = 2 * 24 * 3600
VOICE_NOTE = "audio/ogg; codecs=opus"
SHOWN_IN_PAGES = ("image/jpeg", "image/png", "image/webp", "image/gif", "video/", "audio/")
"""Anything else might bring scripts, and is downloaded."""

ONE_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})?")
RAW_BODY = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}

router = APIRouter()


class NewReaction(BaseModel):
    """Empty takes it back."""

    emoji: str = Field(max_length=32)


class NewWords(BaseModel):
    """What the message says from now on."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=65_536)]


class NewNumber(BaseModel):
    """The number after the change; without one the person goes on as somebody with a user name alone."""

    phone_number: str | None = None


@router.post("/files", status_code=201, openapi_extra={"requestBody": RAW_BODY})
async def add_file(
    request: Request,
    exchange: InExchange,
    kind: MediaKind,
    filename: Annotated[str, Query(max_length=200)] = "",
) -> Attachment:
    """A file that the customer is going to send; the raw body, with its media type as Content-Type."""
    content = await request.body()
    if not content:
        raise HTTPException(422, "The file is empty.")
    if len(content) > LARGEST_FILE:
        raise HTTPException(413, "WhatsApp takes files of up to 100 MB.")
    mime_type = request.headers.get("content-type", "application/octet-stream")
    if kind == "voice":
        try:
            content = await asyncio.to_thread(as_voice_note, content, bare_type(mime_type))
        except ValueError as error:
            raise HTTPException(422, f"That cannot be sent as a voice note: {error}.") from None
        mime_type = VOICE_NOTE
    file = exchange.world.files.add(content, mime_type, filename or None)
    return Attachment(
        id=file.id, kind=kind, mime_type=file.mime_type, filename=file.filename, size=len(content)
    )


@router.get("/files/{file_id}", response_class=Response)
async def get_file(
    file_id: str,
    exchange: InExchange,
    filename: str = "file",
    wanted: Annotated[str, Header(alias="Range")] = "",
) -> Response:
    """A file of either side, to be shown in the chat or saved under this name.

    Players ask for one range at a time (RFC 9110, 14.2); anything else gets the whole file.
    """
    file = exchange.world.files.get(file_id)
    if file is None:
        raise HTTPException(404, "The file is no longer kept.")
    media_type = bare_type(file.mime_type)
    is_shown = media_type.startswith(SHOWN_IN_PAGES)
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600"}
    if not is_shown:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
    status, content = 200, file.content
    if found := ONE_RANGE.fullmatch(wanted):
        first, last = int(found[1]), min(int(found[2] or len(content) - 1), len(content) - 1)
        if first > last:
            raise HTTPException(416, "The file is shorter than that.")
        headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
        status, content = 206, content[first : last + 1]
    headers["Accept-Ranges"] = "bytes"
    media_type = media_type if is_shown else "application/octet-stream"
    return Response(content, status, headers, media_type)


@router.post("/customers/{customer_id}/messages/{message_id}/reaction")
async def react(
    new: NewReaction,
    message: Annotated[Message, Depends(get_message)],
    thread: Annotated[Thread, Depends(get_thread)],
    exchange: InExchange,
) -> Message:
    """The customer puts an emoji on a message, or takes it back."""
    message.reactions.customer = new.emoji or None
    exchange.world.changed(thread, message)
    reaction = {"message_id": message.id} | ({"emoji": new.emoji} if new.emoji else {})
    exchange.report(thread, {"type": "reaction", "reaction": reaction})
    return message


@router.post("/customers/{customer_id}/messages/{message_id}/edit")
async def edit(
    new: NewWords,
    message: Annotated[Message, Depends(get_message)],
    thread: Annotated[Thread, Depends(get_thread)],
    exchange: InExchange,
) -> Message:
    """The customer changes the words of a text or a caption, within fifteen minutes."""
    _check_own(message, EDIT_SECONDS, "be edited for fifteen minutes")
    content: dict[str, object]
    match message.type:
        case "text":
            content = {"type": "text", "text": {"body": new.text}}
        case "image" | "video" | "document":
            file = exchange.world.files.get((message.media and message.media.id) or "")
            if file is None:
                raise HTTPException(409, "The file is no longer kept.")
            content = {"type": message.type, message.type: file_content(file) | {"caption": new.text}}
        case _:
            raise HTTPException(409, "Only words can be edited.")
    message.text, message.is_edited = new.text, True
    exchange.world.changed(thread, message)
    changed = {"original_message_id": message.id, "message": {"context": {"id": "M0"}} | content}
    exchange.report(thread, {"type": "edit", "edit": changed})
    return message


@router.delete("/customers/{customer_id}/messages/{message_id}")
async def delete(
    message: Annotated[Message, Depends(get_message)],
    thread: Annotated[Thread, Depends(get_thread)],
    exchange: InExchange,
) -> Message:
    """The customer deletes an own message for everyone, within two days."""
    _check_own(message, DELETE_SECONDS, "be deleted for two days")
    message.text, message.media, message.place, message.cards = "", None, None, []
    message.is_deleted = True
    exchange.world.changed(thread, message)
    exchange.report(thread, {"type": "revoke", "revoke": {"original_message_id": message.id}})
    return message


@router.post("/customers/{customer_id}/messages/{message_id}/played")
async def play(
    message: Annotated[Message, Depends(get_message)],
    thread: Annotated[Thread, Depends(get_thread)],
    exchange: InExchange,
) -> Message:
    """The customer listens to a voice note of the business."""
    if message.author != "business" or message.media is None or message.media.kind != "voice":
        raise HTTPException(409, "Only voice notes of the business are reported as played.")
    exchange.play(thread, message)
    return message


@router.post("/customers/{customer_id}/number")
async def change_number(
    new: NewNumber, thread: Annotated[Thread, Depends(get_thread)], exchange: InExchange
) -> Customer:
    """The customer moves to another number, which also makes the user id another."""
    customer, before = thread.customer, thread.customer.model_copy()
    digits = digits_of(new.phone_number) if new.phone_number else None
    if new.phone_number and digits is None:
        raise HTTPException(422, "Write the number with its country code, such as +234 803 555 0142.")
    try:
        exchange.world.set_number(
            customer, digits, user_id_for(f"{before.user_id}>{digits}@{time.time_ns()}")
        )
    except NumberTaken:
        raise HTTPException(409, "Another customer has this number.") from None
    exchange.webhooks.add(customer.id, system_value(before, customer))
    return customer


def _check_own(message: Message, seconds: int, allowed: str) -> None:
    if message.author != "customer" or message.is_deleted:
        raise HTTPException(409, "Only an own message can be changed.")
    if time.time() - message.at > seconds:
        raise HTTPException(409, f"A message can {allowed}.")
