"""Graph and Meta's store of files, as a real HTTP server; and the files that the tests send through it."""

import array
import asyncio
import base64
import fractions
import hashlib
import io
import json
import math
import struct
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import av
from aiohttp import web
from PIL import Image

from tests.pretend_graph import PretendGraph


@dataclass(frozen=True)
class File:
    """A file at Meta."""

    content: bytes
    mime_type: str = "image/jpeg"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def sha256_base64(self) -> str:
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


@dataclass(frozen=True)
class Upload:
    """A file as the desk brought it."""

    number: str
    mime_type: str
    field_type: str
    filename: str
    content: bytes


Order = str | None
"""How a step goes wrong: a status such as "404", or "timeout", "hang up", "truncated", "wrong"; "url:…" and
"redirect:…" lead elsewhere, "pieces" is an answer in two,
"unmeasured" does not say how long the file is, "id:…" is the id of an upload.
None: it goes well."""


@dataclass
class PretendMedia(PretendGraph):
    """`describe` and `download` get a media id and the number of the request for it, from 1."""

    files: dict[str, File] = field(default_factory=dict)
    describe: Callable[[str, int], Order] = lambda media_id, number: None
    download: Callable[[str, int], Order] = lambda media_id, number: None
    upload: Callable[[int], Order] = lambda number: None
    asked: Counter[str] = field(default_factory=Counter)
    downloaded: Counter[str] = field(default_factory=Counter)
    queries: list[dict[str, str]] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)
    uploads: list[Upload] = field(default_factory=list)

    def _add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/{version}/{number}/media", self._upload)
        router.add_get("/lookaside/{media_id}", self._download)

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if "phone_number_id" not in request.query:
            return await super()._get(request)
        media_id = request.match_info["path"]
        self.asked[media_id] += 1
        self.queries.append(dict(request.query))
        self.tokens.add(request.headers.get("Authorization"))
        order = self.describe(media_id, self.asked[media_id])
        file = self.files[media_id]
        url = f"{self.url}/lookaside/{media_id}?hash=AR%2Finvented%3D"
        if order and order.startswith("url:"):
            url, order = order.removeprefix("url:"), None
        answer = {
            "messaging_product": "whatsapp",
            "url": url,
            "mime_type": file.mime_type,
            "sha256": file.sha256,
            "file_size": str(len(file.content)),
            "id": media_id,
        }
        if order == "pieces":
            return await _in_pieces(request, answer)
        if order is not None:
            return await self._go_wrong(request, order)
        return web.json_response(answer)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        media_id = request.match_info["media_id"]
        self.downloaded[media_id] += 1
        self.tokens.add(request.headers.get("Authorization"))
        order = self.download(media_id, self.downloaded[media_id])
        content = self.files[media_id].content
        if order == "wrong":
            content = content[:-1] + bytes([content[-1] ^ 1])
        elif order in ("truncated", "unmeasured"):
            is_whole = order == "unmeasured"
            length = {} if is_whole else {"Content-Length": str(len(content))}
            response = web.StreamResponse(headers=length)
            await response.prepare(request)
            await response.write(content if is_whole else content[: len(content) // 2])
            assert request.transport is not None
            if not is_whole:
                request.transport.close()
            return response
        elif order is not None:
            return await self._go_wrong(request, order)
        return web.Response(body=content, content_type="application/octet-stream")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        assert form["messaging_product"] == "whatsapp"
        self.tokens.add(request.headers.get("Authorization"))
        number = request.match_info["number"]
        made = Upload(number, file.content_type, str(form["type"]), file.filename, file.file.read())
        self.uploads.append(made)
        order = self.upload(len(self.uploads)) or f"id:9{len(self.uploads):015d}"
        if order.startswith("id:"):
            return web.json_response({"id": order.removeprefix("id:")})
        if order == "pieces":
            return await _in_pieces(request, {"id": f"9{len(self.uploads):015d}"})
        return await self._go_wrong(request, order)

    async def _go_wrong(self, request: web.Request, order: str) -> web.StreamResponse:
        if order.startswith("redirect:"):
            return web.Response(status=302, headers={"Location": order.removeprefix("redirect:")})
        while order == "timeout":
            await asyncio.sleep(0.02)
            if request.transport is None or request.transport.is_closing():
                return web.Response()
        if order == "hang up":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        code = {"401": 190, "400": 100, "404": 100, "429": 4}.get(order, 131000)
        error: dict[str, Any] = {"message": f"(#{code})", "type": "OAuthException", "code": code}
        return web.json_response({"error": error}, status=int(order))


async def _in_pieces(request: web.Request, answer: dict[str, str]) -> web.StreamResponse:
    """As a network may deliver it: the second half comes a moment after the first."""
    body = json.dumps(answer).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for piece in (body[: len(body) // 2], body[len(body) // 2 :]):
        await response.write(piece)
        await asyncio.sleep(0.05)
    return response


def photo(
    width: int = 640,
    height: int = 480,
    *,
    gps: bool = False,
    file_format: str = "JPEG",
    progressive: bool = False,
) -> bytes:
    """A picture with noise in it; with GPS, also with the place where it was taken, lying on its side."""
    image = Image.effect_noise((width, height), 40).convert("RGB")
    exif = Image.Exif()
    if gps:
        exif[0x0112], exif[0x010F] = 6, "CanaryCam"
        exif.get_ifd(0x8825).update({1: "N", 2: (6.0, 27.0, 14.4), 3: "E", 4: (3.0, 23.0, 42.0)})
    made = io.BytesIO()
    image.save(made, file_format, exif=exif, **({"progressive": True} if progressive else {}))
    return made.getvalue()


def png_bomb(side: int = 12_000) -> bytes:
    """A PNG of a hundred and some kilobytes that holds 144 million pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side + 1)) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def sound(file_format: str = "ogg", codec: str = "libopus", layout: str = "mono", seconds: int = 2) -> bytes:
    """A tone."""
    rate, made = 48_000, io.BytesIO()
    size = rate // 50 * (2 if layout == "stereo" else 1)
    with av.open(made, "w", format=file_format) as container:
        stream = container.add_stream(codec, rate=rate)
        assert isinstance(stream, av.AudioStream)
        stream.layout = layout
        for step in range(seconds * 50):
            frame = av.AudioFrame(format="s16", layout=layout, samples=rate // 50)
            frame.sample_rate, frame.pts, frame.time_base = (
                rate,
                step * rate // 50,
                fractions.Fraction(1, rate),
            )
            wave = array.array("h", [int(8000 * math.sin((step * size + i) / 20)) for i in range(size)])
            frame.planes[0].update(wave.tobytes())
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return made.getvalue()


def video(codec: str = "libx264", file_format: str = "mp4", *, location: str = "") -> bytes:
    """Two seconds of noise, without sound; `location` is the camera's note of the place."""
    made = io.BytesIO()
    with av.open(made, "w", format=file_format) as container:
        if location:
            container.metadata["location"] = location
        stream = container.add_stream(codec, rate=5)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _ in range(10):
            picture = Image.effect_noise((320, 240), 60).convert("RGB")
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
    return made.getvalue()


def on_its_side(mp4: bytes) -> bytes:
    """The video as a phone that was held upright writes it: to be turned by 90 degrees when it is shown."""
    matrix = mp4.index(b"tkhd") + 44
    turned = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)
    return mp4[:matrix] + turned + mp4[matrix + len(turned) :]
