"""Thumbnails, voice notes for every phone, photos that WhatsApp takes.

Decoders meet what strangers made, and some files are made to break them: so they run in a process of their
own with little memory, little time and no secrets. One that dies takes only its own file's thumbnail along.
"""

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import IO, Any, Literal

import structlog

from config.settings import ROOT

Task = Literal["thumbnail", "photo", "facts", "frame", "playable", "video", "voice"]

AT_ONCE = 2
SECONDS = 120.0

log = structlog.get_logger()
_places = threading.BoundedSemaphore(AT_ONCE)


class Unreadable(Exception):
    """It cannot be decoded, or not within the limits."""


@dataclass(frozen=True)
class Facts:
    """What was found out about a file. `is_made`: the target holds what was asked for.

    `problem` says why not: `pixels`, more of them than are decoded; `size`, it cannot be made small enough.
    `has_place`: it tells, or may tell, where it was taken.
    """

    is_made: bool = False
    problem: str | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    mode: str = ""
    is_animated: bool = False
    has_place: bool = False
    video_codec: str | None = None
    audio_codecs: tuple[str, ...] = ()
    channels: int = 0


def convert(task: Task, mime_type: str, source: IO[bytes], target: IO[bytes] | None = None) -> Facts:
    """Read `source` from its beginning and write what the task makes of it. Both are real files.

    Raises Unreadable. Waits while others convert.
    """
    source.seek(0)
    command = [sys.executable, "-m", "services.media_child", task, mime_type]
    environment = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    with _places:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, and a type of our own table
                command,
                stdin=source,
                stdout=target or subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=ROOT,
                env=environment,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            log.warning("media.conversion_too_slow", task=task, mime_type=mime_type)
            raise Unreadable from None
    last = done.stderr.strip().rpartition(b"\n")[2]
    if done.returncode != 0:
        kind = last.partition(b":")[0].decode(errors="replace")[:80]  # of the error, without its text
        log.warning("media.unreadable", task=task, mime_type=mime_type, status=done.returncode, error=kind)
        raise Unreadable
    if target is not None:
        target.seek(0)
    return _facts(json.loads(last))


def _facts(found: dict[str, Any]) -> Facts:
    return Facts(**found | {"audio_codecs": tuple(found.get("audio_codecs", ()))})
