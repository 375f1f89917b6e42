"""Is this body really from Meta? Source: WhatsApp webhooks, "Validating payloads"."""

import hmac
from functools import lru_cache

PREFIX = b"sha256="


def sign(body: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature-256` for these raw bytes."""
    # not hmac.digest: it lets go of the interpreter, and waits for a busy thread to get it back
    code = _keyed(secret).copy()
    code.update(body)
    return "sha256=" + code.hexdigest()


@lru_cache(maxsize=8)
def _keyed(secret: str) -> hmac.HMAC:
    return hmac.new(secret.encode(), digestmod="sha256")


def is_signed(body: bytes, header: bytes, secret: str) -> bool:
    """Whether the header is the signature of exactly these bytes. Without a secret nothing is."""
    if not secret or not header.startswith(PREFIX):
        return False
    return hmac.compare_digest(sign(body, secret).encode(), header)
