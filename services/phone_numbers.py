"""Phone numbers in every spelling people use, kept as digits with the country code."""

import phonenumbers

from services.errors import DeskError

HOME_REGION = "NG"

LONGEST_NUMBER = 15
"""In digits, with the country code: the limit of E.164, which some countries' own rules exceed."""


class InvalidPhoneNumber(DeskError):
    """The text is no phone number."""

    code = "invalid_phone_number"

    def __init__(self) -> None:
        super().__init__("This is not a phone number; write it as 0803 123 4567 or +234 803 123 4567.")


def normalise(spelling: str) -> str:
    """`0803…`, `+234 803…`, `00234…` and `234803…` are one number: 234803…. Raises InvalidPhoneNumber."""
    text = spelling.strip()
    if text.startswith("00"):
        text = "+" + text[2:]
    digits = "".join(str(int(each)) for each in text if each.isdecimal())
    abroad, home = (f"+{digits}", None), (text, HOME_REGION)
    # eleven digits and more without a leading zero carry a country code whose plus was left out
    has_country_code = text.startswith("+") or (len(digits) > 10 and not digits.startswith("0"))
    candidates = [abroad, home] if has_country_code else [home]
    for check in (phonenumbers.is_valid_number, phonenumbers.is_possible_number):
        for candidate, region in candidates:
            try:
                number = phonenumbers.parse(candidate, region)
            except phonenumbers.NumberParseException:
                continue
            if str(number.national_number) not in digits:
                continue  # letters were read as keys, which nobody means; whose number came out nobody knows
            spelt = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
            if check(number) and len(spelt) <= LONGEST_NUMBER:
                return spelt
    raise InvalidPhoneNumber


def readable(digits: str | None) -> str | None:
    """A number as people of its country write it for others abroad: +234 803 123 4567."""
    if not digits:
        return None
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return f"+{digits}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
