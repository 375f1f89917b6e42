from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatsapp.signature import is_signed, sign

SECRET = "test_app_secret"
BODY = b'{"entry": []}'


def test_a_signature_that_was_made_elsewhere() -> None:
    # printf '{"entry": []}' | openssl dgst -sha256 -hmac test_app_secret
    assert sign(BODY, SECRET) == "sha256=377fb291895c42ee1fdfadb0bd6e962a336be03c1de76e6fdf1c75d277120a2f"


@given(st.binary(), st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_was_signed_is_signed(body: bytes, secret: str) -> None:
    assert is_signed(body, sign(body, secret).encode(), secret)


@given(st.binary(min_size=1), st.data())
def test_one_changed_bit_breaks_it(body: bytes, data: st.DataObject) -> None:
    bit = data.draw(st.integers(0, len(body) * 8 - 1))
    changed = bytearray(body)
    changed[bit // 8] ^= 1 << bit % 8
    assert not is_signed(bytes(changed), sign(body, SECRET).encode(), SECRET)


def test_another_secret_breaks_it() -> None:
    assert not is_signed(BODY, sign(BODY, "another").encode(), SECRET)


def test_without_a_secret_nothing_is_signed() -> None:
    assert not is_signed(BODY, sign(BODY, "").encode(), "")


@given(st.binary())
def test_no_header_that_is_made_up_is_right(header: bytes) -> None:
    assert not is_signed(BODY, header, SECRET)


@pytest.mark.parametrize(
    "change",
    [
        lambda right: b"",
        lambda right: right.removeprefix(b"sha256="),
        lambda right: right.replace(b"sha256", b"sha1"),
        lambda right: right.replace(b"sha256", b"SHA256"),
        lambda right: right.upper(),
        lambda right: right[:-1],
        lambda right: right + b"0",
        lambda right: b" " + right,
        lambda right: right + b"\n",
        lambda right: right[:-1] + "é".encode(),
        lambda right: right[:-1] + b"\xff",
    ],
)
def test_only_the_very_header_is_right(change: Callable[[bytes], bytes]) -> None:
    right = sign(BODY, SECRET).encode()
    assert is_signed(BODY, right, SECRET)
    assert not is_signed(BODY, change(right), SECRET)
