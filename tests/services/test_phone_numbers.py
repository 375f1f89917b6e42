import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.phone_numbers import InvalidPhoneNumber, normalise

SPELLINGS = [
    "08031234567", "0803 123 4567", "0803-123-4567", "(0803) 123-4567", "0803.123.4567", " 08031234567 ",
    "8031234567", "+2348031234567", "+234 803 123 4567", "+234 (0) 803 123 4567", "002348031234567",
    "00 234 803 123 4567", "2348031234567", "234 803 123 4567", "23408031234567", "+23408031234567",
    "\u200e+234 803 123 4567",
    "٠٨٠٣١٢٣٤٥٦٧", "\uff10\uff18\uff10\uff13\uff11\uff12\uff13\uff14\uff15\uff16\uff17", "tel:+2348031234567",
    "0803 123 4567 ext. 12",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_the_same_number(spelling: str) -> None:
    assert normalise(spelling) == "2348031234567"


@pytest.mark.parametrize(
    ("spelling", "number"),
    [
        ("+49 1555 0203344", "4915550203344"),
        ("4915550203344", "4915550203344"),
        ("+1 201 555 0123", "12015550123"),
        ("12015550123", "12015550123"),
        ("+44 7400 123456", "447400123456"),
        ("+233 24 123 4567", "233241234567"),
        ("+55 11 91234-5678", "5511912345678"),
    ],
)
def test_numbers_of_other_countries(spelling: str, number: str) -> None:
    assert normalise(spelling) == number


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "0", "00", "+", "++", "123", "0803", "+234", "+2348", "9" * 30, "08031234567" * 3,
     "@ada", "-", "\x00", "\ud800", "ada@example.com", "+999 1234567890",
     "+4910000000000000", "0803-FLOWERS", "+1 800 FLOWERS"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidPhoneNumber):
        normalise(text)


@settings(deadline=None)
@given(st.one_of(st.text(), st.text("+0123456789 -()", max_size=20)))
def test_any_text_gives_digits_or_is_refused(text: str) -> None:
    try:
        number = normalise(text)
    except InvalidPhoneNumber:
        return
    assert number.isascii()
    assert number.isdigit()
    assert 5 <= len(number) <= 15
    assert not number.startswith("0")


@settings(deadline=None)
@given(st.sampled_from("70 80 81 90 91".split()), st.integers(0, 99_999_999))
def test_what_was_kept_is_kept_again(prefix: str, rest: int) -> None:
    number = f"234{prefix}{rest:08}"
    assert normalise(number) == normalise(f"0{number[3:]}") == normalise(f"+{number}") == number
