import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatsapp.values import decimal, identifier, safe_filename, sha256_hex, storable

DIGEST = bytes(range(32))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(st.characters()), parts),
)


@pytest.mark.parametrize(
    ("told", "hexadecimal"),
    [
        (base64.b64encode(DIGEST).decode(), DIGEST.hex()),
        (base64.urlsafe_b64encode(b"\xff" * 32).decode(), "ff" * 32),
        (DIGEST.hex(), DIGEST.hex()),
        (DIGEST.hex().upper(), DIGEST.hex()),
        (base64.b64encode(DIGEST[:31]).decode(), None),
        ("", None),
        ("not base64!", None),
        ("é" * 44, None),
        (7, None),
        (None, None),
    ],
)
def test_a_digest_is_hex_however_it_is_told(told: Any, hexadecimal: str | None) -> None:
    assert sha256_hex(told) == hexadecimal


@pytest.mark.parametrize(
    ("told", "safe"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("a\x00b\nc.txt", "a\N{REPLACEMENT CHARACTER}bc.txt"),
        ('a<b>"c|d?.txt', "a_b__c_d_.txt"),
        (".htaccess", "htaccess"),
        ("..", None),
        ("/", None),
        ("", None),
        (None, None),
        ("ọrọ ayé.docx", "ọrọ ayé.docx"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("x" * 300, "x" * 255),
    ],
)
def test_a_strangers_name_for_a_file_is_made_harmless(told: Any, safe: str | None) -> None:
    assert safe_filename(told) == safe


@pytest.mark.parametrize(
    ("told", "number"),
    [(1, 1), (1.5, 1.5), ("52.5", 52.5), (90, 90), (-90, -90), (90.1, None), (True, None), ("x", None),
     ("nan", None), (float("inf"), None), (10**400, None), (None, None), ([], None)],
)  # fmt: skip
def test_a_number_is_one_within_bounds(told: Any, number: float | None) -> None:
    assert decimal(told, 90) == number


@pytest.mark.parametrize(("told", "found"), [("1", "1"), (1, "1"), (True, None), ("", None), ("x" * 9, None)])
def test_an_id_is_never_cut(told: Any, found: str | None) -> None:
    assert identifier(told, 8) == found


@given(JSON)
def test_what_is_storable_is_json_and_stays_as_it_is(value: Any) -> None:
    stored = storable(value)
    json.dumps(stored, allow_nan=False, ensure_ascii=False).encode()
    assert storable(stored) == stored
