"""Voices and videos. Runs in a process of its own (media_conversion), for they come from strangers."""

from typing import IO, Any

import av
from av.container import InputContainer

from services.media_images import MOST_PIXELS, THUMBNAIL_SIDE, save_thumbnail

DEMUXERS = {
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/webm": "matroska",
    "video/mp4": "mov",
    "video/3gpp": "mov",
    "video/quicktime": "mov",
    "video/webm": "matroska",
}
"""Named, never guessed: some formats are lists of other files to open."""

MUXERS = {"video/mp4": "mp4", "video/3gpp": "3gp"}
"""For the videos that WhatsApp takes."""

COVER_ART = 0x400
"""A picture that stands beside the sound, as the flags of a stream say it."""

LONGEST_MS = 2**31
"""Days and days, and what the column holds. A damaged file says anything of its length."""


def facts(mime_type: str, source: IO[bytes], _target: IO[bytes]) -> dict[str, Any]:
    """What it holds and how long it is."""
    with _open(mime_type, source) as container:
        return _facts(container)


def frame(mime_type: str, source: IO[bytes], target: IO[bytes]) -> dict[str, Any]:
    """The facts, and of a video the first picture as a small WebP."""
    with _open(mime_type, source) as container:
        found = _facts(container)
        if not container.streams.video:
            return found
        stream = container.streams.video[0]
        stream.thread_count = 1
        if stream.width * stream.height > MOST_PIXELS:
            return found | {"problem": "pixels"}
        picture = next(container.decode(stream))
        scale = min(1.0, THUMBNAIL_SIDE / max(picture.width, picture.height, 1))
        small = picture.reformat(max(2, int(picture.width * scale)), max(2, int(picture.height * scale)))
        image = small.to_image().rotate(picture.rotation, expand=True)
        if picture.rotation % 180:
            found |= {"width": found["height"], "height": found["width"]}
        save_thumbnail(image, target)
    return found | {"is_made": True}


def video(mime_type: str, source: IO[bytes], target: IO[bytes]) -> dict[str, Any]:
    """The same pictures and sound, without what the camera noted down or measured beside them."""
    with _open(mime_type, source) as container, av.open(target, "w", format=MUXERS[mime_type]) as made:
        copies = {
            each.index: made.add_stream_from_template(each)
            for each in container.streams
            if isinstance(each, av.VideoStream | av.AudioStream) and not each.disposition & COVER_ART
        }
        for packet in container.demux():
            if packet.stream.index in copies and packet.dts is not None:
                packet.stream = copies[packet.stream.index]
                made.mux(packet)
        return _facts(container) | {"is_made": bool(copies)}


def playable(mime_type: str, source: IO[bytes], target: IO[bytes]) -> dict[str, Any]:
    """The sound as an MP3, which every browser and phone plays."""
    return _transcode(mime_type, source, target, ("mp3", "libmp3lame", 24_000, 40_000))


def voice(mime_type: str, source: IO[bytes], target: IO[bytes]) -> dict[str, Any]:
    """The sound as a voice note of WhatsApp: Opus in Ogg, one channel."""
    return _transcode(mime_type, source, target, ("ogg", "libopus", 48_000, 24_000))


def _transcode(
    mime_type: str, source: IO[bytes], target: IO[bytes], into: tuple[str, str, int, int]
) -> dict[str, Any]:
    muxer, codec, rate, bits = into
    with _open(mime_type, source) as container, av.open(target, "w", format=muxer) as made:
        found = _facts(container)
        encoder = made.add_stream(codec, rate=rate)
        assert isinstance(encoder, av.AudioStream)  # what an audio codec makes
        encoder.layout, encoder.bit_rate = "mono", bits
        samples = 0
        for sound in container.decode(audio=0):
            samples += sound.samples * 1000 // max(sound.sample_rate, 1)
            made.mux(encoder.encode(sound))
        made.mux(encoder.encode(None))
    # a browser's recording does not say how long it is
    return found | {"duration_ms": found["duration_ms"] or samples, "is_made": samples > 0}


def _open(mime_type: str, source: IO[bytes]) -> InputContainer:
    return av.open(source, "r", format=DEMUXERS[mime_type], metadata_errors="replace")


def _facts(container: InputContainer) -> dict[str, Any]:
    pictures = [each for each in container.streams.video if not each.disposition & COVER_ART]
    sounds = container.streams.audio
    milliseconds = (container.duration or 0) // 1000
    found: dict[str, Any] = {
        "duration_ms": milliseconds if 0 < milliseconds < LONGEST_MS else None,
        "video_codec": pictures[0].codec_context.name if pictures else None,
        "audio_codecs": [each.codec_context.name for each in sounds],
        "channels": sounds[0].channels if sounds else 0,
        "has_place": bool(container.streams.data) or any("location" in each for each in container.metadata),
    }
    return found | ({"width": pictures[0].width, "height": pictures[0].height} if pictures else {})
