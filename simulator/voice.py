"""What a browser records, made into the voice note that a phone with WhatsApp would send."""

import io

import av

RECORDED = {
    "audio/webm": "matroska",
    "audio/mp4": "mov",
    "audio/ogg": "ogg",
}
"""Browsers' types, and how they are read."""


def as_voice_note(recording: bytes, media_type: str) -> bytes:
    """Opus in Ogg, one channel. Raises ValueError for what is no recording of a browser."""
    if media_type not in RECORDED:
        raise ValueError(f"a browser records no {media_type}")
    made = io.BytesIO()
    try:
        with (
            av.open(io.BytesIO(recording), "r", format=RECORDED[media_type]) as source,
            av.open(made, "w", format="ogg") as target,
        ):
            encoder = target.add_stream("libopus", rate=48_000)
            assert isinstance(encoder, av.AudioStream)  # what an audio codec makes
            encoder.layout, encoder.bit_rate = "mono", 24_000
            for sound in source.decode(audio=0):
                target.mux(encoder.encode(sound))
            target.mux(encoder.encode(None))
    except (av.FFmpegError, IndexError) as error:
        raise ValueError("it holds no sound") from error
    return made.getvalue()
