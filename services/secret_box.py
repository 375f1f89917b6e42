"""Secrets that the database keeps and must not know: AES-GCM under a key that follows from SECRET_KEY."""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from config.settings import get_settings
from services.errors import DeskError

VERSION = "v1"
NONCE_BYTES = 12


class WrongSecretKey(DeskError):
    """What was encrypted under another SECRET_KEY, or for another row, cannot be read."""

    status = 500
    code = "wrong_secret_key"

    def __init__(self) -> None:
        super().__init__(
            "A secret was encrypted under another SECRET_KEY. Bring that key back, or run "
            "`python cli.py rotate-secret` with it."
        )


def seal(plain: str, place: str, key: str | None = None) -> str:
    """The text, encrypted. `place` says where it is kept: moved to another row it can't be opened."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_key(key)).encrypt(nonce, plain.encode(), place.encode())
    return f"{VERSION}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, place: str, key: str | None = None) -> str:
    """The text that was sealed for this place. Raises WrongSecretKey."""
    version, _, encoded = sealed.partition(".")
    try:
        raw = base64.urlsafe_b64decode(encoded)
        if version != VERSION or len(raw) <= NONCE_BYTES:
            raise WrongSecretKey
        return AESGCM(_key(key)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, ValueError):
        raise WrongSecretKey from None


def _key(secret_key: str | None) -> bytes:
    secret = secret_key or get_settings().secret_key.get_secret_value()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"chat-support secrets v1").derive(
        secret.encode()
    )
