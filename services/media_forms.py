"""A file with all that the desk makes of it, and how it is put into the store."""

import tempfile
from dataclasses import dataclass
from typing import IO

from config.database import utc_now
from models.media_file import MediaFile, MediaState
from services.media_conversion import Facts, Task, Unreadable, convert
from services.media_images import FORMATS
from services.media_storage import MediaStorage
from services.media_types import HEAD_BYTES, HTML, SVG, TAIL_BYTES, UNKNOWN, agrees, detect

NOT_PLAYED_EVERYWHERE = frozenset({"audio/ogg", "audio/amr", "audio/webm"})
"""An iPhone that is not new plays none of these."""

SOUND_OF = {
    "video/mp4": "audio/mp4",
    "video/3gpp": "audio/mp4",
    "video/quicktime": "audio/mp4",
    "video/webm": "audio/webm",
}
"""What a file of this beginning is if there is no picture in it."""


@dataclass(frozen=True)
class Forms:
    """What a file is by its content, and what was made of it. UNKNOWN where it is not what it says."""

    mime_type: str
    facts: Facts
    thumbnail: IO[bytes] | None = None
    playable: IO[bytes] | None = None

    def close(self) -> None:
        """Let go of the temporary files."""
        for file in (self.thumbnail, self.playable):
            if file is not None:
                file.close()


@dataclass(frozen=True)
class StoredForms:
    """Forms whose files are in the store, under these keys."""

    forms: Forms
    storage_key: str
    thumbnail_key: str | None
    playable_key: str | None

    @property
    def keys(self) -> set[str]:
        """All of them."""
        return {key for key in (self.storage_key, self.thumbnail_key, self.playable_key) if key}


def content_type(kind: str, name: str, file: IO[bytes]) -> str:
    """What the file is, for a message of this kind: UNKNOWN where its content is of another."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL_BYTES))
    found = detect(head, file.read(), name)
    if kind in ("audio", "voice") and found in SOUND_OF:
        try:
            pictures = convert("facts", found, file).video_codec
        except Unreadable:
            return UNKNOWN
        found = found if pictures else SOUND_OF[found]
    return found if agrees(kind, found) and found not in (HTML, SVG) else UNKNOWN


def make_forms(kind: str, name: str, file: IO[bytes]) -> Forms:
    """Look at the file and make its thumbnail or playable form; whatever is in it, this gives something."""
    mime_type = content_type(kind, name, file)
    if mime_type in FORMATS:
        return _made("thumbnail", mime_type, file)
    if mime_type.startswith("video/"):
        return _made("frame", mime_type, file)
    if mime_type in NOT_PLAYED_EVERYWHERE:
        forms = _made("playable", mime_type, file)
        return forms if forms.playable else _made("facts", mime_type, file)
    if mime_type.startswith("audio/"):
        return _made("facts", mime_type, file)
    return Forms(mime_type, Facts())


def store_forms(storage: MediaStorage, media_id: int, file: IO[bytes], forms: Forms) -> StoredForms:
    """Put the file and its forms into the store, before the row can say where they are."""
    return StoredForms(
        forms,
        storage.put(media_id, file),
        storage.put(media_id, forms.thumbnail) if forms.thumbnail else None,
        storage.put(media_id, forms.playable) if forms.playable else None,
    )


def note_stored(row: MediaFile, stored: StoredForms, size: int, sha256: str) -> None:
    """Write into the row where everything is. To be called inside an act."""
    facts = stored.forms.facts
    row.state, row.stored_at = MediaState.STORED, utc_now()
    row.error = row.next_attempt_at = None
    row.mime_type, row.size, row.sha256 = stored.forms.mime_type, size, sha256
    row.width, row.height, row.duration_ms = facts.width, facts.height, facts.duration_ms
    row.storage_key = stored.storage_key
    row.thumbnail_key, row.playable_key = stored.thumbnail_key, stored.playable_key


def _made(task: Task, mime_type: str, file: IO[bytes]) -> Forms:
    target = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the forms
    try:
        facts = convert(task, mime_type, file, target)
    except Unreadable:
        target.close()
        return Forms(UNKNOWN, Facts())
    if not facts.is_made:
        target.close()
        return Forms(mime_type, facts)
    if task == "playable":
        return Forms(mime_type, facts, playable=target)
    return Forms(mime_type, facts, thumbnail=target)
