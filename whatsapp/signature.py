"""Is this body really from Meta? Source: WhatsApp webhooks, "Validating payloads"."""

import hmac

PREFIX = b"sha256="


def sign(body: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature-256` for these raw bytes."""
    return "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()


def is_signed(body: bytes, header: bytes, secret: str) -> bool:
    """Whether the header is the signature of exactly these bytes. Without a secret nothing is."""
    if not secret or not header.startswith(PREFIX):
        return False
    return hmac.compare_digest(sign(body, secret).encode(), header)
