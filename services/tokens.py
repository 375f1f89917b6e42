"""Random tokens: whoever has one is who it stands for, and the database keeps only their hashes."""

import hashlib
import secrets


def new_token() -> str:
    """A token of 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token: it cannot be guessed, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
