"""What Meta's answers mean, and what to do about them. Pure."""

from collections.abc import Mapping

NOT_ALLOWED = {3, 10, *range(200, 300)}
NO_TOKEN = {0, 102, 190}

PERMISSIONS = "the permissions whatsapp_business_messaging and whatsapp_business_management"

NAME_STATES = {
    "PENDING_REVIEW": "its name is in review",
    "DECLINED": "its name was declined",
    "EXPIRED": "its name has expired",
    "NONE": "it has no approved name",
}


def token_words(code: int | None, words: str) -> tuple[str | None, str]:
    """What is wrong and what helps; None where the refusal was not about the token."""
    if code in NO_TOKEN:
        return (
            "WhatsApp refuses the access token: it is wrong or has expired.",
            f"Make a permanent one at Meta (System users), with {PERMISSIONS}; set WHATSAPP_ACCESS_TOKEN.",
        )
    if code in NOT_ALLOWED:
        return (
            "The access token may not do what the desk needs.",
            f"Give its system user the account, and the token {PERMISSIONS}.",
        )
    if code is None:
        return (
            f"WhatsApp cannot be reached ({words}).",
            "Check this server's way into the internet, and WHATSAPP_API_BASE_URL if you have set it.",
        )
    return None, ""


def number_words(number: Mapping[str, str | None]) -> tuple[str, str]:
    """How the number stands, and what is to be done; nothing to do where it can be used."""
    shown = (
        f"{number['display_phone_number'] or 'The number'} is {number['verified_name'] or 'without a name'}"
    )
    if number["verification"] not in (None, "VERIFIED"):
        return (
            f"{shown}, but nobody has proven that it is yours.",
            "Verify the number in WhatsApp Manager: Meta sends it a code.",
        )
    if number["mode"] == "SANDBOX":
        return (
            f"{shown}, a test number that reaches five people at most.",
            "Add your own number in WhatsApp Manager and set WHATSAPP_PHONE_NUMBER_ID to its id.",
        )
    name_state = NAME_STATES.get(number["name_status"] or "")
    if name_state:
        return f"{shown}, but {name_state}.", "Look at the number's display name in WhatsApp Manager."
    if number["quality_rating"] == "RED":
        return (
            f"{shown}, and its quality is low: many people blocked or reported it.",
            "Write only to who wants it, or Meta will lower the number's limit.",
        )
    return f"{shown}, and it can be used.", ""
