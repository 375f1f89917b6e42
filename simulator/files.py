"""Photos, voice notes and documents of both sides: in memory, the oldest dropped when there are too many."""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

MOST_BYTES = 160 * 1024 * 1024
LARGEST_FILE = 100 * 1024 * 1024
"""What WhatsApp takes at all, of any kind and from either side."""
LINK_SECONDS = 300
"""How long Meta's address of a file holds; after that the id must be asked again."""

SAMPLES = {
    "image": ("photo.jpg", "image/jpeg"),
    "video": ("clip.mp4", "video/mp4"),
    "voice": ("voice.ogg", "audio/ogg; codecs=opus"),
    "audio": ("song.mp3", "audio/mpeg"),
    "document": ("receipt.pdf", "application/pdf"),
    "sticker": ("sticker.webp", "image/webp"),
}


def bare_type(mime_type: str) -> str:
    """The media type without parameters, such as the codec of a voice note."""
    return mime_type.partition(";")[0].strip().lower()


@dataclass(frozen=True)
class StoredFile:
    """One file with the id that Graph knows it by."""

    id: str
    content: bytes = field(repr=False)
    mime_type: str
    filename: str | None
    is_uploaded: bool

    @property
    def sha256(self) -> bytes:
        """The digest, which webhooks give in base64 and Graph in hex."""
        return hashlib.sha256(self.content).digest()

    @property
    def sha256_base64(self) -> str:
        """As webhooks give it."""
        return base64.b64encode(self.sha256).decode()


class Files:
    """Every file there is. `is_uploaded` marks those of the business, which alone it may send."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._link_key = secrets.token_bytes(32)

    def add(
        self, content: bytes, mime_type: str, filename: str | None = None, *, is_uploaded: bool = False
    ) -> StoredFile:
        """Keep a file, and no more than fit beside it."""
        new = StoredFile(
            id=str(10**15 + secrets.randbelow(9 * 10**15)),
            content=content,
            mime_type=mime_type,
            filename=filename,
            is_uploaded=is_uploaded,
        )
        self._files[new.id] = new
        total = sum(len(file.content) for file in self._files.values())
        for old in list(self._files.values()):
            if total <= MOST_BYTES or old is new:
                break
            del self._files[old.id]
            total -= len(old.content)
        return new

    def add_sample(self, kind: str) -> StoredFile:
        """A small file of this kind, for who has none at hand."""
        filename, mime_type = SAMPLES[kind]
        content = (Path(__file__).parent / "samples" / filename).read_bytes()
        return self.add(content, mime_type, filename)

    def get(self, file_id: str) -> StoredFile | None:
        """The file, if it is still kept."""
        return self._files.get(file_id)

    def remove(self, file_id: str) -> None:
        """Forget one file."""
        self._files.pop(file_id, None)

    def forget(self) -> None:
        """Forget all of them."""
        self._files.clear()

    def link_query(self, file_id: str, life_seconds: float = LINK_SECONDS) -> dict[str, str]:
        """The query of an address that holds for so long."""
        until = str(int(time.time() + life_seconds))
        return {"mid": file_id, "source": "getMedia", "ext": until, "hash": self._link_hash(file_id, until)}

    def linked(self, query: dict[str, str]) -> StoredFile | None:
        """The file that such an address leads to, unless it is forged or too old."""
        file_id, until = query.get("mid", ""), query.get("ext", "")
        expected = self._link_hash(file_id, until)
        if not hmac.compare_digest(expected.encode(), query.get("hash", "").encode()):
            return None
        return self.get(file_id) if time.time() < int(until) else None

    def _link_hash(self, file_id: str, until: str) -> str:
        return hmac.new(self._link_key, f"{file_id}:{until}".encode(), hashlib.sha256).hexdigest()
