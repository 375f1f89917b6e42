"""The process in which files from strangers are decoded: `python -m services.media_child <task> <mime type>`.

The file comes on the standard input and what is made of it goes to the standard output, both regular files;
the facts are the last line of the standard error, as JSON. It knows no settings and no secrets.
"""

import json
import os
import sys
import warnings
from collections.abc import Callable
from typing import IO, Any

from services import media_images, media_sound

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 60
OUTPUT_BYTES = 128 * 1024 * 1024

TASKS: dict[str, Callable[[str, IO[bytes], IO[bytes]], dict[str, Any]]] = {
    "thumbnail": media_images.thumbnail,
    "photo": media_images.photo,
    "facts": media_sound.facts,
    "frame": media_sound.frame,
    "playable": media_sound.playable,
    "video": media_sound.video,
    "voice": media_sound.voice,
}


def _limit_itself() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not everywhere

    os.nice(10)  # the desk's answers come first
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def main() -> None:
    """Do the one task that the command line names."""
    _limit_itself()
    warnings.simplefilter("ignore")  # of files that are a little odd
    task, mime_type = sys.argv[1:]
    with os.fdopen(0, "rb", closefd=False) as source, os.fdopen(1, "w+b", closefd=False) as target:
        facts = TASKS[task](mime_type, source, target)
        target.flush()
    sys.stderr.write(f"\n{json.dumps(facts)}\n")


if __name__ == "__main__":
    main()
