"""Graph's media calls: files go up as a form, and come down in two steps, by id and then by address."""

import asyncio
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.exchange import Exchange
from simulator.files import LARGEST_FILE, Files, StoredFile, bare_type
from simulator.form_data import read_form
from simulator.graph_errors import GraphError
from simulator.misbehaviour import MediaMisbehaviour

KB, MB = 1024, 1024 * 1024
LARGEST = {
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * MB),
    **dict.fromkeys(("image/jpeg", "image/png"), 5 * MB),
    **dict.fromkeys(("video/mp4", "video/3gpp"), 16 * MB),
    "image/webp": 100 * KB,
    "text/plain": LARGEST_FILE,
    "application/pdf": LARGEST_FILE,
    "application/msword": LARGEST_FILE,
    "application/vnd.ms-excel": LARGEST_FILE,
    "application/vnd.ms-powerpoint": LARGEST_FILE,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": LARGEST_FILE,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": LARGEST_FILE,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": LARGEST_FILE,
}
"""Bytes by media type, from Meta's list of supported media."""
LARGEST_ANIMATED_STICKER = 500 * KB
LOOKASIDE = "lookaside/whatsapp_business/attachments/"


async def upload(request: Request, files: Files) -> Response:
    """`POST /{phone_number_id}/media`. Raises GraphError 100 or 131053."""
    try:
        form = read_form(request.headers.get("content-type", ""), await request.body())
    except ValueError as error:
        raise GraphError(100, f"The form cannot be read: {error}.") from None
    product, file = form.get("messaging_product"), form.get("file")
    if product is None or product.content != b"whatsapp":
        raise GraphError(100, message="(#100) The parameter messaging_product is required.")
    if file is None:
        raise GraphError(100, message="(#100) The parameter file is required.")
    mime_type = file.content_type or ""
    if bare_type(mime_type) not in LARGEST:
        raise GraphError(
            100,
            message="(#100) Param file must be a file with one of the following types: "
            f"{', '.join(LARGEST)}. Received file of type '{mime_type}'.",
        )
    _check_size(file.content, bare_type(mime_type))
    stored = files.add(file.content, mime_type, file.filename, is_uploaded=True)
    return JSONResponse({"id": stored.id})


def describe(request: Request, file: StoredFile, files: Files) -> Response:
    """`GET /{media_id}`: what it is, and an address that holds for five minutes."""
    root = request.url.replace(path=f"{request.scope['root_path']}/{LOOKASIDE}", query="")
    address = f"{root}?{urlencode(files.link_query(file.id))}"
    return JSONResponse(
        {
            "messaging_product": "whatsapp",
            "url": address,
            "mime_type": file.mime_type,
            "sha256": file.sha256.hex(),
            "file_size": len(file.content),
            "id": file.id,
        }
    )


async def download(request: Request, exchange: Exchange) -> Response:
    """`GET` of that address; 404 once it is too old."""
    how = exchange.webhooks.misbehaviour.for_next_file()
    await asyncio.sleep(how.delay_ms / 1000)
    file = exchange.world.files.linked(dict(request.query_params))
    if file is None or how.problem == "missing":
        return Response(status_code=404)
    if how.problem == "unavailable":
        return Response(status_code=503)
    return Response(_content(file, how), media_type=file.mime_type)


def _content(file: StoredFile, how: MediaMisbehaviour) -> bytes:
    if how.problem == "truncated":
        return file.content[: len(file.content) // 2]
    if how.problem == "altered":
        return file.content[:-1] + bytes([file.content[-1] ^ 1])
    return file.content


def _check_size(content: bytes, media_type: str) -> None:
    if not content:
        raise GraphError(131053, "The file is empty.")
    largest = LARGEST[media_type]
    # The flags of an extended WebP say whether it moves.
    if media_type == "image/webp" and content[12:16] == b"VP8X" and content[20] & 0x02:
        largest = LARGEST_ANIMATED_STICKER
    if len(content) > largest:
        raise GraphError(131053, f"A file of type {media_type} may have at most {largest} bytes.")
