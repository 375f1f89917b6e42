"""What a customer's number lets one guess. A guess is shown as one, and never stored."""

from dataclasses import dataclass

import phonenumbers
from phonenumbers import timezone

UNKNOWN_TIMEZONE = "Etc/Unknown"

LANGUAGES = {
    "en": ("NG", "GH", "KE", "UG", "ZA", "ZM", "ZW", "SL", "LR", "GM", "GB", "IE", "US", "AU", "NZ"),
    "fr": ("BJ", "TG", "NE", "CI", "SN", "BF", "ML", "GN", "GA", "TD", "FR"),
    "pt": ("AO", "MZ", "GW", "CV", "BR", "PT"),
    "ar": ("EG", "SD", "LY", "TN", "AE", "SA"),
    "de": ("DE", "AT"),
    "es": ("ES", "MX", "CO", "AR"),
    "it": ("IT",),
}
"""The language in which offices of a country write to strangers. Countries with several have none here."""

BY_COUNTRY = {country: language for language, countries in LANGUAGES.items() for country in countries}


@dataclass(frozen=True)
class Guesses:
    """Empty where the number tells nothing, or several things."""

    country: str = ""
    language: str = ""
    timezone: str = ""


def from_number(digits: str | None) -> Guesses:
    """Country (ISO 3166), language (BCP 47) and time zone (IANA) of a number, as far as it tells them."""
    if not digits:
        return Guesses()
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return Guesses()
    country = phonenumbers.region_code_for_number(number) or ""
    zones = timezone.time_zones_for_number(number)
    zone = zones[0] if len(zones) == 1 and zones[0] != UNKNOWN_TIMEZONE else ""
    return Guesses(country, BY_COUNTRY.get(country, ""), zone)
